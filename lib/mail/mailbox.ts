import "server-only";
import { env } from "../env";
import { MailNotSent } from "./smtp";

/** A mail that was caught instead of sent; see scripts/embedded/mailbox.ts. */
export interface CaughtMail {
  to: string;
  subject: string;
  text: string;
  /** When it was caught, ISO 8601. */
  at: string;
}

/** The mailbox of the embedded Supabase is on the same machine. */
const PATIENCE_MS = 5_000;

async function askMailbox(init: RequestInit): Promise<Response> {
  const { url, secretKey } = env().supabase;
  const reply = await fetch(`${url}/mailbox`, {
    ...init,
    headers: { apikey: secretKey },
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch(() => null);
  if (!reply?.ok) throw new MailNotSent("The mailbox of the embedded Supabase didn't answer.");
  return reply;
}

/**
 * Puts a mail into the mailbox of the embedded Supabase.
 *
 * @throws MailNotSent
 */
export async function catchMail(mail: Pick<CaughtMail, "to" | "subject" | "text">): Promise<void> {
  await askMailbox({ method: "POST", body: JSON.stringify(mail) });
}

/**
 * The mails caught since the start, newest first.
 *
 * @throws MailNotSent
 */
export async function caughtMails(): Promise<CaughtMail[]> {
  return (await askMailbox({})).json();
}
