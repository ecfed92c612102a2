import { randomUUID } from "node:crypto";
import { APP_URL, NO_PLATFORM_KEY_PORT } from "../../support/ports";
import { startWebhookReceiver, verified, type WebhookReceiver } from "../../support/webhook-receiver";
import { test as base, expect, newKey, newValue } from "../fixtures";
import { everyWebhookRequest } from "./bad-requests/addresses";
import {
  as,
  expectOk,
  expectProblem,
  insertRows,
  newPerson,
  newTeam,
  type Person,
  post,
  type Reply,
  type Sending,
} from "./client";

const KEY = "ANTHROPIC_API_KEY";

const test = base.extend<{ receiver: WebhookReceiver; person: Person }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's form
  receiver: async ({}, use) => {
    const receiver = await startWebhookReceiver();
    await use(receiver);
    await receiver.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  person: async ({}, use) => use(await newPerson()),
});

const patch = (body: unknown): Sending => ({ ...post(body), method: "PATCH" });
const remove: Sending = { method: "DELETE" };

/** Adds a webhook to a receiver; it, with its signing secret. */
const add = async (person: Person, settings: object) =>
  expectOk(await as(person)("/api/webhooks", post(settings)), 201);

/** What the newest of so many requests says, once it has come. */
async function newest(receiver: WebhookReceiver, count: number, secret: string) {
  const requests = await receiver.waitFor(count);
  expect(requests).toHaveLength(count);
  const [last] = requests.slice(-1);
  if (!last) throw new Error("Nothing came.");
  return verified(secret, last);
}

/** An attempt as the list shows it, once it is over. */
async function finished(person: Person, id: string, count: number) {
  const path = `/api/webhooks/deliveries?id=${id}`;
  await expect
    .poll(async () => {
      const { deliveries } = expectOk(await as(person)(path));
      return deliveries.filter(({ status }: { status: string }) => status !== "started").length;
    })
    .toBe(count);
  return expectOk(await as(person)(path));
}

test("a webhook over HTTP, from its creation to its end", async ({ receiver, person }) => {
  const ask = as(person);
  expect(expectOk(await ask("/api/webhooks"))).toEqual({ webhooks: [] });
  const { secret, ...webhook } = await add(person, {
    url: ` ${receiver.url} `,
    description: " For tests ",
    events: ["vault.secret.deleted", "reveal.failed"],
  });
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(webhook).toEqual({
    id: expect.any(String),
    address: `${new URL(receiver.url).origin}/…`,
    description: "For tests",
    events: ["reveal.failed", "vault.secret.deleted"],
    failures: 0,
    last_delivered_at: null,
    pause_reason: null,
    pause_is_unseen: false,
    created_at: expect.any(String),
  });
  // What was only tried out got no request.
  expect(receiver.received).toEqual([]);
  expect(expectOk(await ask("/api/webhooks"))).toEqual({ webhooks: [webhook] });
  expectProblem(await ask("/api/webhooks", post({ url: receiver.url })), 409, "webhook_exists");
  const { id } = webhook;
  const deliveries = `/api/webhooks/deliveries?id=${id}`;
  expect(expectOk(await ask(deliveries))).toEqual({ webhook, deliveries: [] });

  receiver.answer = { status: 500, body: "<h1>Not yet</h1>\n" };
  const failed = expectOk(await ask("/api/webhooks/test", post({ id })));
  const message = await newest(receiver, 1, secret);
  expect(message).toEqual({
    type: "webhook.test",
    timestamp: expect.any(String),
    data: { webhook_id: id },
  });
  expect(failed).toEqual({
    id: expect.any(String),
    message_id: receiver.received[0]?.headers["webhook-id"],
    event: "webhook.test",
    payload: receiver.received[0]?.body,
    attempt: 1,
    status: "failed",
    response_status: 500,
    response_excerpt: "<h1>Not yet</h1>",
    error: null,
    duration_ms: expect.any(Number),
    retry_at: null,
    created_at: expect.any(String),
  });
  expect(expectOk(await ask(deliveries))).toEqual({
    webhook: { ...webhook, failures: 1 },
    deliveries: [failed],
  });

  receiver.answer = { status: 204 };
  const renewed = expectOk(await ask("/api/webhooks/secret", post({ id })));
  expect(renewed).toEqual({ ...webhook, failures: 1, secret: expect.stringMatching(/^whsec_/) });
  expect(renewed.secret).not.toBe(secret);
  const again = expectOk(await ask("/api/webhooks/resend", post({ id, delivery_id: failed.id })));
  expect(again).toMatchObject({ message_id: failed.message_id, attempt: 2, status: "delivered" });
  expect(await newest(receiver, 2, renewed.secret)).toEqual(message);

  const changed = expectOk(
    await ask("/api/webhooks", patch({ id, events: ["reveal.failed"], description: "", paused: true })),
  );
  expect(changed).toEqual({
    ...webhook,
    description: "",
    events: ["reveal.failed"],
    last_delivered_at: expect.any(String),
    pause_reason: "person",
  });
  expect(expectOk(await ask("/api/webhooks", patch({ id, paused: false })))).toEqual({
    ...changed,
    pause_reason: null,
  });

  expect((await ask(`/api/webhooks?id=${id}`, remove)).status).toBe(204);
  for (const { path, sending } of everyWebhookRequest(id, randomUUID())) {
    expectProblem(await ask(path, sending), 404, "webhook_not_found");
  }
  expect(receiver.received).toHaveLength(2);
});

