import { test as base, type Page } from "@playwright/test";
import {
  type Account,
  as,
  cookiesFrom,
  expectOk,
  expectProblem,
  newAccount,
  newPerson,
  post,
  send,
} from "../e2e/api/client";
import { expect } from "../e2e/fixtures";
import { fill } from "../e2e/way-in";
import { type HostedAuth, type HostedRequest, startHostedAuth } from "../support/hosted-auth";
import { TEST_SECRET_KEY } from "../support/keys";
import { waitForMail } from "../support/mailbox";
import { APP_URL, PROXY_PORT, PROXY_URL, SUPABASE_URL } from "../support/ports";
import { logOf } from "./broken";
import { dataFolder, fillWithTemplate, type Running, startApp, startDatabase } from "./servers";

// What a hosted project refuses because of how it is set up, or because it is paused: the person gets a status and a code,
// nothing is lost, and the log has one line. See tests/support/hosted-auth.ts.

const test = base.extend<{ asItWas: undefined }, { hosted: HostedAuth & { app: Running } }>({
  // Other ports in each worker, which the configuration cannot know.
  baseURL: APP_URL,
  hosted: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants it
    async ({}, use) => {
      const folder = dataFolder();
      fillWithTemplate(folder.path);
      const database = await startDatabase(folder.path);
      const hosted = await startHostedAuth(PROXY_PORT, SUPABASE_URL, { siteUrl: APP_URL });
      const app = await startApp(PROXY_URL, [], { CLIENT_ADDRESS_HEADER: "x-real-ip" });
      await use({ ...hosted, app });
      await app.kill();
      await hosted.close();
      await database.kill();
      folder.remove();
    },
    { scope: "worker", timeout: 300_000 },
  ],
  asItWas: [
    async ({ hosted: { settings } }, use) => {
      const before = { ...settings, keys: { ...settings.keys } };
      await use(undefined);
      Object.assign(settings, before);
    },
    { auto: true },
  ],
});

let clients = 0;
/** A client's address, which nobody else has. */
const newAddress = () => `198.51.100.${++clients}`;

