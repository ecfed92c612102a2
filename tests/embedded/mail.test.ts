import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { readSupabaseConfig } from "../../scripts/embedded/config.ts";
import { linkIn, textOf } from "../../scripts/embedded/mail-text.ts";
import { type Embedded, type EmbeddedOptions, startEmbedded } from "../../scripts/embedded/server.ts";
import { REFUSED, startSmtpServer, UNANSWERED } from "../support/smtp-server.ts";
import { NOTES, optionsWithCluster, ROOT, temporaryFolder, testFolder } from "./support.ts";

const ADA = "ada@example.com";
const PASSWORD = "a-good-password";
const SITE = "http://localhost:3000";

const authOf = ({ url }: Embedded, key: string) =>
  createClient(url, key, { auth: { persistSession: false, autoRefreshToken: false } }).auth;

/** Reads the mailbox as the app does. */
const mailboxOf = async ({ url }: Embedded, apikey: string) =>
  (await fetch(`${url}/mailbox`, { headers: { apikey } })).json();

describe("without a mail server", () => {
  const base = temporaryFolder();
  const lines: string[] = [];
  let options: EmbeddedOptions;
  let embedded: Embedded;

  beforeAll(async () => {
    options = {
      ...(await optionsWithCluster(base.path, { "20260305_notes.sql": NOTES })),
      siteUrl: `${SITE}/path/`,
      report: (line) => lines.push(line),
    };
    embedded = await startEmbedded(options);
    await authOf(embedded, options.publishableKey).signUp({ email: ADA, password: PASSWORD });
  });
  afterAll(async () => {
    await embedded.close();
    base.remove();
  });

  test("a forgotten password is one line in the terminal with the link, which works", async () => {
    const auth = authOf(embedded, options.publishableKey);
    expect((await auth.resetPasswordForEmail(ADA)).error).toBeNull();
    const line = lines.at(-1) ?? "";
    const link = /^✉ Reset your password, for ada@example\.com: (\S+)$/.exec(line)?.[1] ?? "";
    expect(link).toMatch(
      /^http:\/\/localhost:3000\/auth\/confirm\?token_hash=[0-9a-f]{40,128}&type=recovery$/,
    );
    const [mail] = await mailboxOf(embedded, options.secretKey);
    expect(mail).toMatchObject({ to: ADA, subject: "Reset your password" });
    expect(mail.text.match(/http\S+/g)).toEqual([link]);
    expect(mail.text).not.toContain("<");
    const token_hash = new URL(link).searchParams.get("token_hash") ?? "";
    const verified = await auth.verifyOtp({ type: "recovery", token_hash });
    expect(verified.data.user?.email).toBe(ADA);
    expect((await auth.verifyOtp({ type: "recovery", token_hash })).error).not.toBeNull();
  });

  test("a link to sign in and one to change the address have their own text", async () => {
    const auth = authOf(embedded, options.publishableKey);
    await auth.signInWithPassword({ email: ADA, password: PASSWORD });
    expect((await auth.updateUser({ email: "<b>new</b>@example.com" })).error).toBeNull();
    expect(lines.at(-1)).toMatch(
      /^✉ Confirm your new e-mail address, for ada@example\.com: http:\S+&type=email_change$/,
    );
    expect((await auth.signInWithOtp({ email: ADA })).error).toBeNull();
    expect(lines.at(-1)).toMatch(/^✉ Get back into Command Center, for ada@\S+: http:\S+&type=magiclink$/);
  });

  test("nobody without the secret key finds a mailbox", async () => {
    const asked = [
      undefined,
      "",
      options.publishableKey,
      `${options.secretKey}x`,
      options.secretKey.slice(1),
    ];
    for (const method of ["GET", "POST"]) {
      for (const apikey of asked) {
        const reply = await fetch(`${embedded.url}/mailbox`, { method, headers: apikey ? { apikey } : {} });
        expect([reply.status, await reply.text()]).toEqual([404, "Not found"]);
      }
    }
    const withQuery = await fetch(`${embedded.url}/mailbox?apikey=${options.secretKey}`);
    expect(withQuery.status).toBe(404);
  });

  test("the app puts its mails in, and nothing that is no mail", async () => {
    const post = (body: string) =>
      fetch(`${embedded.url}/mailbox`, { method: "POST", headers: { apikey: options.secretKey }, body });
    const mail = { to: "bob@example.com", subject: "Join\n\u001b[2JCrew", text: `Join:\n${SITE}/invite#abc` };
    expect((await post(JSON.stringify(mail))).status).toBe(204);
    expect(lines.at(-1)).toBe(`✉ Join [2JCrew, for bob@example.com: ${SITE}/invite#abc`);
    expect((await mailboxOf(embedded, options.secretKey))[0]).toMatchObject(mail);
    for (const body of ["", "null", "[]", '{"to":"a@example.com"}', '{"to":1,"subject":"","text":""}']) {
      expect((await post(body)).status, body).toBe(400);
    }
  });

  test("the mailbox keeps the last 50", async () => {
    for (let number = 1; number <= 51; number += 1) {
      await fetch(`${embedded.url}/mailbox`, {
        method: "POST",
        headers: { apikey: options.secretKey },
        body: JSON.stringify({ to: "many@example.com", subject: `Mail ${number}`, text: "" }),
      });
    }
    const subjects = (await mailboxOf(embedded, options.secretKey)).map(
      (mail: { subject: string }) => mail.subject,
    );
    expect(subjects).toHaveLength(50);
    expect([subjects[0], subjects[49]]).toEqual(["Mail 51", "Mail 2"]);
  });
});

