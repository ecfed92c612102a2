import { setTimeout as sleep } from "node:timers/promises";
import { linkIn } from "../../scripts/embedded/mail-text.ts";
import { TEST_SECRET_KEY } from "./keys.ts";
import { APP_URL, NO_PLATFORM_KEY_URL, SUPABASE_URL } from "./ports.ts";

interface ReceivedMail {
  to: string;
  subject: string;
  text: string;
  /** Its first link to a page of an app of the tests; empty where there is none. */
  link: string;
}

/**
 * Waits until the embedded Supabase has caught a mail to this address, and takes the newest. Give every test its own
 * address: the mailbox keeps the last 50 mails of all of them.
 *
 * @param subject its subject, or a part of it
 * @param after a mail that came before, if there may be one: then a newer one is waited for
 */
export async function waitForMail(to: string, subject = "", after?: ReceivedMail): Promise<ReceivedMail> {
  for (;;) {
    const mail = (await mailsTo(to)).find((each) => each.subject.includes(subject));
    if (mail && mail.text !== after?.text) return mail;
    await sleep(50);
  }
}

/** The mails to an address that were caught, newest first. */
export async function mailsTo(to: string): Promise<ReceivedMail[]> {
  const reply = await fetch(`${SUPABASE_URL}/mailbox`, { headers: { apikey: TEST_SECRET_KEY } });
  if (!reply.ok) throw new Error(`The mailbox answers ${reply.status}.`);
  const mails: Omit<ReceivedMail, "link">[] = await reply.json();
  return mails
    .filter((mail) => mail.to.toLowerCase() === to.toLowerCase())
    .map((mail) => ({ ...mail, link: linkOf(mail.text) }));
}

const linkOf = (text: string) => linkIn(text, APP_URL) ?? linkIn(text, NO_PLATFORM_KEY_URL) ?? "";
