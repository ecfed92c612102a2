import type { Page } from "@playwright/test";
import { OPERATOR_EMAILS } from "../support/app-env";
import { PHONE_CODE } from "../support/hosted/factors";
import { TEST_PUBLISHABLE_KEY } from "../support/keys";
import { waitForMail } from "../support/mailbox";
import { APP_URL, NO_PLATFORM_KEY_PORT, NO_PLATFORM_KEY_URL, PROXY_URL } from "../support/ports";
import { fromBase32, stepNow, totp } from "../support/totp";
import {
  type Account,
  as,
  expectOk,
  expectProblem,
  newAccount,
  newPerson,
  post,
  type Reply,
  type Sending,
} from "./api/client";
import { enter, expect, expectAccessible, signOut, test } from "./fixtures";
import { fill } from "./way-in";

// The app that has second factors; see tests/support/hosted-auth.ts.
test.use({ baseURL: NO_PLATFORM_KEY_URL });
const port = NO_PLATFORM_KEY_PORT;

/** An authenticator app. Each code is the next one, so that no test waits until it changes. */
function authenticator(secret: string) {
  let step = stepNow();
  return () => totp(fromBase32(secret), step++);
}

const wrongCode = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");

/** Somebody's browser, as far as the API goes: it sends what was set. */
class Client {
  readonly #cookies = new Map<string, string>();

  get cookie(): string {
    return [...this.#cookies].map((pair) => pair.join("=")).join("; ");
  }

  async ask(path: string, sending: Sending = {}): Promise<Reply> {
    const reply = await as(this)(path, { ...sending, port });
    for (const line of reply.headers["set-cookie"] ?? []) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split(/=(.*)/s);
      if (value) this.#cookies.set(name, value);
      else this.#cookies.delete(name);
    }
    return reply;
  }