/** Sends one of the forms on the way in, as its page does. */
const form = (path: string, fields: object, address = newAddress()) =>
  send(`/api/auth/${path}`, {
    ...{ method: "POST", body: new URLSearchParams({ ...fields }).toString() },
    headers: {
      ...{ "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
      ...(address && { "X-Real-IP": address }),
    },
  });

/** Somebody with an account, signed in through the app. */
async function member() {
  const account = await newPerson();
  const signedIn = await form("sign-in", { email: account.email, password: account.password });
  expect(signedIn.status, signedIn.text).toBe(200);
  return { ...account, ask: as({ cookie: cookiesFrom(signedIn) }) };
}

async function signIn(page: Page, account: Account): Promise<void> {
  await page.goto("/login");
  await fill(page, account);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("a project that is paused in the middle costs nobody their session, and its status is in the log", async ({
  hosted: { app, settings },
  page,
}) => {
  await signIn(page, await newPerson());
  await expect(page).toHaveURL("/dashboard");
  const { ask, ...person } = await member();
  settings.paused = true;
  for (const [work, code] of [
    [() => ask("/api/vault"), "auth_unavailable"],
    [() => form("sign-in", person), "auth_misconfigured"],
    [() => form("forgot-password", person), "auth_misconfigured"],
  ] as const) {
    const log = await logOf(app, async () => expectProblem(await work(), 503, code));
    expect(log).toMatchObject([{ code, status: 503, cause_code: 540 }]);
  }
  await page.goto("/usage");
  await expect(page.getByRole("heading")).toHaveText("This page can't be shown right now");
  settings.paused = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/Usage/);
  expectOk(await ask("/api/vault"));
});

test("an API key that is deleted in the middle is no sign-out, and the log says that the gateway refused it", async ({
  hosted: { app, settings },
}) => {
  const { ask, ...person } = await member();
  const { publishable, secret } = settings.keys;
  settings.keys.publishable = ["sb_publishable_the-next-one-not-real-000"];
  let log = await logOf(app, async () => {
    const reply = await form("sign-in", person, "");
    expect(reply.status).toBe(503);
    expect(reply.headers["set-cookie"]?.join() ?? "").not.toMatch(/auth-token/);
  });
  expect(log).toMatchObject([{ status: 503, cause_code: 401 }]);
  log = await logOf(app, async () => expectProblem(await ask("/api/vault"), 503, "auth_unavailable"));
  expect(log).toMatchObject([{ status: 503, cause_code: 401 }]);
  settings.keys.publishable = publishable;

  settings.keys.secret = ["sb_secret_the-next-one-not-real-00000000000"];
  log = await logOf(app, async () => expectProblem(await ask("/api/vault"), 503, "vault_unavailable"));
  expect(log).toMatchObject([{ code: "vault_unavailable", status: 503 }]);
  settings.keys.secret = secret;
  expectOk(await ask("/api/vault"));
});

test("a schema that the Data API does not expose has PostgREST's code in the log", async ({
  hosted: { app, settings },
}) => {
  const { ask } = await member();
  settings.exposedSchemas = ["graphql_public"];
  const log = await logOf(app, async () => expectProblem(await ask("/api/vault"), 503, "vault_unavailable"));
  expect(log).toMatchObject([{ code: "vault_unavailable", cause_code: "PGRST106" }]);
});

test("with CAPTCHAs on, people sign in where their address goes along, and the log says why others don't", async ({
  hosted: { app, settings },
}) => {
  const { email, password } = await newPerson();
  settings.captcha = true;
  expect((await form("sign-in", { email, password })).json).toEqual({ to: "/dashboard" });
  const log = await logOf(app, async () =>
    expect((await form("sign-in", { email, password }, "")).status).toBe(503),
  );
  expect(log).toMatchObject([{ status: 503, cause_code: "captcha_failed" }]);
});

const isSignIn = ({ path }: HostedRequest) => path === "/auth/v1/token?grant_type=password";

test("a browser's sign-in goes along with its address, its name and the secret key, and not as a browser's", async ({
  hosted: { requests },
  page,
}) => {
  const address = newAddress();
  await page.setExtraHTTPHeaders({ "X-Real-IP": address });
  await signIn(page, await newPerson());
  await expect(page).toHaveURL("/dashboard");
  const [{ headers } = { headers: {} }] = requests.filter(isSignIn).slice(-1);
  expect(headers).toMatchObject({
    apikey: TEST_SECRET_KEY,
    authorization: `Bearer ${TEST_SECRET_KEY}`,
    "sb-forwarded-for": address,
    "user-agent": expect.stringMatching(/^(?!.*Mozilla).*Chrome/),
  });
});

test("one client's limit is not everybody's where the address is forwarded, and is where it isn't", async ({
  hosted: { app, settings },
}) => {
  const { email, password } = await newPerson();
  const [busy, other] = [newAddress(), newAddress()];
  settings.requestsPerAddress = 2;
  const statuses = [];
  for (const address of [busy, busy, busy, other]) {
    statuses.push((await form("sign-in", { email, password }, address)).status);
  }
  expect(statuses).toEqual([200, 200, 429, 200]);
  settings.addressForwarding = false;
  // As many as the app's own address has, by whomever they are used up.
  for (const address of [newAddress(), newAddress()]) await form("sign-in", { email, password }, address);
  for (const address of [newAddress(), newAddress()]) {
    const log = await logOf(app, async () =>
      expectProblem(await form("sign-in", { email, password }, address), 429, "too_many_attempts"),
    );
    // It is the person's own limit, and no error of the server.
    expect(log).toEqual([]);
  }
});

test("sign-ups that are off, weak passwords and a mail server that is down each say so", async ({
  hosted: { app, settings },
}) => {
  const account = newAccount();
  settings.signUp = false;
  expectProblem(await form("sign-up", account), 403, "sign_up_disabled");
  settings.signUp = true;
  settings.passwordCharacters = ["0123456789"];
  expectProblem(await form("sign-up", account), 400, "password_too_weak");
  settings.passwordCharacters = [];
  settings.leakedPasswords = [account.password];
  const leaked = await form("sign-up", account);
  expect([leaked.status, leaked.json.code]).toEqual([400, expect.stringMatching(/^password_/)]);
  settings.leakedPasswords = [];
  settings.smtp = false;
  const log = await logOf(app, async () => expect((await form("sign-up", account)).status).toBe(503));
  expect(log).toMatchObject([{ status: 503 }]);
  settings.smtp = true;
  expect((await form("sign-up", account)).status).toBe(200);
  const { link } = await waitForMail(account.email);
  settings.linkSeconds = 0;
  const open = () => form("links", Object.fromEntries(new URL(link).searchParams));
  expect((await open()).headers.location).toBe("/login?notice=expired");
  settings.linkSeconds = 3600;
  expect((await open()).headers.location).toBe("/login?notice=confirmed");
});

test("a change of password says what the project asks for besides, and sends the current one", async ({
  hosted: { settings },
}) => {
  const { ask, password } = await member();
  const change = { current_password: password, new_password: "another-long-test-password" };
  settings.reauthentication = true;
  expectProblem(await ask("/api/account/password", post(change)), 403, "sign_in_again");
  settings.reauthentication = false;
  settings.currentPassword = true;
  const other = await member();
  expect((await other.ask("/api/account/password", post(change))).status).toBe(200);
});
