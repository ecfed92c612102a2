import { createTransport } from "nodemailer";
import type { SmtpSettings } from "./settings.ts";

/** A message in plain text. */
export interface Mail {
  /** One address. */
  to: string;
  subject: string;
  text: string;
}

/** How long the mail server may keep somebody waiting, for each of its answers. */
const PATIENCE_MS = 10_000;
/** The port whose connections are encrypted from their first byte: https://www.rfc-editor.org/rfc/rfc8314#section-3.3 */
const IMPLICIT_TLS_PORT = 465;

/** One address, and nothing that could be a second one or a line of the protocol. */
const ADDRESS = /^[^\s\p{Cc}<>()[\]\\,;:"@]+@[^\s\p{Cc}<>()\\,;"@]+$/u;

/** The mail was not handed over. The message quotes nothing of it. */
export class MailNotSent extends Error {
  override readonly name = "MailNotSent";
}

/**
 * Hands a mail to a mail server. Where there is a password, and the server is another machine, the connection has to be
 * encrypted; its certificate has to be good in any case.
 *
 * @throws MailNotSent with the server's status code, or Node's word for what went wrong; without asking it, where `to` is
 *   not one address
 */
export async function sendBySmtp(settings: SmtpSettings, { to, subject, text }: Mail): Promise<void> {
  if (!ADDRESS.test(to)) throw new MailNotSent("The address of a mail is not valid.");
  const { host, port, isLoopback, login, from } = settings;
  const transport = createTransport({
    host,
    port,
    secure: port === IMPLICIT_TLS_PORT,
    requireTLS: login !== undefined && !isLoopback,
    // Nobody is in between there, and such servers have no certificate that anybody has signed.
    tls: { rejectUnauthorized: !isLoopback },
    ...(login && { auth: login }),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ from, to: { name: "", address: to }, subject: oneLine(subject), text });
  } catch (error) {
    throw new MailNotSent(`The mail server didn't accept a mail (${reasonOf(error)}).`);
  } finally {
    transport.close();
  }
}

/** What a line break would end is the header. */
const oneLine = (text: string) => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();

/** Only codes: the server's own sentences may quote the address, or what was sent. */
function reasonOf(error: unknown): string {
  const { responseCode, code } = error as { responseCode?: unknown; code?: unknown };
  if (typeof responseCode === "number") return `SMTP status ${responseCode}`;
  return typeof code === "string" && /^[A-Z_]{1,40}$/.test(code) ? code : "no reason given";
}
