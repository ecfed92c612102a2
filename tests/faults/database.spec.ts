import { expect } from "@playwright/test";
import { as, expectProblem, newPerson, type Person, post, type Reply, type Sending } from "../e2e/api/client";
import { newKey, newValue, receivedWith } from "../e2e/fixtures";
import { PLATFORM_KEY } from "../support/keys";
import { afterChanges, type Broken, logOf, test } from "./broken";
import type { Fault } from "./fault-proxy";

// The database out of reach, slow, gone half-way or talking nonsense, as each route meets it. Pages are in
// pages.spec.ts.

const KEY = "ANTHROPIC_API_KEY";
const OTHER = "MY_OTHER_KEY";
const NEVER = "NEVER_STORED";

/** The faults of a database that does not do what it is asked, and of one that does and then goes away. */
const NOTHING_DONE: Fault[] = ["down", "silent", "error", "garbage"];
const PERHAPS_DONE: Fault[] = ["cut", "late"];

/** Every route that needs the database, with the code that it answers with then. */
function requests(values: { changed: string; imported: string }, teamId: string) {
  const vault = "vault_unavailable";
  const webhooks = "webhooks_unavailable";
  const secrets = [
    { key: KEY, value: values.imported, if_updated_at: null },
    { key: NEVER, value: values.imported, if_updated_at: null },
  ];
  // Of runs alone, because nothing answers there, and what the rest of a test does would be sent three times.
  const hook = { url: "http://127.0.0.1:9/hook", events: ["reveal.completed"] };
  const id = "6f2c9f7e-5c1e-4d0a-9a55-0d8f4f1b7c11";
  const list: [what: string, code: string, path: string, sending?: Sending][] = [
    ["list", vault, "/api/vault"],
    ["list of a team", vault, `/api/vault?team_id=${teamId}`],
    ["describe", vault, `/api/vault?key=${KEY}`],
    ["reveal", vault, `/api/vault?key=${KEY}&reveal=true`],
    ["save", vault, "/api/vault", post({ key: KEY, value: values.changed })],
    ["add", vault, "/api/vault", post({ key: NEVER, value: values.changed })],
    ["delete", vault, `/api/vault?key=${OTHER}`, { method: "DELETE" }],
    ["import", vault, "/api/vault/import", post({ secrets })],
    ["check", vault, "/api/vault/check", post({ key: KEY })],
    ["activity", vault, "/api/vault/events"],
    ["teams", vault, "/api/teams"],
    ["new team", vault, "/api/teams", post({ name: "Never" })],
    ["team", vault, `/api/teams/${teamId}`],
    ["invitation", vault, "/api/invites", post({ token: "x".repeat(43) })],
    ["usage", vault, "/api/usage"],
    ["runs", vault, "/api/usage/runs"],
    ["payers", vault, "/api/reveal/payers"],
    ["run", vault, "/api/reveal/run", post({ prompt: "Hello" })],
    ["analyze", vault, "/api/reveal/analyze", post({ text: "Hello" })],
    ["webhooks", webhooks, "/api/webhooks"],
    ["new webhook", webhooks, "/api/webhooks", post(hook)],
    ["delete webhook", webhooks, `/api/webhooks?id=${id}`, { method: "DELETE" }],
    ["deliveries", webhooks, `/api/webhooks/deliveries?id=${id}`],
  ];
  return list;
}

/** Somebody with two secrets, who is alone in a team. */
async function somebody(broken: Broken) {
  const person = await newPerson();
  const ask = as(person);
  const [mine, other] = [newKey(), newValue()];
  expect((await ask("/api/vault", post({ key: KEY, value: mine }))).status).toBe(201);
  expect((await ask("/api/vault", post({ key: OTHER, value: other }))).status).toBe(201);
  const team = await ask("/api/teams", post({ name: "Faults" }));
  expect(team.status).toBe(201);
  await afterChanges(broken, person, 2);
  return { person, ask, mine, other, teamId: team.json.id as string };
}

/** All that a person has stored, by key. */
async function stored(person: Person): Promise<Record<string, string>> {
  const ask = as(person);
  const list = await ask("/api/vault");
  expect(list.status, list.text).toBe(200);
  const values: Record<string, string> = {};
  for (const { key } of list.json.secrets) {
    const reply = await ask(`/api/vault?key=${key}&reveal=true`);
    expect(reply.status, `${key}: ${reply.text}`).toBe(200);
    values[key] = reply.json.value;
  }
  return values;
}

