import type { Metadata } from "next";
import { z } from "zod";
import { readKept } from "@/app/login/flash";
import { NarrowPage } from "@/components/layout/NarrowPage";
import { Button } from "@/components/vault/ui/button";
import { CardContent, CardDescription, CardHeader } from "@/components/vault/ui/card";
import { env } from "@/lib/env";
import { ForgotPasswordForm } from "./ForgotPasswordForm";

type Search = { searchParams: Promise<Record<string, string>> };

const isSent = async (searchParams: Search["searchParams"]) => (await searchParams).sent === "true";

export async function generateMetadata({ searchParams }: Search): Promise<Metadata> {
  return { title: (await isSent(searchParams)) ? "Check your e-mail" : "Forgot your password?" };
}

/** The way back in for somebody who has forgotten their password. It says the same whether there is an account or not. */
export default async function ForgotPasswordPage({ searchParams }: Search) {
  const kept = await readKept("forgot-password");
  return (
    <NarrowPage>
      {(await isSent(searchParams)) ? (
        <Sent email={kept.email} />
      ) : (
        <>
          <CardHeader>
            <h1 className="text-lg font-semibold leading-tight">Forgot your password?</h1>
            <CardDescription>
              Enter your e-mail address, and we'll send you a link to choose a new password. Your keys won't
              change.
            </CardDescription>
          </CardHeader>
          <CardContent>
            <ForgotPasswordForm initial={kept} />
          </CardContent>
        </>
      )}
    </NarrowPage>
  );
}

function Sent({ email: kept }: { email: string | undefined }) {
  const { hasMailbox } = env();
  // From a cookie: what is no address has no place in a sentence of ours.
  const email = z.email().safeParse(kept).data;
  return (
    <>
      <CardHeader>
        <h1 className="text-lg font-semibold leading-tight">Check your e-mail</h1>
        <CardDescription className="[overflow-wrap:anywhere]">
          If there's an account for {email ?? "this address"}, an e-mail with a link is on its way. The link
          works once.
        </CardDescription>
      </CardHeader>
      <CardContent className="flex flex-col gap-4 text-sm">
        {hasMailbox ? <OnThisMachine /> : <NoMail />}
        <Button asChild variant="outline">
          <a href="/forgot-password">Request another link</a>
        </Button>
        <Button asChild variant="outline">
          <a href="/login">Back to sign-in</a>
        </Button>
      </CardContent>
    </>
  );
}

const NoMail = () => (
  <p>
    No e-mail after a few minutes? Check your spam folder, and make sure the address is spelled correctly.
  </p>
);

/** Where the embedded Supabase catches mails. */
const OnThisMachine = () => (
  <p>
    E-mail doesn't leave this machine: the link is in the terminal where Command Center runs
    {process.env.NODE_ENV === "development" && (
      <>
        {" and at "}
        <a href="/dev/mail" className="underline underline-offset-4">
          /dev/mail
        </a>
      </>
    )}
    . No link? Make sure the address is spelled correctly.
  </p>
);
