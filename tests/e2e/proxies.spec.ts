import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "@playwright/test";
import { APP_PORT, APP_URL } from "../support/ports";
import { newPerson, send } from "./api/client";
import { expect, test, VaultPanel } from "./fixtures";
import { goThrough } from "./way-in";

// The app behind a proxy: which origin is its own, it knows from SITE_URL and from the browser.

/** What proxies in front of us do to the name that people have entered. */
const PROXIES: Record<string, (host: string) => Record<string, string>> = {
  "nginx's default": () => ({ host: `127.0.0.1:${APP_PORT}` }),
  "another name inside": () => ({ host: "app.internal", "x-forwarded-host": "app.internal" }),
  "X-Forwarded-Host without the port": () => ({
    host: `127.0.0.1:${APP_PORT}`,
    "x-forwarded-host": "localhost",
    "x-forwarded-proto": "http",
  }),
};

/** A proxy on a port of its own, which leaves the headers alone but for those. */
async function proxyWith(rewrite: (host: string) => Record<string, string>) {
  const locations: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, ...rewrite(String(incoming.headers.host)) };
    const { method, url: path } = incoming;
    const onward = request(
      { host: "127.0.0.1", port: APP_PORT, method, path, headers, agent: false },
      (answer) => {
        if (answer.headers.location) locations.push(answer.headers.location);
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.once("error", () => outgoing.destroy());
    incoming.pipe(onward);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  const { port } = server.address() as AddressInfo;
  return { locations, origin: `http://localhost:${port}`, [Symbol.dispose]: close };
}

async function throughProxy(browser: Browser, javaScriptEnabled: boolean, what: string): Promise<void> {
  using proxy = await proxyWith(PROXIES[what] ?? (() => ({})));
  const context = await browser.newContext({ javaScriptEnabled });
  const page = await context.newPage();
  await goThrough(page, proxy.origin);
  if (javaScriptEnabled) {
    const vault = new VaultPanel(page);
    await vault.add("MY_KEY", "value-not-real");
    await vault.show("MY_KEY");
    await expect(vault.value("MY_KEY")).toHaveText("value-not-real");
  }
  await page.goto(`${proxy.origin}/auth/confirm?code=junk`);
  await page.goto(`${proxy.origin}/`);
  await page.goto(`${proxy.origin}/usage/`);
  await expect(page).toHaveURL(`${proxy.origin}/usage`);
  // Each of them is a path: where the site is, the browser knows.
  expect(proxy.locations.length).toBeGreaterThan(3);
  expect(proxy.locations.filter((location) => !/^\/(?!\/)/.test(location))).toEqual([]);
  await context.close();
}

for (const what of Object.keys(PROXIES)) {
  for (const javaScriptEnabled of [true, false]) {
    test(`behind a proxy that rewrites Host, all works: ${what}, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async ({
      browser,
    }) => {
      await throughProxy(browser, javaScriptEnabled, what);
    });
  }
}

test("an old browser behind a proxy is known by its Origin, which is the site's own", async () => {
  const person = await newPerson();
  const post = (path: string, fields: Record<string, string>, origin: string) =>
    send(path, {
      method: "POST",
      headers: {
        ...{ Cookie: person.cookie, Host: `127.0.0.1:${APP_PORT}`, "X-Forwarded-Host": "localhost" },
        "Content-Type": "application/x-www-form-urlencoded",
        Origin: origin,
      },
      body: new URLSearchParams(fields).toString(),
    });
  const { email, password } = person;
  const signIn = await post("/api/auth/sign-in", { email, password }, APP_URL);
  expect([signIn.status, signIn.headers.location]).toEqual([303, "/dashboard"]);
  expect((await post("/api/auth/sign-in", { email, password }, `http://127.0.0.1:${APP_PORT}`)).status).toBe(
    403,
  );
  expect((await post("/api/auth/sign-out", {}, "http://localhost")).status).toBe(403);
  expect((await post("/api/auth/sign-out", {}, APP_URL)).status).toBe(303);
});