test("with a mail server, mails go out and are not kept; one that fails changes nothing for who asks", async () => {
  const smtp = await startSmtpServer();
  const lines: string[] = [];
  const refused = Promise.withResolvers<void>();
  const options = {
    ...(await optionsWithCluster(testFolder(), { "20260305_notes.sql": NOTES })),
    smtp: smtp.settings,
    report: (line: string) => {
      lines.push(line);
      if (line.startsWith("!")) refused.resolve();
    },
  };
  const embedded = await startEmbedded(options);
  onTestFinished(embedded.close);
  const auth = authOf(embedded, options.publishableKey);
  for (const email of [ADA, REFUSED, UNANSWERED]) await auth.signUp({ email, password: PASSWORD });

  for (const email of [UNANSWERED, REFUSED, "nobody@example.com", ADA]) {
    expect(await auth.resetPasswordForEmail(email), email).toEqual({ data: {}, error: null });
  }
  const mail = await smtp.next();
  expect(mail.recipients).toEqual([ADA]);
  expect(mail.subject).toBe("Reset your password");
  expect(linkIn(mail.text, SITE)).toMatch(/\/auth\/confirm\?token_hash=[0-9a-f]+&type=recovery$/);
  await refused.promise;
  expect(lines.slice(1)).toEqual(["! The mail server didn't accept an e-mail (SMTP status 550)."]);
  expect((await fetch(`${embedded.url}/mailbox`, { headers: { apikey: options.secretKey } })).status).toBe(
    404,
  );
});

describe("the templates", () => {
  const config = readSupabaseConfig(join(ROOT, "supabase/config.toml"));
  const templates = Object.entries(config.auth?.email?.template ?? {});
  const TYPES: Record<string, string> = {
    confirmation: "signup",
    recovery: "recovery",
    invite: "invite",
    magic_link: "magiclink",
    email_change: "email_change",
  };

  test("are found wherever the process runs, and have a subject each", async () => {
    expect(templates.map(([name]) => name)).toEqual(Object.keys(TYPES));
    for (const [name, { subject, content_path }] of templates) {
      expect(content_path).toBe(join(ROOT, `supabase/templates/${name}.html`));
      expect(subject).toMatch(/^[A-Z][\w -]+$/);
    }
  });

  test.each(templates)(
    "%s has one link, of its type, twice, and nothing from elsewhere",
    async (name, { content_path }) => {
      const html = readFileSync(content_path ?? "", "utf8");
      const link = `{{ .SiteURL }}/auth/confirm?token_hash={{ .TokenHash }}&type=${TYPES[name]}`;
      expect(html.match(/href="([^"]*)"/g)).toEqual([`href="${link}"`]);
      expect(html.split(link)).toHaveLength(3);
      expect(html).not.toMatch(/https?:|src=|url\(|<(img|link|script|style|iframe|form)\b/i);
      const variables = html.match(/\{\{ \.(\w+) \}\}/g) ?? [];
      expect(variables.filter((each) => !/SiteURL|TokenHash|NewEmail/.test(each))).toEqual([]);
      expect(textOf(html).split("\n\n")).toContain(link);
      expect(textOf(html)).toContain("expires in 1 hour");
    },
  );
});

test("a text's link is one to the app, and to nobody else", () => {
  const ours = `${SITE}/auth/confirm?token_hash=ab&type=recovery`;
  expect(linkIn(`See https://evil.example/ or http://localhost:3000.evil.example/x or ${ours}`, SITE)).toBe(
    ours,
  );
  expect(linkIn("http://localhost:3001/ http://[ http://", SITE)).toBeUndefined();
});
