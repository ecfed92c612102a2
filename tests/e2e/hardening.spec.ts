import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { SERVER_LOG } from "../support/paths";
import { APP_URL } from "../support/ports";
import { as, newPerson, type Sending, send } from "./api/client";
import { expect, newcomer, newValue, store, test, VaultPanel } from "./fixtures";

// Those without a page begin with the names of what has no policy.
const NO_PAGES = [
  "/no-such-page",
  "/favicon.icoX",
  "/faviconXico",
  "/icon.svgX",
  "/_next/imageX",
  "/_next/staticX",
];
const PAGES = ["/", "/login", "/dashboard", "/activity", "/usage", "/team/new", "/invite", ...NO_PAGES];

/** The directives of a policy, each with its sources. */
const directives = (policy: string) =>
  Object.fromEntries(policy.split("; ").map((directive) => directive.split(/ (.*)/s, 2) as [string, string]));

test("every page says what the browser may do with it, and lets only its own scripts run", async () => {
  const ask = as(await newPerson());
  const nonces = new Set<string>();
  for (const path of [...PAGES, ...PAGES]) {
    const { headers, text } = await ask(path);
    const { "script-src": scripts = "", ...policy } = directives(String(headers["content-security-policy"]));
    const nonce = /^'self' 'nonce-([0-9a-f]{32})' 'strict-dynamic'$/.exec(scripts)?.[1];
    expect(nonce, `${path}: ${scripts}`).toBeDefined();
    expect(nonces, "a nonce is for one reply").not.toContain(nonce);
    nonces.add(String(nonce));
    const tags = [...text.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
    expect(tags.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
    expect(policy, path).toEqual({
      "default-src": "'self'",
      "style-src": "'self' 'unsafe-inline'",
      "img-src": "'self' blob: data:",
      "font-src": "'self'",
      "connect-src": "'self'",
      "object-src": "'none'",
      "base-uri": "'none'",
      "form-action": "'self'",
      "frame-ancestors": "'none'",
      "report-uri": "/api/csp-reports",
    });
  }
});

test("every reply, whatever it is, carries the headers that close what browsers leave open", async () => {
  const ask = as(await newPerson());
  const asset = /\/_next\/static\/[^"]+\.js/.exec((await send("/login")).text)?.[0];
  expect(asset).toBeDefined();
  for (const path of [...PAGES, String(asset), "/icon.svg", "/api/vault", "/api/vault?key=no", "/api/none"]) {
    const { headers } = await ask(path);
    expect(headers, path).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "x-frame-options": "DENY",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    });
    expect(headers["x-powered-by"], path).toBeUndefined();
    expect(headers["strict-transport-security"], `${path}, without encryption`).toBeUndefined();
    const encrypted = await ask(path, { headers: { "X-Forwarded-Proto": "https" } });
    expect(encrypted.headers["strict-transport-security"], path).toBe("max-age=63072000");
  }
  expect((await ask("/api/vault")).headers["content-security-policy"]).toBe(
    "default-src 'none'; frame-ancestors 'none'",
  );
});

test("what an older build's forms send to a page is refused, without a line in the log", async () => {
  const ask = as(await newPerson());
  const form = new FormData();
  form.set(`$ACTION_ID_${"0".repeat(42)}`, "");
  form.set("$ACTION_REF_1", "");
  form.set("email", "somebody@example.com");
  const encoded = new Response(form);
  const type = String(encoded.headers.get("content-type"));
  const body = Buffer.from(await encoded.arrayBuffer());
  const sendings: Sending[] = [
    { headers: { "Content-Type": type }, body },
    { headers: { "Content-Type": type }, body: "no form" },
    { headers: { "Next-Action": "0".repeat(42), "Content-Type": "text/plain" }, body: "[]" },
    { headers: { "Next-Action": "x", "Content-Type": type }, body },
    { headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: "email=x" },
    {},
  ];
  const before = readFileSync(SERVER_LOG, "utf8").length;
  for (const path of [...PAGES, "/auth/confirm"]) {
    for (const sending of sendings) {
      const reply = await ask(path, { ...sending, method: "POST" });
      expect([path, reply.status, reply.json?.code]).toEqual([path, 405, "method_not_allowed"]);
    }
  }
  expect(readFileSync(SERVER_LOG, "utf8").slice(before)).not.toContain("Server Action");
});

/** Another site's server on this machine, closed at the end. */
async function foreignServer(answer: (request: IncomingMessage, reply: ServerResponse) => void) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => server.close();
  return { port, origin: `http://127.0.0.1:${port}`, [Symbol.dispose]: close };
}

/** What the page's policy has refused since it was loaded, the directive and what it was about. */
const refused = (page: Page) => page.evaluate(() => (window as unknown as { refused: string[] }).refused);

async function noteRefusals(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const refused: string[] = [];
    Object.assign(window, { refused });
    document.addEventListener("securitypolicyviolation", (event) =>
      refused.push(`${event.effectiveDirective} ${event.blockedURI}`),
    );
  });
}

