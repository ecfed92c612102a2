import { APP_URL } from "../../support/ports";
import { verified } from "../../support/webhook-receiver";
import { expect, newKey, newValue } from "../fixtures";
import { as, expectOk, newPerson, newTeam, post, type Sending } from "./client";
import { add, finished, newest, remove, test } from "./webhook-client";

const KEY = "ANTHROPIC_API_KEY";

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
