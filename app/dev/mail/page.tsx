import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { MailList } from "@/components/dev/MailList";
import { RefreshOnReturn } from "@/components/dev/RefreshOnReturn";
import { Logo } from "@/components/layout/Logo";
import { env } from "@/lib/env";
import { caughtMails } from "@/lib/mail/mailbox";

export const metadata: Metadata = { title: "Caught mail" };

/**
 * The mails that the embedded Supabase caught, in development. Their links open accounts, so anyone who comes under another
 * name of this machine, as a foreign page could by DNS, finds nothing here.
 */
export default async function MailPage() {
  const { hasMailbox, isDevelopment, siteOrigin } = env();
  const { host } = new URL(siteOrigin);
  if (!hasMailbox || !isDevelopment || (await headers()).get("host") !== host) notFound();
  const mails = await caughtMails();
  return (
    <main
      id="content"
      tabIndex={-1}
      className="mx-auto flex w-full max-w-3xl flex-col gap-5 px-4 py-8 sm:px-6"
    >
      <RefreshOnReturn />
      <Logo />
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div>
          <h1 className="text-xl font-semibold tracking-tight">Caught mail</h1>
          <p className="text-sm text-muted-foreground">
            No e-mail leaves your machine. The last 50 messages are kept here until you stop the app.
          </p>
        </div>
        <a className="text-sm underline underline-offset-4" href="/dev/mail">
          Refresh
        </a>
      </div>
      <MailList mails={mails} origin={siteOrigin} />
    </main>
  );
}
