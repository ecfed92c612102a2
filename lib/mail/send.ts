import "server-only";
import { env } from "../env";
import { catchMail } from "./mailbox";
import { type Mail, MailNotSent, sendBySmtp } from "./smtp";

/** Whether this server can send mail, or catches it in the embedded mailbox. */
export const canSendMail = (): boolean => env().smtp !== undefined || env().hasMailbox;

/**
 * Sends a message: by SMTP, or without a mail server into the mailbox of the embedded Supabase.
 *
 * @throws MailNotSent if it couldn't be sent; its message quotes nothing of the mail
 */
export async function sendMail({ to, subject, text }: Mail): Promise<void> {
  const { smtp, hasMailbox } = env();
  if (smtp) return sendBySmtp(smtp, { to, subject, text });
  if (!hasMailbox) throw new MailNotSent("No mail server is set up.");
  await catchMail({ to, subject, text });
}