  form(path: string, fields: Record<string, string>): Promise<Reply> {
    const headers = { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" };
    const body = new URLSearchParams(fields).toString();
    return this.ask(path, { method: "POST", headers, body });
  }

  code = (code: string, next = {}) => this.form("/api/auth/code", { code, ...next });
}

async function signedIn({ email, password }: Account) {
  const client = new Client();
  const reply = await client.form("/api/auth/sign-in", { email, password });
  return { client, to: reply.json.to };
}

/** Somebody new, signed in. The account is made past this app, where an address would have to be confirmed. */
async function signedUp(account: Account = newAccount()) {
  await newPerson(account);
  return { account, ...(await signedIn(account)) };
}

/** Sets up an authenticator app. */
async function enrol(client: Client): Promise<() => string> {
  const { id, secret } = expectOk(await client.ask("/api/account/factors", post({})), 201);
  const next = authenticator(secret);
  expectOk(await client.ask("/api/account/factors/verify", post({ id, code: next() })), 204);
  return next;
}

/** Somebody new with a second factor, signed in. */
async function enrolled() {
  const { account, client } = await signedUp();
  return { account, client, next: await enrol(client) };
}

/** What the session cookie holds. */
function sessionOf({ cookie }: Client) {
  const chunks = [...cookie.matchAll(/auth-token(?:\.\d)?=([^;]+)/g)].map(([, chunk]) => chunk);
  return JSON.parse(Buffer.from(chunks.join("").replace(/^base64-/, ""), "base64url").toString());
}

const idOf = (client: Client): string => sessionOf(client).user.factors[0].id;

/** Asks the auth server itself, as another app of the same project does. */
async function directly(client: Client, path: string, body: object) {
  const reply = await fetch(`${PROXY_URL}/auth/v1/factors${path}`, {
    method: "POST",
    headers: { apikey: TEST_PUBLISHABLE_KEY, Authorization: `Bearer ${sessionOf(client).access_token}` },
    body: JSON.stringify(body),
  });
  expect(reply.status).toBe(200);
  return reply.json();
}

async function expectAccessibleEverywhere(page: Page): Promise<void> {
  for (const width of [320, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  }
}

test("a second factor is set up, asked for at sign-in, and removed", async ({ page }) => {
  const account = await newPerson();
  await page.goto("/login");
  await fill(page, account);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/dashboard");
  const card = page.getByRole("region", { name: "Two-factor authentication" });
  await page.goto("/account");
  await expect(card).toContainText("Off.");

  // Begun and left: the next time, it starts anew.
  await card.getByRole("button", { name: "Set up an authenticator app" }).click();
  const abandoned = await card.getByLabel("Key", { exact: true }).inputValue();
  await page.reload();
  await card.getByRole("button", { name: "Set up an authenticator app" }).click();
  const key = card.getByLabel("Key", { exact: true });
  await expect(key).toHaveValue(/^[A-Z2-7]{32}$/);
  const secret = await key.inputValue();
  expect(secret).not.toBe(abandoned);
  const picture = card.getByRole("img", { name: "QR code" });
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await expectAccessibleEverywhere(page);
  const next = authenticator(secret);
  const field = card.getByLabel("Code", { exact: true });
  await field.fill(wrongCode(next()));
  await card.getByRole("button", { name: "Turn on" }).click();
  await expect(card.getByText("Wrong code.")).toBeVisible();
  await expect(field).toBeFocused();
  await expect(field).toHaveValue("");
  await field.fill(next());
  await card.getByRole("button", { name: "Turn on" }).click();
  await expect(card).toContainText("On. You sign in with your password and a code.");
  await expect(card.getByRole("listitem")).toContainText(/Authenticator app\s*Added just now/);
  expect(await page.content()).not.toContain(secret);
  await expectAccessible(page);

  await signOut(page);
  await page.waitForURL("**/login");
  await page.goto("/usage");
  await fill(page, account);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/login/code?next=usage");
  await expect(page.getByText(`One more step to sign in as ${account.email}.`)).toBeVisible();
  const code = page.getByLabel("Code", { exact: true });
  await expect(code).toBeFocused();
  const enter = page.getByRole("button", { name: "Sign in" });
  for (const [text, sentence] of [
    ["12345", "Enter the 6-digit code from your authenticator app."],
    [wrongCode(next()), "Wrong code. Enter the one your authenticator app shows now."],
  ] as const) {
    await code.fill(text);
    await enter.click();
    await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
    await expect(code).toBeFocused();
    await expect(code).toHaveAttribute("aria-invalid", "true");
  }
  await expect(code).toHaveValue("");
  await expectAccessibleEverywhere(page);
  // Every page leads back here, and so does signing in.
  for (const path of ["/login?next=usage", "/usage"]) {
    await page.goto(path);
    await expect(page).toHaveURL("/login/code?next=usage");
  }
  await code.fill(next().replace(/(...)/, " $1 "));
  await enter.click();
  await page.waitForURL("**/usage");

  await page.goto("/account");
  await card.getByRole("button", { name: "Remove: Authenticator app" }).click();
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("you'll sign in with your password alone");
  // Some minutes after signing in, a session is not enough, and neither is the password.
  await page.context().clearCookies({ name: "vault-confirmed" });
  await question.getByRole("button", { name: "Remove" }).click();
  const proof = page.getByRole("dialog", { name: "Confirm it's you" });
  await proof.getByLabel("Password").fill(account.password);
  await proof.getByLabel("Code").fill(wrongCode(next()));
  await proof.getByRole("button", { name: "Confirm" }).click();
  await expect(proof.getByRole("alert")).toContainText("Wrong code.");
  await expect(proof.getByLabel("Code")).toBeFocused();
  await expectAccessibleEverywhere(page);
  await proof.getByLabel("Code").fill(next());
  await proof.getByRole("button", { name: "Confirm" }).click();
  await expect(card).toContainText("Off.");
  await signOut(page);
  await page.waitForURL("**/login");
  await fill(page, account);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/dashboard");
});

test("until the code is given, a session opens nothing", async () => {
  const { account, client: first, next } = await enrolled();
  expectOk(await first.ask("/api/vault", post({ key: "MINE", value: "value-not-real" })), 201);
  const { client, to } = await signedIn(account);
  expect(to).toBe("/login/code");
  const requests: [string, Sending?][] = [
    ["/api/vault"],
    ["/api/vault?key=MINE&reveal=true"],
    ["/api/vault", post({ key: "MINE", value: "value-not-real" })],
    ["/api/vault/events"],
    ["/api/reveal/run", post({ prompt: "Hello" })],
    ["/api/teams"],
    ["/api/webhooks"],
    ["/api/usage"],
    ["/api/account/factors", post({})],
    [`/api/account/factors?id=${idOf(first)}`, { method: "DELETE" }],
    ["/api/account/factors/verify", post({ id: idOf(first), code: next() })],
  ];
  for (const [path, sending] of requests) {
    expectProblem(await client.ask(path, sending), 401, "unauthenticated");
  }
  expect((await client.ask("/dashboard")).headers.location).toBe("/login");
  expect((await client.ask("/usage")).headers.location).toBe("/login?next=usage");
  expect((await client.ask("/login?next=usage")).headers.location).toBe("/login/code?next=usage");

  expect((await client.code(next(), { next: "usage" })).json).toEqual({ to: "/usage" });
  expect(expectOk(await client.ask("/api/vault?key=MINE&reveal=true")).value).toBe("value-not-real");
  // Somebody who is in is not asked again.
  expect((await client.ask("/login/code?next=usage")).headers.location).toBe("/usage");
});

test("the first code of an authenticator app ends the sessions that had none", async () => {
  const { account, client } = await signedUp();
  const { client: elsewhere } = await signedIn(account);
  expectOk(await elsewhere.ask("/api/vault"));
  await enrol(client);
  expectOk(await client.ask("/api/vault"));
  expectProblem(await elsewhere.ask("/api/vault"), 401, "unauthenticated");
  expect((await elsewhere.ask("/login/code")).headers.location).toBe("/login");
});

test("a code is good once, and five wrong ones are the last for a while", async () => {
  const { account, next } = await enrolled();
  const once = next();
  const { client: one } = await signedIn(account);
  const { client: other } = await signedIn(account);
  expect((await one.code(once)).json.to).toBe("/dashboard");
  const again = await other.code(once);
  // The first one's code has ended the session of the other, which had given none.
  expect(again.json.to).toBe("/login");
  const { client } = await signedIn(account);
  const refused = await client.code(once);
  expectProblem(refused, 403, "wrong_code");
  expect(refused.json.detail).toContain("already used");

  for (const text of ["", "12345", "1234567", "12 345", "abcdef", "１２３４５６", "12345６"]) {
    expectProblem(await client.code(text), 400, "code_malformed");
  }
  const wrong = wrongCode(next());
  for (let tried = 0; tried < 5; tried++) expectProblem(await client.code(wrong), 403, "wrong_code");
  expectProblem(await client.code(next()), 429, "too_many_attempts");
  const { client: elsewhere } = await signedIn(account);
  expectProblem(await elsewhere.code(next()), 429, "too_many_attempts");
});

test("one code in two requests at once is taken once", async () => {
  const { account, next } = await enrolled();
  const { client } = await signedIn(account);
  const code = next();
  const replies = await Promise.all([client.code(code), client.code(code)]);
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 403]);
});