test.describe("a webhook hears", () => {
  test("of each change of a secret, after the reply, and of nothing else", async ({ receiver, person }) => {
    const ask = as(person);
    const { secret } = await add(person, { url: receiver.url });
    const about = (keys: string[]) => ({
      keys,
      owner_type: "user",
      owner_id: person.id,
      actor_id: person.id,
    });
    const value = newValue();
    const steps: [string, Sending, number, string?][] = [
      ["/api/vault", post({ key: "A", value }), 201, "vault.secret.created"],
      ["/api/vault", post({ key: "A", value: `${value}-2` }), 200, "vault.secret.rotated"],
      ["/api/vault", post({ key: "A", description: "Only that", category: "LLM" }), 200],
      ["/api/vault", post({ key: "A", value: `${value}-2`, description: "The same value" }), 200],
      ["/api/vault", post({ key: "A", value: "" }), 400],
      ["/api/vault", {}, 200],
      ["/api/vault?key=A", {}, 200],
      ["/api/vault?key=B&reveal=true", {}, 404],
      ["/api/vault?key=A&copy=true", {}, 400],
      ["/api/vault?key=A&reveal=true", {}, 200, "vault.secret.revealed"],
      ["/api/vault?key=A&reveal=true&copy=true", {}, 200, "vault.secret.revealed"],
      ["/api/vault?key=B", remove, 404],
      ["/api/vault?key=A", remove, 204, "vault.secret.deleted"],
      ["/api/vault?key=A", remove, 404],
      ["/api/vault", post({ key: "A", value }), 201, "vault.secret.created"],
    ];
    let told = 0;
    for (const [path, sending, status, event] of steps) {
      expect((await ask(path, sending)).status).toBe(status);
      if (!event) continue;
      told += 1;
      const message = await newest(receiver, told, secret);
      expect(message).toEqual({ type: event, timestamp: expect.any(String), data: about(["A"]) });
    }
    expect(JSON.stringify(receiver.received)).not.toContain(value);
  });

  test("of an import in one message for all new keys and one for all others", async ({
    receiver,
    person,
  }) => {
    const ask = as(person);
    const kept = expectOk(await ask("/api/vault", post({ key: "KEY_0", value: "value-not-real" })), 201);
    const { secret } = await add(person, { url: receiver.url });
    const keys = Array.from({ length: 50 }, (_, index) => `KEY_${index}`);
    const secrets = keys.map((key) => ({
      key,
      value: `value-not-real-${key}`,
      if_updated_at: key === "KEY_0" ? kept.updated_at : null,
    }));
    expectOk(await ask("/api/vault/import", post({ secrets })));
    await receiver.waitFor(2);
    const messages = receiver.received.map((request) => verified(secret, request));
    expect(messages.map(({ type, data }) => [type, [...(data.keys as string[])].sort()]).sort()).toEqual([
      ["vault.secret.created", keys.slice(1).sort()],
      ["vault.secret.rotated", ["KEY_0"]],
    ]);
    // All or none: one that has changed meanwhile keeps all of them back, and nobody is told.
    expect((await ask("/api/vault/import", post({ secrets }))).status).toBe(409);
    expectOk(await ask("/api/vault?key=KEY_1", remove), 204);
    expect((await newest(receiver, 3, secret)).type).toBe("vault.secret.deleted");
  });

  const usage = {
    input_tokens: expect.any(Number),
    output_tokens: expect.any(Number),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
  };
  for (const [what, path, body, key, event, status] of [
    ["a run", "/api/reveal/run", { prompt: "Sing" }, "works", "reveal.completed", "completed"],
    ["an analysis", "/api/reveal/analyze", { text: "A song." }, "works", "reveal.completed", "completed"],
    [
      "a run that is refused",
      "/api/reveal/run",
      { prompt: "Sing" },
      "refused",
      "reveal.failed",
      "provider_refused_key",
    ],
    [
      "an answer that breaks off",
      "/api/reveal/run",
      { prompt: "Sing" },
      "cut",
      "reveal.failed",
      "provider_unavailable",
    ],
    [
      "a useless analysis",
      "/api/reveal/analyze",
      { text: "A song." },
      "badjson",
      "reveal.failed",
      "provider_bad_answer",
    ],
  ] as const) {
    test(`of ${what}`, async ({ receiver, person }) => {
      const ask = as(person);
      const value = newKey(key);
      expectOk(await ask("/api/vault", post({ key: KEY, value })), 201);
      // Not of a refused key, which has a message of its own.
      const { secret } = await add(person, {
        url: receiver.url,
        events: ["reveal.completed", "reveal.failed"],
      });
      const reply = await ask(path, post(body));
      const { type, data } = await newest(receiver, 1, secret);
      expect([type, data.status]).toEqual([event, status]);
      expect(data).toEqual({
        run_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        user_id: person.id,
        team_id: null,
        key: KEY,
        status,
        kind: path.endsWith("run") ? "run" : "analyze",
        source: "user",
        model: expect.stringMatching(/^claude-/),
        duration_ms: expect.any(Number),
        ...usage,
        stop_reason: ["works", "badjson"].includes(key) ? "end_turn" : null,
        is_counted: ["works", "badjson"].includes(key),
        cost_usd: expect.any(Number),
        cost_exact: ["works", "badjson"].includes(key),
      });
      const { runs } = expectOk(await ask("/api/usage/runs"));
      expect(runs).toMatchObject([{ id: data.run_id, status, output_tokens: data.output_tokens }]);
      expect(reply.status < 300).toBe(key === "works" || key === "cut");
      const sent = JSON.stringify(receiver.received);
      for (const text of [value, "Sing", "A song", "simulation"]) expect(sent).not.toContain(text);
    });
  }

  test("of a run that the person leaves", async ({ receiver, person }) => {
    expectOk(await as(person)("/api/vault", post({ key: KEY, value: newKey("slow") })), 201);
    const { secret } = await add(person, { url: receiver.url });
    const leaving = new AbortController();
    const { body, headers } = post({ prompt: "Sing" });
    const reply = await fetch(`${APP_URL}/api/reveal/run`, {
      method: "POST",
      body: String(body),
      headers: { ...(headers as Record<string, string>), Cookie: person.cookie },
      signal: leaving.signal,
    });
    await reply.body?.getReader().read();
    leaving.abort();
    const { type, data } = await newest(receiver, 1, secret);
    expect([type, data.status]).toEqual(["reveal.failed", "cancelled"]);
  });

  test("of its own workspace alone", async ({ receiver, person }) => {
    const member = await newPerson();
    const team_id = await newTeam({ admin: person, member });
    const mine = await add(person, { url: `${receiver.url}/mine` });
    const members = await add(member, { url: `${receiver.url}/members` });
    const teams = await add(person, { url: `${receiver.url}/teams`, team_id });
    const told = () => receiver.received.map(({ path }) => path.slice("/hook/".length));

    expectOk(await as(person)("/api/vault", post({ key: KEY, value: newKey(), team_id })), 201);
    expect(await newest(receiver, 1, teams.secret)).toMatchObject({
      type: "vault.secret.created",
      data: { keys: [KEY], owner_type: "team", owner_id: team_id, actor_id: person.id },
    });
    expect((await as(member)("/api/reveal/run", post({ prompt: "Sing", team_id }))).status).toBe(200);
    expect(await newest(receiver, 2, teams.secret)).toMatchObject({
      type: "reveal.completed",
      data: { user_id: member.id, team_id, source: "team" },
    });
    expect((await as(member)("/api/reveal/analyze", post({ text: "A song." }))).status).toBe(200);
    expect(await newest(receiver, 3, members.secret)).toMatchObject({
      data: { user_id: member.id, team_id: null, source: "env" },
    });
    expectOk(await as(person)("/api/vault", post({ key: KEY, value: newKey() })), 201);
    await newest(receiver, 4, mine.secret);
    expect(told()).toEqual(["teams", "teams", "members", "mine"]);
  });

  test("later, if it does not answer: nobody waits for it", async ({ receiver, person }) => {
    let answered = 0;
    receiver.answer = (reply) => {
      setTimeout(() => {
        answered += 1;
        reply.writeHead(204).end();
      }, 3_000);
    };
    const { id } = await add(person, { url: receiver.url });
    expectOk(await as(person)("/api/vault", post({ key: "A", value: newValue() })), 201);
    await receiver.waitFor(1);
    expect(answered).toBe(0);
    const { deliveries } = expectOk(await as(person)(`/api/webhooks/deliveries?id=${id}`));
    expect(deliveries).toMatchObject([{ status: "started", attempt: 1, duration_ms: null }]);
    const { deliveries: after } = await finished(person, id, 1);
    expect(after).toMatchObject([{ status: "delivered", response_status: 204 }]);
    expect(after[0].duration_ms).toBeGreaterThanOrEqual(2_900);
  });

  test("again as late as it asks, and not where that is too late", async ({ receiver, person }) => {
    const times: number[] = [];
    receiver.answer = (reply) => {
      times.push(Date.now());
      reply.writeHead(429, { "Retry-After": times.length === 1 ? "7" : "120" }).end();
    };
    const { id } = await add(person, { url: receiver.url });
    expectOk(await as(person)("/api/vault", post({ key: "A", value: newValue() })), 201);
    const { deliveries } = await finished(person, id, 2);
    expect(deliveries).toMatchObject([
      { attempt: 2, response_status: 429, retry_at: expect.stringMatching(/^[\d-]{10}T[\d:.]+Z$/) },
      { attempt: 1, response_status: 429, retry_at: null },
    ]);
    const [first = 0, second = 0] = times;
    expect(second - first).toBeGreaterThanOrEqual(7_000);
    expect(Date.parse(deliveries[0].retry_at) - second).toBeGreaterThanOrEqual(119_000);
  });

  test("again, if it fails, also after the reply", async ({ receiver, person }) => {
    receiver.answer = (reply) => {
      reply.writeHead(receiver.received.length === 1 ? 502 : 200).end();
    };
    const { id, secret } = await add(person, { url: receiver.url });
    expectOk(await as(person)("/api/vault", post({ key: "A", value: newValue() })), 201);
    const { webhook, deliveries } = await finished(person, id, 2);
    expect(deliveries).toMatchObject([
      { attempt: 2, status: "delivered", response_status: 200 },
      { attempt: 1, status: "failed", response_status: 502 },
    ]);
    expect(webhook).toMatchObject({ failures: 0, last_delivered_at: expect.any(String) });
    await newest(receiver, 2, secret);
  });
});

