import { randomBytes, randomInt } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { alertLine } from "../../lib/alerts/log";
import { logLine } from "../../lib/vault/http/log";
import { securityLine } from "../../lib/vault/http/security-log";
import { finder, piecesOf } from "../support/needles";
import { DATA_DIR, SERVER_LOG } from "../support/paths";
import { startWebhookReceiver, verified } from "../support/webhook-receiver";
import { expect, receivedWith, test } from "./fixtures";

/** What a value begins with that is no secret: of what follows, not even this many characters in a row are anywhere. */
const PREFIX = "sk-ant-test-canary-";
const PIECE = 5;

/**
 * A value that is like no other text: letters and digits with rare signs between them, so that no few characters in a row
 * of it are anywhere by chance, neither in scripts nor in ciphertexts.
 */
function newCanary(): string {
  const letters = randomBytes(36).toString("base64").replace(/\W/g, "x");
  return `${PREFIX}${[...letters.slice(0, 24)].map((letter) => letter + "~!"[randomInt(2)]).join("")}`;
}

/** How a value, or a piece of its secret part, is in some bytes; nothing where it is not. */
function tracesOf(canary: string): (bytes: Buffer) => string[] {
  const forms = everyForm(canary);
  const findPiece = finder(piecesOf(canary.slice(PREFIX.length), PIECE));
  return (bytes) => {
    const whole = forms.flatMap(([name, form]) => (bytes.includes(form) ? [name] : []));
    const piece = findPiece(bytes);
    return piece && whole.length === 0 ? [`a piece, ${piece}`] : whole;
  };
}

/**
 * Looks for a value in everything that this page is sent, asks for and prints, except for the replies to reveals.
 *
 * @returns `look` for other places, and `leaks`, which waits for the replies and says where it was
 */
function watchFor(page: Page, canary: string) {
  const traces = tracesOf(canary);
  const found: string[] = [];
  const look = (where: string, content: string | Buffer) => {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    for (const name of traces(bytes)) found.push(`${where}, as ${name}`);
  };
  const replies: Promise<void>[] = [];
  page.on("response", (response) => {
    if (response.url().includes("reveal=true")) return;
    replies.push(
      response.body().then(
        (body) => {
          look(response.url(), body);
          look(`headers of ${response.url()}`, JSON.stringify(response.headers()));
        },
        () => undefined, // redirects have no body
      ),
    );
  });
  const urls: string[] = [];
  page.on("request", (request) => urls.push(request.url()));
  page.on("console", (message) => look("the browser's console", message.text()));
  const leaks = async () => {
    await Promise.all(replies);
    look("an address", urls.join("\n"));
    look("the database", readTree(DATA_DIR));
    look("the servers' output", readFileSync(SERVER_LOG));
    look(
      "the browser's storage",
      await page.evaluate(async () => {
        const databases = await indexedDB.databases();
        const cached = await caches.keys();
        return JSON.stringify([
          { ...localStorage },
          { ...sessionStorage },
          databases,
          cached,
          document.cookie,
        ]);
      }),
    );
    return found;
  };
  return { look, leaks };
}

test("a value is in the provider's request and in the reply to a reveal, and nowhere else", async ({
  page,
  vault,
}) => {
  const canary = newCanary();
  const { look, leaks } = watchFor(page, canary);
  await vault.add("ANTHROPIC_API_KEY", canary, "Canary");
  const reveal = page.getByRole("region", { name: "Reveal" });
  await reveal.getByLabel("Prompt").fill("Sing");
  await reveal.getByRole("button", { name: "Run", exact: true }).click();
  await expect(reveal).toContainText("Paid with your key");
  expect((await receivedWith(canary)).length, "the provider got the key").toBe(1);
  await vault.show("ANTHROPIC_API_KEY");
  await expect(vault.value("ANTHROPIC_API_KEY")).toHaveText(canary);
  await vault.row("ANTHROPIC_API_KEY").getByRole("button", { name: "Hide" }).click();
  // The last four characters are there, and not one more.
  const list = await page.request.get("/api/vault");
  const [stored] = (await list.json()).secrets;
  expect(stored.details.hint).toBe(canary.slice(-4));
  look("the list", await list.body());
  look("the page after hiding", await page.content());
  await page.reload();
  look("the page after a reload", await page.content());
  look("the database while it is stored", readTree(DATA_DIR));
  await vault.remove("ANTHROPIC_API_KEY");
  expect(await leaks()).toEqual([]);
});

