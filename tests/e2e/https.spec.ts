import { type AddressInfo, createServer } from "node:net";
import { type Browser, type BrowserContext, test as base, chromium, expect } from "@playwright/test";
import { answers, run } from "../faults/servers";
import { APP_ENV } from "../support/app-env";
import { browserLaunchOptions } from "../support/browser";
import { waitForMail } from "../support/mailbox";
import { APP_URL, SUPABASE_URL } from "../support/ports";
import { DOMAIN, RESOLVE_HERE, startTlsProxy, type TlsProxy } from "../support/tls-proxy";
import { askDatabase, newPerson, type Person } from "./api/client";
import { newValue, signOut, signUp, VaultPanel } from "./fixtures";

// The app as people meet it: over https, behind a proxy, with other hosts under the same domain that are not ours.

const NAME = "sb-127-auth-token";
const HOST_NAME = `__Host-${NAME}`;
const KEY = "MY_PRIVATE_KEY_1";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Https {
  proxy: TlsProxy;
  browser: Browser;
}

const test = base.extend<{ window: BrowserContext; attacker: Person }, { https: Https }>({
  https: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants it
    async ({}, use) => {
      const port = await freePort();
      const proxy = await startTlsProxy(port);
      const next = ["node_modules/next/dist/bin/next", "start", "-H", "127.0.0.1", "-p", String(port)];
      const env = { ...APP_ENV, NEXT_PUBLIC_SUPABASE_URL: SUPABASE_URL, SITE_URL: proxy.siteOrigin };
      const app = run(process.execPath, next, env);
      await answers(`http://127.0.0.1:${port}/icon.svg`, app);
      const options = await browserLaunchOptions();
      const browser = await chromium.launch({ ...options, args: [...(options.args ?? []), RESOLVE_HERE] });
      await use({ proxy, browser });
      await browser.close();
      await app.kill();
      proxy.close();
    },
    { scope: "worker", timeout: 300_000 },
  ],
  window: async ({ https: { browser, proxy } }, use) => {
    const context = await browser.newContext({ baseURL: proxy.siteOrigin, ignoreHTTPSErrors: true });
    await use(context);
    await context.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants it
  attacker: async ({}, use) => use(await newPerson()),
});

/** Has the browser visit the sibling host, which sets these cookies. */
async function visitSibling(
  window: BrowserContext,
  { sibling }: TlsProxy,
  ...cookies: string[]
): Promise<void> {
  const page = await window.newPage();
  const query = new URLSearchParams(cookies.map((cookie) => ["set-cookie", cookie]));
  await page.goto(`${sibling}/?${query}`);
  await page.close();
}

/** The session cookie's value, whatever chunks it comes in. */
const sessionOf = ({ cookie }: Person) =>
  cookie
    .split("; ")
    .filter((pair) => /^sb-127-auth-token(\.\d)?=/.test(pair))
    .map((pair) => pair.slice(pair.indexOf("=") + 1))
    .join("");

/** The keys that somebody's vault holds, by the database itself. */
async function keysOf(id: string): Promise<string[]> {
  const { text } = await askDatabase(`/rest/v1/vault_secrets?select=key&order=key&owner_id=eq.${id}`);
  return JSON.parse(text).map((row: { key: string }) => row.key);
}

async function idOf(email: string): Promise<string> {
  const { text } = await askDatabase(
    `/rest/v1/profiles?select=user_id&email=eq.${encodeURIComponent(email)}`,
  );
  return JSON.parse(text)[0].user_id;
}

test("the session cookie is one that no other host can set", async ({ window }) => {
  const page = await window.newPage();
  await signUp(page);
  const cookies = (await window.cookies()).filter(({ name }) => name.includes(NAME));
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) {
    expect(cookie.name.startsWith(HOST_NAME), cookie.name).toBe(true);
    expect(cookie).toMatchObject({
      ...{ secure: true, httpOnly: true, sameSite: "Lax", path: "/", domain: `vault.${DOMAIN}` },
    });
  }
  await signOut(page);
  await page.waitForURL("**/login");
  expect((await window.cookies()).filter(({ name }) => /auth-token(\.\d+)?$/.test(name))).toEqual([]);
});

