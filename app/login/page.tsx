import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Logo } from "@/components/layout/Logo";
import { Card, CardContent, CardDescription, CardHeader } from "@/components/vault/ui/card";
import { getSessionUser } from "@/lib/auth/session";
import { LoginForm } from "./LoginForm";
import { afterSignIn, INVITE, readNext } from "./next";

export const metadata: Metadata = { title: "Sign in" };

const NOTICES: Record<string, string> = {
  confirmed: "Your e-mail address is confirmed. Sign in.",
  expired: "The link has expired or was used before. Sign in, or sign up again for a new one.",
};

export default async function LoginPage({ searchParams }: { searchParams: Promise<Record<string, string>> }) {
  const parameters = await searchParams;
  const next = readNext(parameters);
  if (await getSessionUser()) redirect(afterSignIn(next));
  const mode = parameters.mode === "sign-up" ? "sign-up" : "sign-in";
  const notice = Object.keys(NOTICES).find((name) => name in parameters);
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center gap-6 px-4 py-10">
      <Logo className="self-center" />
      <Card>
        <CardHeader>
          <h1 className="text-lg font-semibold leading-tight">
            {mode === "sign-up" ? "Create your account" : "Sign in"}
          </h1>
          <CardDescription>
            {next.next === INVITE
              ? "Then you see your invitation, and join the team."
              : "Bring your own API keys, and see what they are used for."}
          </CardDescription>
        </CardHeader>
        <CardContent>
          <LoginForm key={mode} mode={mode} next={next} notice={notice && NOTICES[notice]} />
        </CardContent>
      </Card>
    </main>
  );
}