for (const fault of [...NOTHING_DONE, ...PERHAPS_DONE]) {
  test(`each route says that the database is ${fault}, and goes on after it`, async ({ broken }) => {
    const { app, proxy } = broken;
    const { person, ask, mine, other, teamId } = await somebody(broken);
    const values = { changed: newKey("changed"), imported: newKey("imported") };
    const list = requests(values, teamId);

    proxy.fail("rest", fault);
    const replies: Reply[] = [];
    const log = await logOf(app, async () => {
      replies.push(...(await Promise.all(list.map(([, , path, sending]) => ask(path, sending)))));
    });
    const answers = list.map(
      ([what], index) => `${what}: ${replies[index]?.status} ${replies[index]?.json?.code}`,
    );
    expect(answers).toEqual(list.map(([what, code]) => `${what}: 503 ${code}`));
    for (const [index, reply] of replies.entries()) expectProblem(reply, 503, list[index]?.[1] ?? "");
    expect(log.map(({ level, code, status }) => `${level} ${code} ${status}`).sort()).toEqual(
      list.map(([, code]) => `error ${code} 503`).sort(),
    );
    for (const value of [mine, other, values.changed, values.imported, PLATFORM_KEY]) {
      expect(app.output()).not.toContain(value);
      expect(await receivedWith(value)).toEqual([]);
    }

    proxy.heal();
    const after = await stored(person);
    if (NOTHING_DONE.includes(fault)) {
      expect(after).toEqual({ [KEY]: mine, [OTHER]: other });
      expect((await ask("/api/teams")).json.teams).toHaveLength(1);
      expect((await ask("/api/webhooks")).json.webhooks).toEqual([]);
    } else {
      // Nobody was told that anything is stored. What is, is one of the values that were sent, whole.
      const sent = [values.changed, values.imported];
      expect([mine, ...sent]).toContain(after[KEY]);
      expect([undefined, ...sent]).toContain(after[NEVER]);
      expect([undefined, other]).toContain(after[OTHER]);
    }
    expect(Object.keys(after)).not.toContain("");
  });

  test(`Reveal takes nobody else's key where one's own is ${fault}`, async ({ broken }) => {
    const { app, proxy } = broken;
    const { ask, mine, teamId } = await somebody(broken);
    // All else works: only the secrets themselves cannot be read, neither alone nor in a team, nor as a run begins.
    proxy.failWhere("rest", fault, /begin_run|store_secrets|vault_(secrets|candidates)/);
    const log = await logOf(app, async () => {
      const replies = await Promise.all(
        [undefined, teamId].flatMap((team_id) => [
          ask("/api/reveal/run", post({ prompt: "Hello", team_id })),
          ask("/api/reveal/analyze", post({ text: "Hello", team_id })),
          ask(`/api/reveal/payers${team_id ? `?team_id=${team_id}` : ""}`),
        ]),
      );
      for (const reply of replies) expectProblem(reply, 503, "vault_unavailable");
    });
    expect(log).toHaveLength(6);
    expect(await receivedWith(PLATFORM_KEY)).toEqual([]);
    expect(await receivedWith(mine)).toEqual([]);

    proxy.heal();
    for (const team_id of [undefined, teamId]) {
      const run = await ask("/api/reveal/run", post({ prompt: "Hello", team_id }));
      expect(run.text).toContain('"type":"done"');
    }
    expect(await receivedWith(mine)).toHaveLength(2);
    expect(await receivedWith(PLATFORM_KEY)).toEqual([]);
    // One whose entry was not heard of was never sent: it is under way until it is closed.
    const { runs } = (await ask("/api/usage/runs")).json;
    const sent = runs.filter(({ status }: { status: string }) => status !== "started");
    expect(sent).toMatchObject(Array(2).fill({ source: "user", status: "completed" }));
  });
}

test("a value is given to nobody while its event cannot be written, and a change stands", async ({
  broken,
}) => {
  const { app, proxy } = broken;
  const { ask, mine } = await somebody(broken);
  proxy.failWhere("rest", "error", /vault_(events|uses)/);
  const changed = newKey("changed");
  const log = await logOf(app, async () => {
    const reveal = await ask(`/api/vault?key=${KEY}&reveal=true`);
    expectProblem(reveal, 503, "vault_unavailable");
    expect(reveal.text).not.toContain(mine);
    expect((await ask("/api/vault", post({ key: KEY, value: changed }))).status).toBe(200);
  });
  expect(log).toMatchObject([{ cause: "ValueNotGiven" }, { cause: "EventNotRecorded" }]);
  proxy.heal();
  expect((await ask(`/api/vault?key=${KEY}&reveal=true`)).json).toEqual({ key: KEY, value: changed });
});

test("an account is changed though its events cannot be written", async ({ broken }) => {
  const { app, proxy } = broken;
  const person = await newPerson();
  const { password } = person;
  proxy.failWhere("rest", "error", /vault_events/);
  const log = await logOf(app, async () => {
    const wrong = post({ password: "not-the-password" });
    expectProblem(await as(person)("/api/account/confirmation", wrong), 403, "wrong_password");
    const all = { method: "DELETE" };
    expect((await as(person)("/api/account/sessions?scope=others", all)).status).toBe(204);
    const change = post({ current_password: password, new_password: "another-long-test-password" });
    expect((await as(person)("/api/account/password", change)).status).toBe(200);
  });
  expect(log).toMatchObject(Array(3).fill({ code: "vault_unavailable", cause: "EventNotRecorded" }));
  expect(log).toHaveLength(3);
});