test("a request that is refused does not repeat the value that was in it", async ({ page, vault }) => {
  const canary = newCanary();
  const { look, leaks } = watchFor(page, canary);
  await expect(vault.panel).toBeVisible();
  const raw = (data: string) => ({ data, headers: { "content-type": "application/json" } });
  const import_ = (secret: object) => ({ data: { secrets: [{ if_updated_at: null, ...secret }] } });
  const requests: [string, object][] = [
    ["/api/vault", { data: { key: "BAD KEY", value: canary } }],
    ["/api/vault", { data: { key: canary, value: "x" } }],
    ["/api/vault", { data: { key: "OPENAI_API_KEY", value: `${canary}\nü` } }],
    ["/api/vault", { data: { key: "OPENAI_API_KEY", value: `export X=${canary}` } }],
    ["/api/vault", { data: { key: "OPENAI_API_KEY", value: [canary] } }],
    ["/api/vault", { data: { key: "OPENAI_API_KEY", value: "x", category: canary } }],
    ["/api/vault", { data: { key: "OPENAI_API_KEY", value: "x", [canary]: 1 } }],
    ["/api/vault", { data: { key: "OPENAI_API_KEY", value: "x", team_id: canary } }],
    ["/api/vault", { data: { key: "OPENAI_API_KEY", value: "x", if_updated_at: canary } }],
    ["/api/vault", raw(`{"key":"A","value":"${canary}`)],
    ["/api/vault", raw(`{"key":"A","value":"${canary.repeat(1000)}"}`)],
    ["/api/vault", { data: `value=${canary}`, headers: { "content-type": "text/plain" } }],
    ["/api/vault/import", import_({ key: "BAD KEY", value: canary })],
    ["/api/vault/import", import_({ key: "A_KEY", value: `${canary}\u0000` })],
    ["/api/vault/import", raw(`{"secrets":[{"key":"A_KEY","value":"${canary}"`)],
    ["/api/vault/check", { data: { key: canary } }],
    ["/api/vault/check", { data: { key: "ANTHROPIC_API_KEY", value: canary } }],
    ["/api/webhooks", { data: { url: `https://${canary}@hook.test/` } }],
    ["/api/webhooks", { data: { url: "https://hook.test/", events: [canary] } }],
    ["/api/reveal/run", { data: { prompt: "Sing", key: canary } }],
    ["/api/reveal/analyze", { data: { text: "Sing", model: canary } }],
    ["/api/teams", { data: { name: canary.repeat(10) } }],
    ["/api/invites/accept", { data: { token: canary } }],
  ];
  for (const [path, options] of requests) {
    const reply = await page.request.post(path, options);
    expect(reply.status(), `${path} ${JSON.stringify(options)}`).toBeGreaterThanOrEqual(400);
    expect(reply.status()).toBeLessThan(500);
    look(`the reply of ${path}`, (await reply.text()) + JSON.stringify(reply.headers()));
  }
  for (const path of ["vault?key", "vault?team_id", "usage?team_id", "vault/events?before", "webhooks?id"]) {
    const reply = await page.request.get(`/api/${path}=${canary}`);
    look(`the reply of ${path}`, (await reply.text()) + JSON.stringify(reply.headers()));
  }
  expect(await leaks()).toEqual([]);
});

