import { createHash, timingSafeEqual } from "node:crypto";
import type { Mail } from "../../lib/mail/smtp.ts";
import { linkIn } from "./mail-text.ts";

/** Where all mail of the embedded Supabase goes instead of to its recipients. */
export interface Mailbox {
  catch: (mail: Mail) => void;
  /** Answers the app, which can read the mails and add its own; anyone else gets a 404. */
  answer: (request: Request) => Promise<Response>;
}

/** In memory only, and gone with the process: the links in them open accounts. */
const MOST_MAILS = 50;

/**
 * Makes a mailbox.
 *
 * @param secretKey the embedded Supabase's, which the app's server has
 * @param origin scheme, host and port of the app's pages
 * @param report receives one line for each mail, with the link to click
 */
export function createMailbox(secretKey: string, origin: string, report: (line: string) => void): Mailbox {
  const mails: (Mail & { at: string })[] = [];
  const put = ({ to, subject, text }: Mail) => {
    mails.unshift({ to, subject, text, at: new Date().toISOString() });
    mails.length = Math.min(mails.length, MOST_MAILS);
    const link = linkIn(text, origin);
    report(printable(`✉ ${subject}, for ${to}${link ? `: ${link}` : ""}`));
  };
  return {
    catch: put,
    answer: async (request) => {
      if (!isSame(request.headers.get("apikey") ?? "", secretKey)) {
        return new Response("Not found", { status: 404 });
      }
      if (request.method === "GET") return Response.json(mails, { headers: { "Cache-Control": "no-store" } });
      if (request.method !== "POST") return new Response("Method not allowed", { status: 405 });
      const mail: Partial<Record<keyof Mail, unknown>> | null = await request.json().catch(() => null);
      if (!isMail(mail)) return new Response("Not a mail", { status: 400 });
      put(mail);
      return new Response(null, { status: 204 });
    },
  };
}

const isMail = (mail: Partial<Record<keyof Mail, unknown>> | null): mail is Mail =>
  [mail?.to, mail?.subject, mail?.text].every((part) => typeof part === "string");

/** In a time that doesn't reveal how much of it is right. */
function isSame(given: string, expected: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}

/** One line, and nothing that a terminal would interpret as a command. */
const printable = (text: string) => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
