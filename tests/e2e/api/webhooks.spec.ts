import { randomUUID } from "node:crypto";
import { NO_PLATFORM_KEY_PORT } from "../../support/ports";
import { expect, newKey, newValue } from "../fixtures";
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
import { add, finished, newest, remove, test } from "./webhook-client";

const patch = (body: unknown): Sending => ({ ...post(body), method: "PATCH" });

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
