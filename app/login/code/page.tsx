import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { NarrowPage } from "@/components/layout/NarrowPage";
import { Alert, AlertDescription } from "@/components/vault/ui/alert";
import { Button } from "@/components/vault/ui/button";
import { CardContent, CardDescription, CardHeader } from "@/components/vault/ui/card";
import { hasApp } from "@/lib/auth/code";
import { getSession } from "@/lib/auth/session";
import { readKept } from "../flash";
import { loginHref } from "../href";
import { afterSignIn, readNext } from "../next";
import { CodeForm } from "./CodeForm";

export const metadata: Metadata = { title: "Enter your code" };

/** The second step of signing in, for somebody whose password was right and who has a second factor. */
export default async function CodePage({ searchParams }: { searchParams: Promise<Record<string, string>> }) {
  const next = readNext(await searchParams);
  const session = await getSession();
  if (!session) redirect(loginHref("sign-in", next));
  if (!session.isCodeMissing) redirect(afterSignIn(next));
  return (
    <NarrowPage>
      <CardHeader>
        <h1 className="text-lg font-semibold leading-tight">Enter your code</h1>
        <CardDescription className="[overflow-wrap:anywhere]">
          One more step to sign in as {session.user.email}.
        </CardDescription>
      </CardHeader>
      <CardContent className="flex flex-col gap-4">
        {hasApp(session.factors) ? (
          <CodeForm next={next} initial={await readKept("code")} />
        ) : (
          <Alert>
            <AlertDescription>
              <p>
                This site accepts only codes from authenticator apps, and your account uses a different second
                factor. Ask the operator of this site to reset it.
              </p>
            </AlertDescription>
          </Alert>
        )}
        <form method="post" action="/api/auth/sign-out" className="flex justify-center">
          <Button type="submit" variant="link" className="h-auto p-0">
            Use a different account
          </Button>
        </form>
      </CardContent>
    </NarrowPage>
  );
}
