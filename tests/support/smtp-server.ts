import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import type { SmtpSettings } from "../../lib/smtp-settings.ts";

interface ReceivedMail {
  /** Whom the server was told to bring it to, whatever the header says. */
  recipients: string[];
  /** The header's fields as they came, one a line. */
  header: string;
  subject: string;
  text: string;
  /** Whom the sender signed in as. */
  user: string | undefined;
  isEncrypted: boolean;
}

interface Options {
  /** Whether it offers STARTTLS; with a certificate that nobody has signed. */
  hasTls?: boolean;
  /** The only password that it takes; without it, nobody signs in. */
  password?: string;
}

/** Whose mail the server refuses, and whose it never gives an answer about. */
export const REFUSED = "refused@example.com";
export const UNANSWERED = "unanswered@example.com";

/** A mail server on this machine, until the process ends or `stop` is called. */
export async function startSmtpServer({ hasTls, password }: Options = {}) {
  const mails: ReceivedMail[] = [];
  let tries = 0;
  let arrived = Promise.withResolvers<void>();
  const smtp = new SMTPServer({
    disabledCommands: [...(hasTls ? [] : ["STARTTLS"]), ...(password ? [] : ["AUTH"])],
    authOptional: !password,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth: (auth, _session, done) => {
      tries += 1;
      if (auth.password === password) done(null, { user: auth.username });
      else done(new Error("Wrong password"));
    },
    onRcptTo: ({ address }, _session, done) => {
      if (address === UNANSWERED) return;
      done(address === REFUSED ? new Error(`There is no ${address} here`) : null);
    },
    onData: async (stream, { envelope, user, secure }, done) => {
      const [header = "", body = ""] = (await text(stream)).split(/\r\n\r\n([\s\S]*)/);
      const fields = header.replace(/\r\n[ \t]+/g, " ");
      mails.push({
        recipients: envelope.rcptTo.map(({ address }) => address),
        header: fields,
        subject: words(/^Subject: (.*)$/im.exec(fields)?.[1] ?? ""),
        text: decoded(body, fields),
        user: typeof user === "string" ? user : undefined,
        isEncrypted: secure,
      });
      arrived.resolve();
      done();
    },
  });
  smtp.on("error", () => {});
  const { server } = smtp;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  const settings: SmtpSettings = {
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    isLoopback: true,
    login: undefined,
    from: { name: "Command Center", address: "vault@example.com" },
  };
  return {
    settings,
    /** Those that came and were not taken yet. */
    mails,
    /** How many passwords the server was told. */
    tries: () => tries,
    /** The oldest mail that was not taken yet, as soon as there is one. */
    async next(): Promise<ReceivedMail> {
      for (;;) {
        const mail = mails.shift();
        if (mail) return mail;
        await arrived.promise;
        arrived = Promise.withResolvers();
      }
    },
    stop: () => server.close(),
  };
}

/** https://www.rfc-editor.org/rfc/rfc2045#section-6 */
function decoded(body: string, header: string): string {
  const encoding = /^Content-Transfer-Encoding: (\S+)/im.exec(header)?.[1] ?? "7bit";
  const bytes = encoding === "base64" ? Buffer.from(body, "base64") : fromQuotedPrintable(body, encoding);
  return bytes.toString("utf8").replaceAll("\r\n", "\n").trim();
}

function fromQuotedPrintable(body: string, encoding: string): Buffer {
  if (encoding !== "quoted-printable") return Buffer.from(body, "utf8");
  const plain = body
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, "latin1");
}

/** https://www.rfc-editor.org/rfc/rfc2047#section-2 */
function words(field: string): string {
  return field
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?utf-8\?([QB])\?(.*?)\?=/gi, (_, kind: string, word: string) =>
      kind.toUpperCase() === "B"
        ? Buffer.from(word, "base64").toString("utf8")
        : fromQuotedPrintable(word.replaceAll("_", " "), "quoted-printable").toString("utf8"),
    );
}