test("importing, checking, usage, activity, and a provider that repeats the key in its errors, keep it to themselves", async ({
  page,
  vault,
}) => {
  const canary = newCanary();
  const { look, leaks } = watchFor(page, canary);
  await vault.panel.getByRole("button", { name: "Import a .env file" }).click();
  const dialog = page.getByRole("dialog", { name: "Import a .env file" });
  await dialog
    .getByLabel("File contents")
    .fill(`ANTHROPIC_API_KEY=${canary}\nMY_KEY="${canary}" # mine\nno key here ${canary}\nEMPTY=\n`);
  await dialog.getByRole("button", { name: "Preview" }).click();
  await expect(dialog.getByRole("row", { name: /MY_KEY/ })).toBeVisible();
  look("the preview of an import", await dialog.innerHTML());
  await dialog.getByRole("button", { name: "Store 2 secrets" }).click();
  await expect(dialog).toBeHidden();

  const { request } = page;
  const ask = async (path: string, data?: object) => {
    const reply = await request.fetch(path, data ? { method: "POST", data } : {});
    const text = await reply.text();
    look(`the reply of ${path}`, text + JSON.stringify(reply.headers()));
    return { status: reply.status(), text };
  };
  const { id: team } = JSON.parse((await ask("/api/teams", { name: "Canary" })).text);
  for (const team_id of [undefined, team]) {
    for (const word of [
      "works",
      "refused",
      "ratelimited",
      "overloaded",
      "hangup",
      "cut",
      "errorevent",
      "badjson",
    ]) {
      const stored = { key: "ANTHROPIC_API_KEY", value: `${canary}-echo-${word}`, team_id };
      expect((await ask("/api/vault", stored)).status).toBeLessThan(300);
      await ask("/api/reveal/run", { prompt: "Sing", team_id });
      await ask("/api/reveal/analyze", { text: "Sing.", team_id });
    }
    // Three here, twice: the six that a person has in a minute.
    for (const word of ["works", "refused", "hangup"]) {
      const stored = { key: "ANTHROPIC_API_KEY", value: `${canary}-echo-${word}`, team_id };
      expect((await ask("/api/vault", stored)).status).toBe(200);
      expect((await ask("/api/vault/check", { key: "ANTHROPIC_API_KEY", team_id })).status).toBe(200);
    }
    const query = team_id ? `team_id=${team_id}` : "";
    for (const path of ["vault", "vault/events", "usage", "usage/runs", "webhooks"]) {
      expect((await ask(`/api/${path}?${query}`)).status, path).toBe(200);
    }
    expect((await ask(`/api/usage?format=csv&${query}`)).status).toBe(200);
    // Without a key of their own, the team's is used.
    await request.delete("/api/vault?key=ANTHROPIC_API_KEY");
  }
  const sent = await receivedWith(`${canary}-echo-refused`);
  expect(sent.length, "the provider got the key, and repeated it").toBeGreaterThanOrEqual(6);

  await page.goto("/dashboard");
  const reveal = page.getByRole("region", { name: "Reveal" });
  await reveal.getByLabel("Prompt").fill("Sing");
  await ask("/api/vault", { key: "ANTHROPIC_API_KEY", value: `${canary}-echo-refused` });
  await reveal.getByRole("button", { name: "Run", exact: true }).click();
  await expect(reveal.getByRole("alert")).toContainText("doesn't accept your key");
  for (const path of ["dashboard", "usage", "activity", "team"]) {
    for (const query of ["", `?team=${team}`]) {
      await page.goto(`/${path}${query}`);
      look(`the page ${path}${query}`, await page.content());
    }
  }
  expect(await leaks()).toEqual([]);
  // What failed on the provider's side has its line, and no line says more than the allow-list has.
  const logged = readFileSync(SERVER_LOG, "utf8").match(/^\{.*\}$/gm) ?? [];
  const lines = logged.map((line) =>
    logLine.strict().or(alertLine.strict()).or(securityLine.strict()).parse(JSON.parse(line)),
  );
  expect(lines).toContainEqual(expect.objectContaining({ code: "provider_unavailable" }));
});