/** Puts markup into the dashboard's HTML on its way to the browser, as a hole in the page would. */
async function inject(page: Page, markup: string): Promise<void> {
  await page.route("**/dashboard", async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace("<main", `${markup}<main`);
    expect(body).toContain(markup);
    await route.fulfill({ response, body });
  });
}

test("a script that somebody brought into the page does not run", async ({ page }) => {
  using foreign = await foreignServer((_, reply) =>
    reply.writeHead(200, { "Content-Type": "text/javascript" }).end("window.injected = 'foreign'"),
  );
  const { origin } = foreign;
  await newcomer(page);
  await noteRefusals(page);
  await inject(
    page,
    `<script>window.injected = "inline"</script>
     <script nonce="guessed">window.injected = "nonce"</script>
     <script src="${origin}/foreign.js"></script>
     <script src="data:text/javascript,window.injected='data'"></script>
     <img src="/no-such-picture" alt="" onerror="window.injected = 'attribute'">
     <iframe srcdoc="<script>parent.injected = 'frame'</script>"></iframe>
     <object data="${origin}/object"></object>
     <base href="${origin}/">`,
  );
  await page.goto("/dashboard");
  // The page itself works: its own scripts run.
  await page.getByRole("button", { name: "Add a secret" }).click();
  await expect(page.getByRole("dialog", { name: "Add a secret" })).toBeVisible();
  await page.evaluate(() => location.assign("javascript:window.injected='address'"));
  for (const expected of [
    "script-src-elem inline",
    `script-src-elem ${origin}/foreign.js`,
    "script-src-elem data",
    "script-src-attr inline",
    `object-src ${origin}`,
    `base-uri ${origin}/`,
  ]) {
    await expect.poll(() => refused(page)).toContain(expected);
  }
  expect(await page.evaluate(() => "injected" in window)).toBe(false);
});

test("what a page has read cannot be sent elsewhere by the usual ways", async ({ page }) => {
  const received: string[] = [];
  using foreign = await foreignServer((request, reply) => {
    received.push(String(request.url));
    reply.writeHead(200, { "Access-Control-Allow-Origin": "*" }).end();
  });
  const { origin } = foreign;
  await noteRefusals(page);
  await newcomer(page);
  const outcome = await page.evaluate(async (origin) => {
    const fetched = await fetch(`${origin}/fetch`).then(
      () => "sent",
      () => "refused",
    );
    const image = new Image();
    const shown = new Promise((resolve) => {
      image.onload = () => resolve("sent");
      image.onerror = () => resolve("refused");
    });
    image.src = `${origin}/image`;
    navigator.sendBeacon(`${origin}/beacon`, "x");
    const form = Object.assign(document.createElement("form"), { method: "post", action: `${origin}/form` });
    document.body.append(form);
    form.requestSubmit();
    return [fetched, await shown];
  }, origin);
  expect(outcome).toEqual(["refused", "refused"]);
  await expect.poll(() => refused(page)).toContain(`form-action ${origin}/form`);
  expect(await refused(page)).toContain(`connect-src ${origin}/beacon`);
  expect(received).toEqual([]);
});

test("no foreign page shows ours in a frame, reads a reply or holds on to a window of ours", async ({
  page,
}) => {
  await newcomer(page);
  const value = newValue();
  await store(page, "OPENAI_API_KEY", value);
  using foreign = await foreignServer((_, reply) =>
    reply.writeHead(200, { "Content-Type": "text/html" }).end(
      `<!doctype html><title>Foreign</title>
       <iframe src="${APP_URL}/dashboard"></iframe>
       <iframe src="${APP_URL}/api/vault"></iframe>
       <iframe src="${APP_URL}/login"></iframe>`,
    ),
  );
  // `localhost` with another port is the same site, to which the browser sends the session's cookie.
  await page.goto(`http://localhost:${foreign.port}`);
  const frames = page.frames().filter((frame) => frame !== page.mainFrame());
  expect(frames).toHaveLength(3);
  for (const frame of frames) {
    expect(frame.url()).toMatch(/^chrome-error:/);
    expect(await frame.content()).not.toContain("Vault");
  }
  const read = await page.evaluate(async (app) => {
    const ask = (path: string, init?: RequestInit) =>
      fetch(`${app}${path}`, { credentials: "include", ...init }).then(
        (reply) => reply.text(),
        () => "refused",
      );
    return [
      await ask("/api/vault?key=OPENAI_API_KEY&reveal=true"),
      await ask("/api/vault"),
      await ask("/api/vault", { mode: "no-cors" }),
      await ask("/api/vault?key=OPENAI_API_KEY", { method: "DELETE", mode: "no-cors" }),
    ];
  }, APP_URL);
  expect(read).toEqual(["refused", "refused", "refused", "refused"]);
  const opened = page.waitForEvent("popup");
  await page.evaluate((app) => {
    Object.assign(window, { ours: window.open(`${app}/dashboard`) });
  }, APP_URL);
  const ours = await opened;
  await expect(new VaultPanel(ours).row("OPENAI_API_KEY")).toBeVisible();
  expect(await ours.evaluate(() => window.opener)).toBeNull();
  expect(await page.evaluate(() => (window as unknown as { ours: Window }).ours.closed)).toBe(true);
});
