import type { EmailDriver } from "@supabase/lite";
import { type Mail, sendBySmtp } from "../../lib/mail/smtp.ts";
import type { SmtpSettings } from "../../lib/smtp-settings.ts";
import { textOf } from "./mail-text.ts";
import { messageOf } from "./problem.ts";

/**
 * Takes the auth server's mails, and turns their HTML into plain text. Lite's own text has another link, to an address that
 * the app doesn't have, and its HTML doesn't escape what people enter as a new address.
 *
 * @param deliver isn't awaited. Only people with an account get a link, so the time that a mail server takes, or its
 *   refusal, would reveal who has one.
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