test("a link to a new password does not replace the code", async ({ page }) => {
  const { account, next } = await enrolled();
  await page.goto("/forgot-password");
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByRole("button", { name: "Send me a link" }).click();
  await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
  // The mail names the first of the two servers.
  const { link } = await waitForMail(account.email);
  await page.goto(new URL(link).pathname + new URL(link).search);
  await page.getByRole("button", { name: "Continue" }).click();
  const [password, code] = [page.getByLabel("New password"), page.getByLabel("Code", { exact: true })];
  const set = page.getByRole("button", { name: "Set new password" });
  const changed = { ...account, password: "another-long-test-password" };
  await password.fill(changed.password);
  await code.fill(wrongCode(next()));
  await set.click();
  await expect(page.getByText("Wrong code.")).toBeVisible();
  await expect(code).toBeFocused();
  await expectAccessibleEverywhere(page);
  await code.fill(next());
  await set.click();
  await expect(page).toHaveURL("/login?notice=password-changed");
  expect((await signedIn(changed)).to).toBe("/login/code");
});

test("a new password ends every session, this one and its copies too", async ({ page, context }) => {
  const { account, client } = await enrolled();
  const copy = client.cookie;
  const fields = copy.split("; ").map((pair) => {
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    return { name, value, url: NO_PLATFORM_KEY_URL };
  });
  await context.addCookies(fields);
  await page.goto("/account");
  const card = page.getByRole("region", { name: "Password" });
  await expect(card).toContainText("Changing it signs you out everywhere, including here.");
  await card.getByLabel("Current password").fill(account.password);
  await card.getByLabel("New password").fill("another-long-test-password");
  await card.getByRole("button", { name: "Change password" }).click();
  await expect(page).toHaveURL("/login?notice=password-changed");
  await expect(page.getByText("You were signed out everywhere.")).toBeVisible();
  expect((await as({ cookie: copy })("/api/vault", { port })).status).toBe(401);
  expect((await context.cookies()).filter(({ name }) => /auth-token|confirmed/.test(name))).toEqual([]);
  const changed = { ...account, password: "another-long-test-password" };
  expect((await signedIn(changed)).to).toBe("/login/code");
});

test("a setup is one's own, is given up by the next one, and is not a second one", async () => {
  const { client } = await signedUp();
  const { client: stranger } = await signedUp();
  const begun = expectOk(await client.ask("/api/account/factors", post({})), 201);
  expect(Object.keys(begun).sort()).toEqual(["id", "qrCode", "secret"]);
  const code = authenticator(begun.secret);
  const verify = (id: string) => post({ id, code: code() });
  const notThere = [404, "second_factor_not_found"] as const;
  expectProblem(await stranger.ask("/api/account/factors/verify", verify(begun.id)), ...notThere);
  const remove = { method: "DELETE" };
  expectProblem(await stranger.ask(`/api/account/factors?id=${begun.id}`, remove), ...notThere);

  const anew = expectOk(await client.ask("/api/account/factors", post({})), 201);
  expectProblem(await client.ask("/api/account/factors/verify", verify(begun.id)), ...notThere);
  const next = authenticator(anew.secret);
  expectOk(await client.ask("/api/account/factors/verify", post({ id: anew.id, code: next() })), 204);
  expectProblem(await client.ask("/api/account/factors", post({})), 409, "second_factor_exists");
  expectProblem(
    await client.ask("/api/account/factors/verify", post({ id: anew.id, code: next() })),
    ...notThere,
  );
  expectOk(await client.ask(`/api/account/factors?id=${anew.id}`, remove), 204);
  expectProblem(await client.ask(`/api/account/factors?id=${anew.id}`, remove), ...notThere);
});

