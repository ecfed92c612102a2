import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DATA_DIR, SERVER_LOG } from "../support/paths";
import { startWebhookReceiver, verified } from "../support/webhook-receiver";
import { expect, receivedWith, test } from "./fixtures";

test("a value is in the provider's request and in the reply to a reveal, and nowhere else", async ({
  page,
  vault,
}) => {
  const canary = `sk-ant-test-canary-${randomBytes(24).toString("hex")}`;
  const forms = everyForm(canary);
  const leaks: string[] = [];
  const look = (where: string, content: string | Buffer) => {
    const bytes = Buffer.from(content);
    for (const [name, form] of forms) if (bytes.includes(form)) leaks.push(`${where}, as ${name}`);
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

  await vault.add("ANTHROPIC_API_KEY", canary, "Canary");
  const reveal = page.getByRole("region", { name: "Reveal" });
  await reveal.getByLabel("Prompt").fill("Sing");
  await reveal.getByRole("button", { name: "Run", exact: true }).click();
  await expect(reveal).toContainText("Paid with your key");
  expect((await receivedWith(canary)).length, "the provider got the key").toBe(1);
  await vault.show("ANTHROPIC_API_KEY");
  await expect(vault.value("ANTHROPIC_API_KEY")).toHaveText(canary);
  await vault.row("ANTHROPIC_API_KEY").getByRole("button", { name: "Hide" }).click();
  look("the page after hiding", await page.content());
  // Errors on the way are as likely to repeat what they were given.
  await page.request.post("/api/vault", { data: { key: "BAD KEY", value: canary } });
  await page.request.post("/api/vault", {
    data: `{"key":"A","value":"${canary}`,
    headers: { "content-type": "application/json" },
  });
  await page.request.post("/api/vault", { data: { key: "OPENAI_API_KEY", value: `${canary}\nü` } });
  await page.request.get(`/api/vault?key=${canary}`);
  await page.reload();
  look("the page after a reload", await page.content());
  look(
    "the browser's storage",
    await page.evaluate(async () => {
      const databases = await indexedDB.databases();
      const cached = await caches.keys();
      return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, databases, cached, document.cookie]);
    }),
  );
  look("the database while it is stored", readTree(DATA_DIR));
  await vault.remove("ANTHROPIC_API_KEY");
  look("the database after the deletion", readTree(DATA_DIR));
  await Promise.all(replies);
  look("an address", urls.join("\n"));
  look("the servers' output", readFileSync(SERVER_LOG));
  expect(leaks).toEqual([]);
});

test("what webhooks are told holds no value, prompt or answer, and their signing secret is in the two replies that make one", async ({
  page,
  vault,
}) => {
  const receiver = await startWebhookReceiver();
  const random = () => randomBytes(24).toString("hex");
  const [value, prompt, text] = [`sk-ant-test-canary-${random()}`, `Sing of ${random()}`, `Of ${random()}.`];
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

  const added = JSON.parse(await ask("POST", "/api/webhooks", { url: receiver.url }));
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
  await askWebhooks("GET", "/api/webhooks");
  await page.reload();
  await expect(vault.row("MY_KEY")).toBeVisible();

  const leaks: string[] = [];
  const look = (where: string, content: string | Buffer, ...canaries: string[]) => {
    const bytes = Buffer.from(content);
    for (const [at, canary] of canaries.entries()) {
      for (const [name, form] of everyForm(canary)) {
        if (bytes.includes(form)) leaks.push(`canary ${at}: ${where}, as ${name}`);
      }
    }
  };
  // Without the prefix, which is no secret and might be left out.
  const signing = [firstSecret, secondSecret].map((secret: string) => secret.slice("whsec_".length));
  const all = [value, prompt, text, ANSWER, ...signing];
  look("a request to the receiver", JSON.stringify(receiver.received), ...all);
  look("a reply of webhooks' routes", replies.join("\n"), ...all);
  look("the page", await page.content(), ...all);
  look("the page's storage", JSON.stringify(await page.context().storageState()), ...all);
  look("the database", readTree(DATA_DIR), value, prompt, text, ...signing);
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