test("what webhooks are told holds no value, prompt or answer, their signing secret is in the two replies that make one, and their address in the one that asks for it", async ({
  page,
  vault,
}) => {
  const receiver = await startWebhookReceiver();
  const random = () => randomBytes(24).toString("hex");
  const value = newCanary();
  const [prompt, text] = [`Sing of ${random()}`, `Of ${random()}.`];
  const traces = tracesOf(value);
  const ANSWER = "This is a simulation";
  const { request } = page;
  const replies: string[] = [];
  const ask = async (method: string, path: string, data?: object): Promise<string> => {
    const reply = await request.fetch(path, { method, data });
    expect(reply.ok(), `${method} ${path}: ${reply.status()}`).toBe(true);
    return reply.text();
  };
  /** Requests to webhooks' routes, whose replies may hold none of it. */
  const askWebhooks = async (...call: Parameters<typeof ask>) => {
    const reply = await ask(...call);
    replies.push(reply);
    return reply;
  };

  // With many services, whoever has the address may write there.
  const path = `canary-${random()}`;
  const url = `${receiver.url}/${path}`;
  const added = JSON.parse(await ask("POST", "/api/webhooks", { url }));
  const { secret: firstSecret, id } = added;
  // With an answer, whose beginning is in the list.
  receiver.answer = { status: 400, body: "No, thank you." };
  await askWebhooks("POST", "/api/webhooks/test", { id });
  receiver.answer = { status: 204 };
  await ask("POST", "/api/vault", { key: "ANTHROPIC_API_KEY", value });
  const secrets = [{ key: "MY_KEY", value, if_updated_at: null }];
  await ask("POST", "/api/vault/import", { secrets });
  await ask("GET", "/api/vault?key=ANTHROPIC_API_KEY&reveal=true");
  expect(await ask("POST", "/api/reveal/run", { prompt })).toContain('"type":"done"');
  expect(await ask("POST", "/api/reveal/analyze", { text })).toContain(ANSWER);
  await receiver.waitFor(6);
  for (const received of receiver.received) verified(firstSecret, received);

  const { secret: secondSecret } = JSON.parse(await ask("POST", "/api/webhooks/secret", { id }));
  const { deliveries } = JSON.parse(await askWebhooks("GET", `/api/webhooks/deliveries?id=${id}`));
  expect(deliveries).toHaveLength(6);
  await askWebhooks("POST", "/api/webhooks/resend", { id, delivery_id: deliveries[0].id });
  await askWebhooks("PATCH", "/api/webhooks", { id, paused: true });
  await askWebhooks("PATCH", "/api/webhooks", { id, description: "For tests" });
  await askWebhooks("GET", "/api/webhooks");
  expect(JSON.parse(await ask("GET", `/api/webhooks?id=${id}&reveal=true`))).toEqual({ id, url });
  await page.reload();
  await expect(vault.row("MY_KEY")).toBeVisible();

  const leaks: string[] = [];
  const look = (where: string, content: string | Buffer, ...canaries: string[]) => {
    const bytes = Buffer.from(content);
    for (const name of traces(bytes)) leaks.push(`the value: ${where}, as ${name}`);
    for (const [at, canary] of canaries.entries()) {
      for (const [name, form] of everyForm(canary)) {
        if (bytes.includes(form)) leaks.push(`canary ${at}: ${where}, as ${name}`);
      }
    }
  };
  // Without the prefix, which is no secret and might be left out.
  const signing = [firstSecret, secondSecret].map((secret: string) => secret.slice("whsec_".length));
  const all = [prompt, text, ANSWER, ...signing];
  look("a request to the receiver", JSON.stringify(receiver.received), ...all);
  all.push(path);
  look("a reply of webhooks' routes", [JSON.stringify(added.address), ...replies].join("\n"), ...all);
  look("the page", await page.content(), ...all);
  look("the page's storage", JSON.stringify(await page.context().storageState()), ...all);
  look("the database", readTree(DATA_DIR), prompt, text, path, ...signing);
  look("the servers' output", readFileSync(SERVER_LOG), ...all);
  await receiver.close();
  expect(leaks).toEqual([]);
});

/** The value as it could stand somewhere: as it is, and in the encodings that software uses. */
function everyForm(value: string): [string, string | Buffer][] {
  const forms: [string, string | Buffer][] = [
    ["plain text", value],
    ["hex", Buffer.from(value).toString("hex")],
    ["UTF-16", Buffer.from(value, "utf16le")],
    ["percent-encoding", value.replaceAll("-", "%2D")],
  ];
  // Base64 of a longer text has one of three alignments; the ends depend on what stands around it.
  for (const shift of [0, 1, 2]) {
    const middle = Buffer.from("x".repeat(shift) + value)
      .toString("base64")
      .slice(4, -4);
    forms.push([`base64, shifted by ${shift}`, middle]);
    forms.push([`base64url, shifted by ${shift}`, middle.replaceAll("+", "-").replaceAll("/", "_")]);
  }
  return forms;
}

/** Every byte of a folder's files: the database's tables, indexes and write-ahead log. */
function readTree(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))));
}
