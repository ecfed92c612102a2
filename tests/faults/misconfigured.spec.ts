import { stripVTControlCharacters } from "node:util";
import { expect } from "@playwright/test";
import { as, newAccount, newPerson, type Person, send, sessionCookie } from "../e2e/api/client";
import { enter } from "../e2e/fixtures";
import { linesOf, logOf, test } from "./broken";
import type { Fault } from "./fault-proxy";

// What no person can end: a key that Supabase doesn't accept, a project over its quota, a paused one. People hear that the
// operator has to, and the operator's log says why, on every way in.

const FAULTS: [Fault, number, RegExp][] = [
  ["of another project", 401, /doesn't accept an API key/],
  ["over its quota", 402, /quota/],
  ["paused", 540, /is paused/],
];

const form = (path: string, fields: Record<string, string>) =>
  send(path, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
    body: new URLSearchParams(fields).toString(),
  });

/** The same session, but with an access token that has to be renewed. */
const hourLater = ({ session }: Person) => as({ cookie: sessionCookie({ ...session, expires_at: 1 }) });

for (const [fault, status, hint] of FAULTS) {
  test(`each way in leaves a line with the status and what to do: a project that is ${fault}`, async ({
    broken: { app, proxy },
  }) => {
    const account = newAccount();
    const person = await newPerson();
    const ways: [string, () => Promise<{ status: number }>, string][] = [
      ["signing in", () => form("/api/auth/sign-in", { ...account }), "auth_misconfigured"],
      ["signing up", () => form("/api/auth/sign-up", { ...account }), "auth_misconfigured"],
      ["a forgotten password", () => form("/api/auth/forgot-password", { ...account }), "auth_misconfigured"],
      ["a session", () => as(person)("/api/vault"), "auth_unavailable"],
      ["a session to renew", () => hourLater(person)("/api/vault"), "auth_unavailable"],
    ];
    proxy.fail("auth", fault);
    for (const [what, go, code] of ways) {
      const log = await logOf(app, async () => expect([what, (await go()).status]).toEqual([what, 503]));
      expect(log, what).toMatchObject([{ code, cause_code: status, hint: expect.stringMatching(hint) }]);
    }
    const link = { token_hash: "0".repeat(56), type: "signup" };
    const opened = await logOf(app, () => form("/api/auth/links", link));
    expect(opened).toMatchObject([{ cause_code: status, hint: expect.stringMatching(hint) }]);
    proxy.heal();
    proxy.fail("rest", fault);
    const log = await logOf(app, async () => expect((await as(person)("/api/vault")).status).toBe(503));
    const line = { code: "vault_unavailable", cause: "GatewayError", cause_code: status };
    expect(log).toMatchObject([{ ...line, hint: expect.stringMatching(hint) }]);
  });
}

test("pages name the cause, and no library adds lines of its own", async ({
  broken: { app, proxy },
  page,
  context,
}) => {
  const person = await newPerson();
  const faults: Fault[] = ["down", "cut", "error", "garbage", "of another project", "paused", "conflict"];
  const before = app.output().length;
  for (const fault of faults) {
    for (const service of ["auth", "rest"] as const) {
      proxy.fail(service, fault);
      await context.clearCookies();
      await enter(context, person);
      await page.goto("/dashboard");
      await context.clearCookies();
      await enter(context, { ...person, cookie: sessionCookie({ ...person.session, expires_at: 1 }) });
      await page.goto("/account");
      await form("/api/auth/sign-in", { ...newAccount() });
      proxy.heal();
    }
  }
  const said = () => stripVTControlCharacters(app.output().slice(before)).split("\n").filter(Boolean);
  await expect.poll(() => said().length).toBeGreaterThan(faults.length * 3);
  const ofPages = said().filter((line) => !line.startsWith("{"));
  for (const line of ofPages)
    expect(line).toMatch(/^⨯ Problem (auth|vault)_unavailable: [^()]+( \([A-Za-z]+[ A-Z_0-9a-z]*\))?$/);
  expect(ofPages).toContainEqual(
    expect.stringMatching(/^⨯ Problem auth_unavailable: .* \(AuthApiError 401\)$/),
  );
  expect(ofPages).toContainEqual(
    expect.stringMatching(/^⨯ Problem vault_unavailable: .* \(GatewayError 401\)$/),
  );
  // Throws for a line that is none of the log's own.
  linesOf(
    said()
      .filter((line) => line.startsWith("{"))
      .join("\n"),
  );
});
