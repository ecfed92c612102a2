import type { Metadata } from "next";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { NarrowPage } from "@/components/layout/NarrowPage";
import { Button } from "@/components/vault/ui/button";
import { CardContent, CardDescription, CardHeader } from "@/components/vault/ui/card";
import { isAboutLink, readNotice } from "@/lib/auth/notices";
import { PENDING_INVITE } from "@/lib/auth/pending-invite";
import { getSession } from "@/lib/auth/session";
import { signedIn } from "@/lib/vault/session/session";
import { readKept } from "./flash";
import { codeHref } from "./href";
import { LoginForm } from "./LoginForm";
import { NoticeAlert } from "./NoticeAlert";
import { afterSignIn, INVITE, readNext } from "./next";

type Search = { searchParams: Promise<Record<string, string>> };

export async function generateMetadata({ searchParams }: Search): Promise<Metadata> {
  return { title: (await searchParams).mode === "sign-up" ? "Create your account" : "Sign in" };
}

export default async function LoginPage({ searchParams }: Search) {
  const parameters = await searchParams;
  const asked = readNext(parameters);
  const isInvited = (await cookies()).has(PENDING_INVITE);
  const next = asked.next === undefined && isInvited ? { next: INVITE } : asked;
  const notice = readNotice(parameters.notice);
  // With a notice to show, it does not matter who is asking if the auth server cannot say.
  const session = await (notice ? getSession().catch(() => null) : getSession());
  if (session?.isCodeMissing && !notice) redirect(codeHref(next));
  const user = signedIn(session);
  // The others are about somebody who is not signed in.
  if (user && !(notice && isAboutLink(notice))) redirect(afterSignIn(next));
  const mode = parameters.mode === "sign-up" ? "sign-up" : "sign-in";
  return (
    <NarrowPage>
      {user ? (
        <>
          <CardHeader>
            <h1 className="text-lg font-semibold leading-tight">You're signed in</h1>
            <CardDescription className="[overflow-wrap:anywhere]">{user.email}</CardDescription>
          </CardHeader>
          <CardContent className="flex flex-col gap-4">
            <NoticeAlert name={notice} isSignedIn />
            <Button asChild>
              <a href={afterSignIn(next)}>
                {next.next === INVITE ? "Open your invitation" : "Go to your dashboard"}
              </a>
            </Button>
          </CardContent>
        </>
      ) : (
        <>
          <CardHeader>
            <h1 className="text-lg font-semibold leading-tight">
              {mode === "sign-up" ? "Create your account" : "Sign in"}
            </h1>
            <CardDescription>
              {next.next === INVITE
                ? "Sign in to see your invitation and join the team."
                : "Bring your own API keys, and see what they're used for."}
            </CardDescription>
          </CardHeader>
          <CardContent className="flex flex-col gap-4">
            <NoticeAlert name={notice} />
            <LoginForm key={mode} mode={mode} next={next} initial={await readKept(mode)} />
          </CardContent>
        </>
      )}
    </NarrowPage>
  );
}
