import { createTransport } from "nodemailer";
import type { SmtpSettings } from "../smtp-settings.ts";

/** A message in plain text. */
export interface Mail {
  /** One address. */
  to: string;
  subject: string;
  text: string;
}

/** How long to wait for each of the mail server's replies. */
const PATIENCE_MS = 10_000;
/** The port whose connections are encrypted from their first byte: https://www.rfc-editor.org/rfc/rfc8314#section-3.3 */
const IMPLICIT_TLS_PORT = 465;

/** Nodemailer's code, and Node's, for a host name that DNS doesn't know. */
const NO_ADDRESS = ["EDNS", "ENOTFOUND"];

/** One address, and nothing that could be a second one or a line of the protocol. */
const ADDRESS = /^[^\s\p{Cc}<>()[\]\\,;:"@]+@[^\s\p{Cc}<>()\\,;"@]+$/u;

/** The mail couldn't be sent. The message quotes nothing of it. */
export class MailNotSent extends Error {
  override readonly name = "MailNotSent";
}

/**
 * Sends a mail through a mail server. With a password, and a server on another machine, the connection has to be encrypted;
 * the certificate always has to be valid.
 *
 * @throws MailNotSent with the server's status code, or Node's error code; without contacting it if `to` isn't a single
 *   address
 */
export async function sendBySmtp(settings: SmtpSettings, { to, subject, text }: Mail): Promise<void> {
  if (!ADDRESS.test(to)) throw new MailNotSent("The address of an e-mail isn't valid.");
  const transport = openTransport(settings);
  try {
    await transport.sendMail({
      from: settings.from,
      to: { name: "", address: to },
      subject: oneLine(subject),
      text,
    });
  } catch (error) {
    throw new MailNotSent(`The mail server didn't accept an e-mail (${reasonOf(error)}).`);
  } finally {
    transport.close();
  }
}

/**
 * Connects and signs in as {@link sendBySmtp} would, and sends nothing.
 *
 * @throws MailNotSent with the server's status code, or Node's error code
 */
export async function verifySmtp(settings: SmtpSettings): Promise<void> {
  const transport = openTransport(settings);
  try {
    await transport.verify();
  } catch (error) {
    const reason = reasonOf(error);
    throw new MailNotSent(
      NO_ADDRESS.includes(reason)
        ? "There's no address for SMTP_HOST."
        : `The mail server can't be used (${reason}).`,
    );
  } finally {
    transport.close();
  }
}

function openTransport({ host, port, isLoopback, login }: SmtpSettings) {
  return createTransport({
    host,
    port,
    secure: port === IMPLICIT_TLS_PORT,
    requireTLS: login !== undefined && !isLoopback,
    // Nobody is in between, and such servers have no signed certificate.
    tls: { rejectUnauthorized: !isLoopback },
    ...(login && { auth: login }),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** A line break would end the header. */
const oneLine = (text: string) => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();

/** Only codes: the server's own sentences may quote the address, or what was sent. */
function reasonOf(error: unknown): string {
  const { responseCode, code } = error as { responseCode?: unknown; code?: unknown };
  if (typeof responseCode === "number") return `SMTP status ${responseCode}`;
  return typeof code === "string" && /^[A-Z_]{1,40}$/.test(code) ? code : "no reason given";
}