test.describe("what is not accepted:", () => {
  test("private addresses and http, unless the operator allows them", async ({ receiver, person }) => {
    const strictly = (sending: Sending): Sending => ({ ...sending, port: NO_PLATFORM_KEY_PORT });
    const ask = as(person);
    const { id, secret: _, ...webhook } = await add(person, { url: receiver.url });
    const { port } = new URL(receiver.url);
    for (const [url, code] of [
      [receiver.url.replace("/hook", "/other"), "webhook_address_not_https"],
      ["http://example.com/", "webhook_address_not_https"],
      [`https://127.0.0.1:${port}/`, "webhook_address_not_allowed"],
      [`https://localhost:${port}/`, "webhook_address_not_allowed"],
      [`https://2130706433:${port}/`, "webhook_address_not_allowed"],
      [`https://[::1]:${port}/`, "webhook_address_not_allowed"],
      [`https://[::ffff:127.0.0.1]:${port}/`, "webhook_address_not_allowed"],
      [`https://[::127.0.0.1]:${port}/`, "webhook_address_not_allowed"],
      ["https://169.254.169.254/latest/meta-data/", "webhook_address_not_allowed"],
      ["https://10.0.0.1/", "webhook_address_not_allowed"],
      ["https://168.63.129.16/", "webhook_address_not_allowed"],
    ] as const) {
      expectProblem(await ask("/api/webhooks", strictly(post({ url }))), 400, code);
    }
    const change = patch({ id, url: `https://localhost:${port}/`, description: "New" });
    expectProblem(await ask("/api/webhooks", strictly(change)), 400, "webhook_address_not_allowed");
    expect(expectOk(await ask("/api/webhooks"))).toEqual({ webhooks: [{ id, ...webhook }] });

    // One that was stored while it was allowed is not sent to either.
    const tried = expectOk(await ask("/api/webhooks/test", strictly(post({ id }))));
    expect(tried).toMatchObject({ status: "failed", error: "address_not_allowed", response_status: null });
    expectOk(await ask("/api/vault", strictly(post({ key: "A", value: newValue() }))), 201);
    const { deliveries } = await finished(person, id, 2);
    expect(deliveries[0]).toMatchObject({ event: "vault.secret.created", error: "address_not_allowed" });
    expect(receiver.received).toEqual([]);
  });

  test("more than 20 attempts within a minute, by one person", async ({ receiver, person }) => {
    const ask = as(person);
    const { id } = await add(person, { url: receiver.url });
    for (let attempt = 0; attempt < 19; attempt += 1) {
      expectOk(await ask("/api/webhooks/test", post({ id })));
    }
    for (const [path, sending] of [
      ["/api/webhooks/test", post({ id })],
      ["/api/webhooks/resend", post({ id, delivery_id: randomUUID() })],
      ["/api/webhooks", post({ url: `${receiver.url}/2` })],
      ["/api/webhooks", patch({ id, url: `${receiver.url}/2` })],
    ] satisfies [string, Sending][]) {
      const reply = await ask(path, sending);
      expectProblem(reply, 429, "webhook_rate_limited");
      expect(Number(reply.headers["retry-after"])).toBeGreaterThan(0);
      expect(Number(reply.headers["retry-after"])).toBeLessThanOrEqual(60);
    }
    expect(receiver.received).toHaveLength(19);
    // What connects to nobody goes on.
    expectOk(await ask("/api/webhooks", patch({ id, paused: true })));
    expectOk(await ask("/api/webhooks/secret", post({ id })));
    expectOk(await as(await newPerson())("/api/webhooks"));
  });
});

