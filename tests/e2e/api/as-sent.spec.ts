import { randomUUID } from "node:crypto";
import { expect, test } from "@playwright/test";
import { as, expectOk, newPerson, post } from "./client";

// A value is stored byte for byte as it was sent. The exception is the white space around a token, and the reply says so.

const VALUES: Record<string, string> = {
  PADDED: "  two spaces around  ",
  OPENSSH: "-----BEGIN OPENSSH PRIVATE KEY-----\nbm90IGEga2V5\n-----END OPENSSH PRIVATE KEY-----\n",
  CRLF: "a\r\nb\r\n",
  TABS: "\ta\tb\t",
  QUOTED: '"abc"',
  LINE: "LINE=abc",
  COMPOSED: "gr\u00fcn",
  DECOMPOSED: "gru\u0308n",
  INVISIBLE: "\u200babc\u00a0d\ufeff",
  DATABASE_URL: " host=localhost dbname=shop ",
  GITHUB_APP_PRIVATE_KEY: "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n",
};

test("a value comes back as it was sent, one by one and imported", async () => {
  const ask = as(await newPerson());
  for (const [key, value] of Object.entries(VALUES)) {
    const reply = await ask("/api/vault", post({ key, value }));
    expect(expectOk(reply, 201)).not.toHaveProperty("value");
    expect(reply.headers["vault-trimmed"], key).toBeUndefined();
    expect(expectOk(await ask(`/api/vault?key=${key}&reveal=true`))).toEqual({ key, value });
  }
  const other = as(await newPerson());
  const secrets = Object.entries(VALUES).map(([key, value]) => ({ key, value, if_updated_at: null }));
  const reply = await other("/api/vault/import", post({ secrets }));
  expectOk(reply);
  expect(reply.headers["vault-trimmed"]).toBeUndefined();
  for (const [key, value] of Object.entries(VALUES)) {
    expect(expectOk(await other(`/api/vault?key=${key}&reveal=true`))).toEqual({ key, value });
  }
});

test("white space around a token is left out, and the reply names its key", async () => {
  const ask = as(await newPerson());
  const value = `gsk_not_real_${randomUUID()}`;
  const reply = await ask("/api/vault", post({ key: "GROQ_API_KEY", value: `\n ${value}\t\n` }));
  expectOk(reply, 201);
  expect(reply.headers["vault-trimmed"]).toBe("GROQ_API_KEY");
  expect(expectOk(await ask("/api/vault?key=GROQ_API_KEY&reveal=true")).value).toBe(value);
  const secrets = [
    { key: "MY_KEY", value: " a ", if_updated_at: null },
    { key: "RESEND_API_KEY", value: " re_test ", if_updated_at: null },
    { key: "XAI_API_KEY", value: "xai-test\n", if_updated_at: null },
  ];
  const imported = await ask("/api/vault/import", post({ secrets }));
  expectOk(imported);
  expect(imported.headers["vault-trimmed"]).toBe("RESEND_API_KEY, XAI_API_KEY");
  expect(expectOk(await ask("/api/vault?key=MY_KEY&reveal=true")).value).toBe(" a ");
  expect(expectOk(await ask("/api/vault?key=XAI_API_KEY&reveal=true")).value).toBe("xai-test");
});

test("a doubt that a person may set aside is no refusal, and a mask is one", async () => {
  const ask = as(await newPerson());
  for (const [key, value] of [
    ["ANTHROPIC_API_KEY", "vck_not_real"],
    ["ANTHROPIC_API_KEY", "sk-or-not-real"],
    ["DATABASE_URL", "sqlserver://h:1433;initial catalog=shop"],
    ["DATABASE_URL", "file:C:/My Data/dev.db"],
    ["MY_KEY", "op://Private/db/password"],
  ]) {
    expect((await ask("/api/vault", post({ key, value }))).status, value).toBeLessThan(300);
  }
  for (const value of ["[SENSITIVE]", "████████", "＊＊＊＊＊＊＊＊", "********", "[REDACTED]"]) {
    expect((await ask("/api/vault", post({ key: "MASKED", value }))).status, value).toBe(400);
  }
  expect((await ask("/api/vault?key=MASKED")).status).toBe(404);
});
