import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { sendBySmtp } from "../../lib/mail/smtp.ts";
import { REFUSED, startSmtpServer } from "../support/smtp-server.ts";

const MAIL = {
  to: "ada@example.com",
  subject: "Hello",
  text: "One line\n\nhttps://vault.example.com/invite#x",
};
const PASSWORD = "not-a-real-password";
const login = { user: "vault", pass: PASSWORD };

/** A mail server until the end of the test. */
async function server(...options: Parameters<typeof startSmtpServer>) {
  const smtp = await startSmtpServer(...options);
  onTestFinished(() => void smtp.stop());
  return smtp;
}

describe("a mail by SMTP", () => {
  it("arrives as it was written, from the sender of the settings", async () => {
    const smtp = await server();
    await sendBySmtp(smtp.settings, { ...MAIL, subject: "Grüße 🌙", text: "Grüße 🌙\n\n.\n\nDone" });
    const mail = await smtp.next();
    expect(mail).toMatchObject({
      recipients: [MAIL.to],
      subject: "Grüße 🌙",
      text: "Grüße 🌙\n\n.\n\nDone",
      user: undefined,
    });
    expect(mail.header).toMatch(/^From: Command Center <vault@example\.com>$/m);
    expect(mail.header).toMatch(/^To: ada@example\.com$/m);
    expect(mail.header).toMatch(/^Content-Type: text\/plain; charset=utf-8$/m);
  });

  it.each([
    ["\r\nBcc: evil@example.com"],
    ["\nBcc: evil@example.com"],
    ["\rBcc: evil@example.com"],
    ["\u2028Bcc: evil@example.com"],
    ["\r\n\r\nAnother text"],
  ])("has no more header for %j in its subject", async (more) => {
    const smtp = await server();
    await sendBySmtp(smtp.settings, { ...MAIL, subject: `Hello${more}` });
    const mail = await smtp.next();
    expect(mail.subject).toBe(`Hello${more}`.replaceAll(/[\r\n\u2028]+/g, " "));
    expect(mail.header).not.toMatch(/^(Bcc|Another)/im);
    expect(mail.recipients).toEqual([MAIL.to]);
    expect(mail.text).toBe(MAIL.text);
  });

  it.each([
    "ada@example.com\r\nBcc: evil@example.com",
    "ada@example.com>\r\nRCPT TO:<evil@example.com",
    "ada@example.com, evil@example.com",
    "ada@example.com;evil@example.com",
    "evil@example.com <ada@example.com>",
    "Friends: ada@example.com, evil@example.com;",
    "ada@example.com evil@example.com",
    "ada@example.com@evil.example",
    "ada@example.com\0",
    "ada",
    "",
  ])("goes to nobody where %j is the address", async (to) => {
    const smtp = await server();
    await expect(sendBySmtp(smtp.settings, { ...MAIL, to })).rejects.toThrow(
      "The address of an e-mail isn't valid",
    );
    expect(smtp.mails).toEqual([]);
  });

  it("that is refused says by which status, and nothing of the mail", async () => {
    const smtp = await server();
    await expect(sendBySmtp(smtp.settings, { ...MAIL, to: REFUSED })).rejects.toThrow(
      /^The mail server didn't accept an e-mail \(SMTP status 550\)\.$/,
    );
  });

  it("that nobody takes says why", async () => {
    const smtp = await startSmtpServer();
    smtp.stop();
    await expect(sendBySmtp(smtp.settings, MAIL)).rejects.toThrow(/\(ECONNREFUSED|ESOCKET\)/);
  });

  it("is sent with the user and the password, and not with a wrong one", async () => {
    const smtp = await server({ password: PASSWORD });
    await sendBySmtp({ ...smtp.settings, login }, MAIL);
    expect(await smtp.next()).toMatchObject({ user: "vault", isEncrypted: false });
    const wrong = { user: "vault", pass: "another-password" };
    await expect(sendBySmtp({ ...smtp.settings, login: wrong }, MAIL)).rejects.toThrow("(SMTP status 535)");
  });

  describe("with encryption", () => {
    it("on this machine, takes what is offered, whoever signed it", async () => {
      const smtp = await server({ password: PASSWORD, hasTls: true });
      await sendBySmtp({ ...smtp.settings, login }, MAIL);
      expect(await smtp.next()).toMatchObject({ user: "vault", isEncrypted: true });
    });

    it("elsewhere, tells no password to a server that offers none", async () => {
      const smtp = await server({ password: PASSWORD });
      const elsewhere = { ...smtp.settings, isLoopback: false };
      await expect(sendBySmtp({ ...elsewhere, login }, MAIL)).rejects.toThrow("didn't accept an e-mail");
      expect(smtp.mails).toEqual([]);
      expect(smtp.tries()).toBe(0);
    });

    it("elsewhere, tells nothing to a server with a certificate that nobody signed", async () => {
      const smtp = await server({ password: PASSWORD, hasTls: true });
      const elsewhere = { ...smtp.settings, isLoopback: false };
      for (const settings of [{ ...elsewhere, login }, elsewhere]) {
        await expect(sendBySmtp(settings, MAIL)).rejects.toThrow("didn't accept an e-mail");
      }
      expect(smtp.mails).toEqual([]);
      expect(smtp.tries()).toBe(0);
    });
  });
});

describe("the app's mail", () => {
  afterEach(() => void vi.unstubAllEnvs());

  /** lib/mail/send.ts as a server with these variables has it. */
  async function withEnv(changes: Record<string, string>) {
    vi.resetModules();
    vi.stubEnv("NEXT_PUBLIC_SUPABASE_URL", "http://127.0.0.1:1");
    vi.stubEnv("NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY", "sb_publishable_test");
    vi.stubEnv("SUPABASE_SECRET_KEY", "sb_secret_test");
    for (const [name, value] of Object.entries(changes)) vi.stubEnv(name, value);
    return import("../../lib/mail/send.ts");
  }

  it("goes out by SMTP where there is a mail server", async () => {
    const smtp = await server();
    const { canSendMail, sendMail } = await withEnv({
      SMTP_HOST: "127.0.0.1",
      SMTP_PORT: String(smtp.settings.port),
      SMTP_FROM: "Command Center <vault@example.com>",
    });
    expect(canSendMail()).toBe(true);
    await sendMail(MAIL);
    expect(await smtp.next()).toMatchObject({ recipients: [MAIL.to], subject: "Hello", text: MAIL.text });
  });

  it("goes nowhere on a hosted Supabase without one", async () => {
    const { canSendMail, sendMail } = await withEnv({});
    expect(canSendMail()).toBe(false);
    await expect(sendMail(MAIL)).rejects.toThrow("No mail server is set up.");
  });

  it("says when the mailbox of the launcher does not answer", async () => {
    const { canSendMail, sendMail } = await withEnv({ MAILBOX: "launcher" });
    expect(canSendMail()).toBe(true);
    await expect(sendMail(MAIL)).rejects.toThrow("The mailbox of the embedded Supabase didn't answer.");
  });
});
