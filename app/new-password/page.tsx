import type { Metadata } from "next";
import { readKept } from "@/app/login/flash";
import { NarrowPage } from "@/components/layout/NarrowPage";
import { Button } from "@/components/vault/ui/button";
import { CardContent, CardDescription, CardHeader } from "@/components/vault/ui/card";
import { hasApp } from "@/lib/auth/code";
import { readReset } from "@/lib/auth/reset";
import { NewPasswordForm } from "./NewPasswordForm";

export const metadata: Metadata = { title: "New password" };

/** Where the button of a link leads that lets its person choose a new password. */
export default async function NewPasswordPage() {
  const reset = await readReset();
  return (
    <NarrowPage>
      {reset ? (
        <>
          <CardHeader>
            <h1 className="text-lg font-semibold leading-tight [overflow-wrap:anywhere]">
              New password for {reset.user.email}
            </h1>
            <CardDescription>
              This signs you out everywhere. Then sign in with the new password.
            </CardDescription>
          </CardHeader>
          <CardContent>
            <NewPasswordForm
              email={reset.user.email}
              asksCode={reset.isCodeMissing && hasApp(reset.factors)}
              initial={await readKept("new-password")}
            />
          </CardContent>
        </>
      ) : (
        <>
          <CardHeader>
            <h1 className="text-lg font-semibold leading-tight">This page has expired</h1>
            <CardDescription>
              Your link has expired or was already used. Request a new one to choose a new password.
            </CardDescription>
          </CardHeader>
          <CardContent className="flex flex-col gap-4">
            <Button asChild>
              <a href="/forgot-password">Request a new link</a>
            </Button>
            <Button asChild variant="outline">
              <a href="/login">Back to sign-in</a>
            </Button>
          </CardContent>
        </>
      )}
    </NarrowPage>
  );
}
