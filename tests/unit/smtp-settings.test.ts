import { describe, expect, it } from "vitest";
import { parseEnv } from "../../lib/env.ts";
import { readSmtp } from "../../lib/smtp-settings.ts";

const least = { SMTP_HOST: "smtp.example.com", SMTP_FROM: "vault@example.com" };
const settingsOf = (changes: Record<string, string | undefined>) => readSmtp({ ...least, ...changes });
const wrongIn = (changes: Record<string, string | undefined>) => settingsOf(changes).wrong;

describe("the SMTP_* variables", () => {
  it("are all optional together", () => {
    expect(readSmtp({})).toEqual({ settings: undefined, wrong: [] });
    const empty = { SMTP_HOST: "", SMTP_PORT: "", SMTP_USER: "", SMTP_PASS: "", SMTP_FROM: "" };
    expect(readSmtp(empty)).toEqual({ settings: undefined, wrong: [] });
  });

  it("need a host and a sender, and no more", () => {
    expect(readSmtp(least).settings).toEqual({
      host: "smtp.example.com",
      port: 587,
      isLoopback: false,
      login: undefined,
      from: { name: "", address: "vault@example.com" },
    });
    expect(wrongIn({ SMTP_HOST: "" })).toEqual(["SMTP_HOST"]);
    expect(wrongIn({ SMTP_FROM: undefined })).toEqual(["SMTP_FROM"]);
    expect(readSmtp({ SMTP_PASS: "not-a-real-password" }).wrong).toEqual([
      "SMTP_HOST",
      "SMTP_USER",
      "SMTP_FROM",
    ]);
  });

  it("take a user and a password together only", () => {
    const login = { SMTP_USER: "vault", SMTP_PASS: "not-a-real-password" };
    expect(settingsOf(login).settings?.login).toEqual({ user: "vault", pass: "not-a-real-password" });
    expect(wrongIn({ ...login, SMTP_PASS: "" })).toEqual(["SMTP_PASS"]);
    expect(wrongIn({ ...login, SMTP_USER: "" })).toEqual(["SMTP_USER"]);
  });

  it.each([
    ["localhost", "localhost", true],
    ["mail.localhost", "mail.localhost", true],
    ["127.0.0.1", "127.0.0.1", true],
    ["::1", "::1", true],
    ["[::1]", "::1", true],
    ["10.0.0.5", "10.0.0.5", false],
    ["2001:db8::1", "2001:db8::1", false],
    ["localhost.example.com", "localhost.example.com", false],
  ])("take %s as a host", (SMTP_HOST, host, isLoopback) => {
    expect(settingsOf({ SMTP_HOST }).settings).toMatchObject({ host, isLoopback });
  });

  it.each([
    "smtp.example.com:587",
    "smtps://smtp.example.com",
    "smtp.example.com/x",
    "a b",
    "user@host",
    "::1:::",
  ])("do not take %s as a host", (SMTP_HOST) => expect(wrongIn({ SMTP_HOST })).toEqual(["SMTP_HOST"]));

  it.each(["0", "65536", "-1", "587x", "5.5", "1e3"])("do not take %s as a port", (SMTP_PORT) =>
    expect(wrongIn({ SMTP_PORT })).toEqual(["SMTP_PORT"]),
  );

  it.each([
    ["Command Center <vault@example.com>", "Command Center", "vault@example.com"],
    ['"Center, Command" <vault@example.com>', "Center, Command", "vault@example.com"],
    ["<vault@example.com>", "", "vault@example.com"],
    [" vault@example.com ", "", "vault@example.com"],
  ])("take %s as a sender", (SMTP_FROM, name, address) => {
    expect(settingsOf({ SMTP_FROM }).settings?.from).toEqual({ name, address });
  });

  it.each([
    "Command Center",
    "vault@example.com, other@example.com",
    "A <a@example.com> B <b@example.com>",
    "A\r\nBcc: x@example.com <a@example.com>",
    "a@example.com\nBcc: x@example.com",
  ])("do not take %j as a sender", (SMTP_FROM) => expect(wrongIn({ SMTP_FROM })).toEqual(["SMTP_FROM"]));
});

describe("the environment", () => {
  const minimal = {
    NEXT_PUBLIC_SUPABASE_URL: "https://example.supabase.co",
    NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: "sb_publishable_test",
    SUPABASE_SECRET_KEY: "sb_secret_test",
  };

  it("has no way to send mail unless it is told of one", () => {
    expect(parseEnv(minimal)).toMatchObject({ smtp: undefined, hasMailbox: false });
    expect(parseEnv({ ...minimal, MAILBOX: "launcher" })).toMatchObject({
      smtp: undefined,
      hasMailbox: true,
    });
    expect(parseEnv({ ...minimal, ...least, MAILBOX: "launcher" })).toMatchObject({
      smtp: { host: "smtp.example.com" },
      hasMailbox: false,
    });
  });

  it("names what is wrong with them, and repeats nothing of it", () => {
    const attempt = () =>
      parseEnv({ ...minimal, ...least, SMTP_PORT: "not-a-real-password", SMTP_USER: "x" });
    expect(attempt).toThrow("Missing or malformed in the environment: SMTP_PORT, SMTP_PASS.");
    expect(attempt).not.toThrow("not-a-real");
  });
});