for (const [what, go] of [
  ["is removed", ({ admin, leaver, member }) => as(admin)(member(leaver), remove)],
  ["is demoted", ({ admin, leaver, member }) => as(admin)(member(leaver), patch({ role: "member" }))],
  ["leaves", ({ leaver, member }) => as(leaver)(member(leaver), remove)],
  [
    "deletes the account",
    ({ leaver }) => as(leaver)("/api/account/deletion", post({ password: leaver.password, teams: [] })),
  ],
] satisfies [
  string,
  (cast: { admin: Person; leaver: Person; member: (who: Person) => string }) => Promise<Reply>,
][]) {
  test(`a webhook whose admin ${what} waits for another admin, also once they are an admin again`, async ({
    receiver,
    person: admin,
  }) => {
    const leaver = await newPerson();
    const team_id = await newTeam({ admin });
    const join = { team_id, user_id: leaver.id, role: "admin" };
    await insertRows("team_members", join);
    const { id } = await add(leaver, { url: receiver.url, team_id });
    const secret = (key: string) => as(admin)("/api/vault", post({ key, value: newKey(), team_id }));
    expectOk(await secret("OPENAI_API_KEY"), 201);
    await receiver.waitFor(1);

    const member = (who: Person) => `/api/teams/${team_id}/members/${who.id}`;
    expect((await go({ admin, leaver, member })).status).toBeLessThan(300);
    const one = async () => expectOk(await as(admin)(`/api/webhooks?team_id=${team_id}`)).webhooks[0];
    expect(await one()).toMatchObject({ id, pause_reason: "creator_left" });
    // That nothing is sent is seen by what is sent next, to another one.
    const others = await add(admin, { url: `${receiver.url}/others`, team_id });
    expectOk(await secret("GROQ_API_KEY"), 201);
    await receiver.waitFor(2);
    expect(receiver.received.map(({ path }) => path)).toEqual(["/hook", "/hook/others"]);

    const isGone = what === "deletes the account";
    if (what === "is demoted") expectOk(await as(admin)(member(leaver), patch({ role: "admin" })));
    else if (!isGone) await insertRows("team_members", join);
    expect(await one()).toMatchObject({ id, pause_reason: "creator_left" });
    const resumed = expectOk(await as(admin)("/api/webhooks", patch({ id, team_id, paused: false })));
    expect(resumed).toMatchObject({ id, pause_reason: null });
    expectOk(await as(admin)("/api/webhooks", patch({ id: others.id, team_id, paused: true })));
    if (!isGone) expectOk(await as(admin)(member(leaver), remove));
    expectOk(await secret("MISTRAL_API_KEY"), 201);
    expect((await receiver.waitFor(3)).at(-1)?.path).toBe("/hook");
  });
}

test("a webhook without a signing secret is sent to once it has one, and is nobody else's", async ({
  person,
}) => {
  const stranger = await newPerson();
  const [legacy] = await insertRows("webhooks", {
    user_id: person.id,
    url: "https://example.com/hook",
    pause_reason: "no_secret",
  });
  for (const { path, sending } of everyWebhookRequest(String(legacy?.id), randomUUID())) {
    expectProblem(await as(stranger)(path, sending), 404, "webhook_not_found");
  }
  expectProblem(
    await as(person)("/api/webhooks/test", post({ id: legacy?.id })),
    409,
    "webhook_needs_secret",
  );
});
