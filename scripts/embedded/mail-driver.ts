import type { EmailDriver } from "@supabase/lite";
import type { SmtpSettings } from "../../lib/mail/settings.ts";
import { type Mail, sendBySmtp } from "../../lib/mail/smtp.ts";
import { textOf } from "./mail-text.ts";
import { messageOf } from "./problem.ts";

/**
 * Takes the auth server's mails, and makes plain text of their pages. Lite's own text has another link, to an address
 * that the app does not have; and in its pages, what people enter as a new address stands without escapes.
 *
 * @param deliver is not waited for. Only people who have an account are sent a link, so that the time that a mail
 *   server takes, or its refusal, would tell who has one.
 */
export function mailDriver(deliver: (mail: Mail) => void): EmailDriver {
  return {
    send: async ({ to, subject, text = "", html }) =>
      deliver({ to, subject, text: html ? textOf(html) : text }),
  };
}

/**
 * Sends mails on by SMTP, without waiting for any of them.
 *
 * @param report receives a line for each mail that couldn't be sent, without its content
 */
export function postBySmtp(settings: SmtpSettings, report: (line: string) => void): (mail: Mail) => void {
  return (mail) => {
    sendBySmtp(settings, mail).catch((error) => report(`! ${messageOf(error)}`));
  };
}