test("the cookie between a link and a new password is one, too", async ({ window, attacker, https }) => {
  const form = new URLSearchParams({ email: attacker.email });
  await fetch(`${APP_URL}/api/auth/forgot-password`, { method: "POST", body: form, redirect: "manual" });
  const { search } = new URL((await waitForMail(attacker.email)).link);
  const page = await window.newPage();
  await page.goto(`/auth/confirm${search}`);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading")).toHaveText(`New password for ${attacker.email}`);
  const cookies = await window.cookies();
  const [cookie] = cookies.filter(({ name }) => name.includes("new-password"));
  for (const each of cookies.filter(({ name }) => /new-password|vault-link/.test(name))) {
    expect(each).toMatchObject({ secure: true, httpOnly: true, path: "/", domain: `vault.${DOMAIN}` });
  }
  expect(cookies.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["__Host-new-password", "__Host-vault-link"]),
  );
  // Under the other name, or from a sibling, it is none.
  await window.clearCookies({ name: "__Host-new-password" });
  await visitSibling(
    window,
    https.proxy,
    `new-password=${cookie?.value}; Domain=${DOMAIN}; Path=/; Secure`,
    `__Host-new-password=${cookie?.value}; Domain=${DOMAIN}; Path=/; Secure`,
  );
  await page.goto("/new-password");
  await expect(page.getByRole("heading")).toHaveText("This page has expired");
});

test.describe("another host under the same domain", () => {
  for (const path of ["/api", "/", "/api/vault", "/dashboard"]) {
    test(`puts nobody into its own account with a cookie for ${path}`, async ({
      window,
      attacker,
      https,
    }) => {
      const page = await window.newPage();
      const victim = await signUp(page);
      const value = sessionOf(attacker);
      await visitSibling(
        window,
        https.proxy,
        `${NAME}=${value}; Domain=${DOMAIN}; Path=${path}; Secure`,
        `${NAME}.0=${value.slice(0, 99)}; Domain=${DOMAIN}; Path=${path}; Secure`,
        `${HOST_NAME}=${value}; Domain=${DOMAIN}; Path=${path}; Secure`,
        `${HOST_NAME}.0=${value}; Domain=${DOMAIN}; Path=${path}; Secure`,
        `${HOST_NAME}=${value}; Path=/; Secure`,
        // A name that begins with a character which JavaScript, and not the browser, takes for white space.
        `\u00a0${HOST_NAME}=${value}; Domain=${DOMAIN}; Path=${path}; Secure`,
      );
      const tossed = await window.cookies(`${https.proxy.siteOrigin}${path}`);
      expect(tossed.filter((cookie) => cookie.domain === `.${DOMAIN}`).map(({ name }) => name)).toEqual(
        expect.arrayContaining([NAME, `${NAME}.0`]),
      );
      expect(
        tossed.filter(({ name, domain }) => name.startsWith("__Host-") && domain.startsWith(".")),
      ).toEqual([]);
      // In the page that was open before, and in one that is loaded now.
      await new VaultPanel(page).add(KEY, newValue());
      await page.reload();
      await expect(page.getByRole("banner")).toContainText(victim.email);
      await new VaultPanel(page).add("MY_PRIVATE_KEY_2", newValue());
      expect(await keysOf(await idOf(victim.email))).toEqual([KEY, "MY_PRIVATE_KEY_2"]);
      expect(await keysOf(attacker.id)).toEqual([]);
    });
  }

  test("signs nobody in", async ({ window, attacker, https }) => {
    const value = sessionOf(attacker);
    await visitSibling(
      window,
      https.proxy,
      `${NAME}=${value}; Domain=${DOMAIN}; Path=/; Secure`,
      `${HOST_NAME}=${value}; Domain=${DOMAIN}; Path=/; Secure`,
      `\u00a0${HOST_NAME}=${value}; Domain=${DOMAIN}; Path=/; Secure`,
    );
    const page = await window.newPage();
    await page.goto("/dashboard");
    await expect(page).toHaveURL(/\/login/);
    expect(await page.evaluate(async () => (await fetch("/api/vault")).status)).toBe(401);
  });
});