test("a session whose factor is removed needs a code of the other one", async () => {
  const { account, client, next } = await enrolled();
  const other = await directly(client, "", { factor_type: "totp", friendly_name: "Another app" });
  const otherNext = authenticator(other.totp.secret);
  const challenge = await directly(client, `/${other.id}/challenge`, {});
  await directly(client, `/${other.id}/verify`, { challenge_id: challenge.id, code: otherNext() });
  const { client: first } = await signedIn(account);
  const { client: second } = await signedIn(account);
  expect((await first.code(next())).json.to).toBe("/dashboard");
  const { client: third } = await signedIn(account);
  expect((await third.code(next())).json.to).toBe("/dashboard");
  const path = `/api/account/factors?id=${idOf(first)}`;
  expectOk(await first.ask(path, { method: "DELETE" }), 204);
  expectProblem(await first.ask("/api/vault"), 401, "unauthenticated");
  expect((await first.ask("/login")).headers.location).toBe("/login/code");
  expect((await first.code(otherNext())).json.to).toBe("/dashboard");
  expectOk(await first.ask("/api/vault"));
  // Where its token is older than that, a session is held to it when it matters.
  const rest = `/api/account/factors?id=${other.id}`;
  expectProblem(await third.ask(rest, { method: "DELETE" }), 401, "unauthenticated");
  expectProblem(await second.ask(rest, { method: "DELETE" }), 401, "unauthenticated");
  expectOk(await first.ask(rest, { method: "DELETE" }), 204);
  expectOk(await first.ask("/api/vault"));
});

test("an account with another kind of second factor reads whom to ask, and can leave", async ({ page }) => {
  const { account, client } = await signedUp();
  const { id } = await directly(client, "", { factor_type: "phone", friendly_name: "Phone" });
  const challenge = await directly(client, `/${id}/challenge`, {});
  await directly(client, `/${id}/verify`, { challenge_id: challenge.id, code: PHONE_CODE });

  await page.goto("/login");
  await fill(page, account);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/login/code");
  await expect(page.getByRole("main")).toContainText("Ask the operator of this site");
  const { client: half } = await signedIn(account);
  expectProblem(await half.code("123456"), 404, "second_factor_not_found");
  await page.getByRole("button", { name: "Use a different account" }).click();
  await expect(page).toHaveURL("/login");
  expect((await page.context().cookies()).filter(({ name }) => name.includes("auth-token"))).toEqual([]);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the code is asked for, refused, and taken, and one can leave instead", async ({ page }) => {
    const { account, next } = await enrolled();
    const signIn = async () => {
      await page.goto("/login?next=usage");
      await fill(page, account);
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page).toHaveURL("/login/code?next=usage");
    };
    await signIn();
    await page.getByRole("button", { name: "Use a different account" }).click();
    await expect(page).toHaveURL("/login");
    await signIn();
    const code = page.getByLabel("Code", { exact: true });
    await code.fill(wrongCode(next()));
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL("/login/code?next=usage");
    await expect(page.getByText("Wrong code.")).toBeVisible();
    await expect(code).toHaveValue("");
    await code.fill(next());
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL("/usage");
  });
});

test("where the auth server has no second factors, there is no card, and the API says so", async ({
  page,
}) => {
  const person = await newPerson();
  await enter(page.context(), person);
  await page.goto(`${APP_URL}/account`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText("Two-factor authentication")).toHaveCount(0);
  const ask = as(person);
  expectProblem(await ask("/api/account/factors", post({})), 403, "second_factor_disabled");
});

test("an operator is nobody before they have given their code", async () => {
  const { account, client } = await signedUp({ ...newAccount(), email: OPERATOR_EMAILS[4] ?? "" });
  expect((await client.ask("/operator")).status).toBe(200);
  const next = await enrol(client);
  const { client: half } = await signedIn(account);
  expect((await half.ask("/operator")).status).toBe(404);
  expectProblem(await half.ask("/api/operator/usage"), 404, "address_not_found");
  await half.code(next());
  expectOk(await half.ask("/api/operator/usage"));
});
