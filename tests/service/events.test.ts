import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { EventPage } from "../../lib/activity/events.ts";
import { eventsQuery } from "../../lib/activity/schema.ts";
import type { ImportedSecret } from "../../lib/vault/schema.ts";
import type { Owner } from "../../lib/vault/types.ts";
import {
  db,
  events,
  importSecrets,
  KEY,
  listExposures,
  load,
  OTHER,
  owner,
  person,
  record,
  service,
} from "./event-harness.ts";
import { interceptDatabase, signInAs } from "./harness.ts";

/** All events, page by page. */
async function readAll(
  filter: { key?: string } = {},
  between?: () => Promise<unknown>,
): Promise<EventPage[]> {
  const pages = [await events.listEvents(person, owner, filter)];
  for (let next = pages[0]?.next; next; next = pages.at(-1)?.next) {
    await between?.();
    const query = eventsQuery.parse({ ...filter, before: next });
    pages.push(await events.listEvents(person, owner, query));
  }
  return pages;
}
const described = (pages: EventPage[]) =>
  pages.flatMap((page) => page.events.map(({ key, action }) => `${action} ${key}`));

describe("events", () => {
  it("are listed newest first, with who it was and nothing besides", async () => {
    await record(person, owner, [KEY], "set");
    await record(person, owner, [KEY], "revealed");
    await record(person, owner, [OTHER], "deleted");
    const page = await events.listEvents(person, owner);
    expect(described([page])).toEqual([`deleted ${OTHER}`, `revealed ${KEY}`, `set ${KEY}`]);
    expect(page.next).toBeNull();
    expect(page.events[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      key: OTHER,
      action: "deleted",
      actor: { email: expect.stringMatching(/^person-\d+@example\.com$/), is_you: true },
      subject: null,
      details: null,
      import_id: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z$/),
    });
    expect(described(await readAll({ key: KEY }))).toEqual([`revealed ${KEY}`, `set ${KEY}`]);
  });

  it("belong to one owner: neither another person nor a team of the same id has them", async () => {
    await record(person, owner, [KEY], "set");
    const other = await db.person();
    expect((await events.listEvents(other, { type: "user", id: other })).events).toEqual([]);
    expect((await events.listEvents(person, { type: "team", id: person })).events).toEqual([]);
  });

  it("name teammates, and say that a deleted account was one", async () => {
    const [mate, gone] = [await db.person(), crypto.randomUUID()];
    const team: Owner = { type: "team", id: await db.team({ [person]: "admin", [mate]: "admin" }) };
    await record(mate, team, [KEY], "revealed");
    await record(gone, team, [KEY], "revealed");
    const [deleted, teammate] = (await events.listEvents(person, team)).events;
    expect(deleted?.actor).toEqual({ email: null, is_you: false });
    expect(teammate?.actor).toEqual({ email: expect.stringContaining("@example.com"), is_you: false });
  });

  it("can be neither changed nor deleted, even by the server", async () => {
    await record(person, owner, [KEY], "revealed");
    const before = await events.listEvents(person, owner);
    await db.admin.from("vault_events").update({ action: "checked" }).eq("owner_id", owner.id);
    await db.admin.from("vault_events").delete().eq("owner_id", owner.id);
    expect(await events.listEvents(person, owner)).toEqual(before);
  });

  it("of a value that is asked for come with it, whoever asks, and there is none where there is no secret", async () => {
    const mate = await db.person();
    const team: Owner = { type: "team", id: await db.team({ [person]: "admin", [mate]: "admin" }) };
    await service.setSecret(team, { key: KEY, value: "sk-ant-test-not-real" });
    const use = { userId: mate, owner: team, key: KEY, action: "revealed" } as const;
    expect(await service.getSecretForUse(use)).toBe("sk-ant-test-not-real");
    expect(await service.getSecretForUse({ ...use, key: OTHER })).toBeNull();
    expect(await service.getSecretForUse({ ...use, owner, userId: person })).toBeNull();
    const page = await events.listEvents(person, team);
    expect(described([page])[0]).toBe(`revealed ${KEY}`);
    expect(page.events.filter(({ key }) => key !== null)).toHaveLength(1);
    expect(page.events[0]?.actor?.is_you).toBe(false);
    expect((await events.listEvents(person, owner)).events).toEqual([]);
  });

  it("of a value that is asked for take one question to the database, unless a webhook is to be told", async () => {
    await service.setSecret(owner, { key: KEY, value: "sk-ant-test-not-real" });
    const asked: string[] = [];
    interceptDatabase((method, pass, path) => {
      asked.push(`${method} ${path.replace("/rest/v1/", "")}`);
      return pass();
    });
    const use = { userId: person, owner, key: KEY, action: "revealed" } as const;
    /** What else is asked is asked after the reply; by the time that a list is there, it has been. */
    const askedBy = async (action: "revealed" | "checked") => {
      asked.length = 0;
      await service.getSecretForUse({ ...use, action });
      await service.listSecrets(owner);
      return asked.toSorted();
    };
    const usual = ["GET vault_secrets", "POST vault_uses"];
    // The first use within an hour is entered, once the value is given.
    expect(await askedBy("revealed")).toEqual(["GET vault_secrets", "POST rpc/enter_use", "POST vault_uses"]);
    expect(await askedBy("revealed")).toEqual(usual);
    const { addWebhook } = await import("../../lib/webhooks/store.ts");
    const url = "https://webhook.invalid/";
    await addWebhook(owner.id, owner, { url, description: "", events: ["vault.secret.deleted"] });
    expect(await askedBy("checked")).toEqual(usual);
    expect(await askedBy("revealed")).toEqual(["GET vault_secrets", "GET webhooks", "POST vault_uses"]);
  });

  it("go with their owner", async () => {
    const team: Owner = { type: "team", id: await db.team({ [person]: "admin" }) };
    await record(person, team, [KEY], "set");
    // A team goes with the last account that was in it.
    await db.admin.rpc("delete_account", { for_user: person, teams: [] }).throwOnError();
    expect((await events.listEvents(person, team)).events).toEqual([]);
    expect((await events.listEvents(person, owner)).events).toEqual([]);
  });
});

describe("the pages of a long list", () => {
  const keys = Array.from({ length: 200 }, (_, index) => `KEY_${index}`);

  /** Newest first; of those with the same time, the one with the greater id. */
  const expectSorted = (pages: EventPage[]) => {
    const places = pages.flatMap((page) =>
      page.events.map(({ created_at, id }) => created_at.replace("Z", "").padEnd(26) + id),
    );
    expect(places).toEqual(places.toSorted().reverse());
  };

  it("hold each of an import's 200 events once", async () => {
    const secrets: ImportedSecret[] = keys.map((key) => ({ key, value: "x", if_updated_at: null }));
    const stored = (await importSecrets(owner, secrets)).map(({ secret }) => secret.key);
    await record(person, owner, stored, "set");
    const pages = await readAll();
    expect(pages.map((page) => page.events.length)).toEqual([30, 30, 30, 30, 30, 30, 20]);
    expect(described(pages).sort()).toEqual(stored.map((key) => `set ${key}`).sort());
    expectSorted(pages);
  });

  it("hold each event once where all have the same time", async () => {
    const created_at = "2026-03-11T10:00:00.123456Z";
    await db.admin
      .from("vault_events")
      .insert(
        keys.slice(0, 70).map((key) => ({
          actor_id: person,
          owner_type: "user" as const,
          owner_id: person,
          key,
          action: "set" as const,
          created_at,
        })),
      )
      .throwOnError();
    const pages = await readAll();
    expect(pages.map((page) => page.events.length)).toEqual([30, 30, 10]);
    expect(new Set(described(pages)).size).toBe(70);
    expectSorted(pages);
  });

  it("are not moved by what is written meanwhile", async () => {
    await record(person, owner, keys.slice(0, 90), "set");
    const between = () => record(person, owner, [KEY], "revealed");
    const pages = await readAll({}, between);
    expect(pages.map((page) => page.events.length)).toEqual([30, 30, 30]);
    expect(new Set(described(pages))).toEqual(new Set(keys.slice(0, 90).map((key) => `set ${key}`)));
    expect(pages.at(-1)?.next).toBeNull();
  });

  it.each([
    "",
    "x",
    "2026-03-11T10:00:00Z",
    "2026-03-11T10:00:00Z_x",
    "2026-03-11T10:00:00Z_6f1c2a0e-0000-4000-8000-000000000001_",
    "2026-13-11T10:00:00Z_6f1c2a0e-0000-4000-8000-000000000001",
    "0000-03-11T10:00:00Z_6f1c2a0e-0000-4000-8000-000000000001",
    "2026-03-11T10:00:00.1234567Z_6f1c2a0e-0000-4000-8000-000000000001",
    "2026-03-11T10:00:00Z,id.gt.0_6f1c2a0e-0000-4000-8000-000000000001",
  ])("do not continue after “%s”", (before) => {
    expect(eventsQuery.safeParse({ before }).success).toBe(false);
  });
});

describe("where an event cannot be written", () => {
  const VALUE = "sk-ant-test-not-real";
  const asked: string[] = [];
  let log: ReturnType<typeof vi.spyOn>;

  // The routes themselves. Only who is signed in is made up, which Next alone could tell; and of all that they ask
  // the database, the events do not arrive.
  async function route<Module>(importing: () => Promise<Module>): Promise<Module> {
    signInAs(() => person);
    return importing();
  }
  beforeEach(async () => {
    await service.setSecret(owner, { key: KEY, value: VALUE });
    log = vi.spyOn(console, "error").mockImplementation(() => {});
    asked.length = 0;
    const real = globalThis.fetch;
    vi.stubGlobal("fetch", async (...[input, init]: Parameters<typeof fetch>) => {
      const url = String(input instanceof Request ? input.url : input);
      asked.push(new URL(url).host);
      if (/vault_(events|uses)/.test(url)) return Response.json({ code: "57014" }, { status: 500 });
      return real(input, init);
    });
  });
  afterEach(() => {
    log.mockRestore();
    vi.unstubAllGlobals();
  });
  const vault = () => route(() => import("../../app/api/vault/route.ts"));
  const at = (path: string) => `http://localhost:3000/api/vault${path}`;
  const send = (body: object, path = "") =>
    new Request(at(path), {
      method: "POST",
      headers: { "Content-Type": "application/json", Cookie: "any" },
      body: JSON.stringify(body),
    });
  const logged = () => log.mock.calls.map(([line]: unknown[]) => JSON.parse(String(line)));
  const line = (cause: string) => ({ level: "error", code: "vault_unavailable", cause, cause_code: "57014" });

  it("no value is shown", async () => {
    const { GET } = await vault();
    const reply = await GET(new Request(at(`?key=${KEY}&reveal=true`)));
    expect(reply.status).toBe(503);
    const text = await reply.text();
    expect(JSON.parse(text).code).toBe("vault_unavailable");
    expect(text).not.toContain(VALUE);
    expect(logged(), "nothing was done, so nothing is missing").toEqual([
      expect.objectContaining(line("ValueNotGiven")),
    ]);
  });

  it("no provider is asked", async () => {
    const { POST } = await route(() => import("../../app/api/vault/check/route.ts"));
    expect((await POST(send({ key: KEY }, "/check"))).status).toBe(503);
    expect(asked).not.toEqual([]);
    expect(asked.filter((host) => !host.startsWith("127.0.0.1:"))).toEqual([]);
    expect(logged()).toEqual([expect.objectContaining(line("ValueNotGiven"))]);
  });

  it("a reply without a ciphertext is an error, and not taken for a secret that does not exist", async () => {
    const use = { userId: person, owner, key: KEY, action: "checked" } as const;
    const notGiven = { code: "vault_unavailable", cause: { name: "ValueNotGiven" } };
    for (const row of [{ encrypted_value: null, has_webhooks: false }, {}]) {
      vi.stubGlobal("fetch", async () => Response.json([row], { status: 201 }));
      await expect(service.getSecretForUse(use), JSON.stringify(row)).rejects.toMatchObject(notGiven);
    }
  });

  it("a change that was made stands, is no error, and leaves the operator a line", async () => {
    const { POST, DELETE } = await vault();
    expect((await POST(send({ key: KEY, value: "sk-ant-test-other" }))).status).toBe(200);
    expect(await service.getSecret(owner, KEY)).toBe("sk-ant-test-other");
    expect((await POST(send({ key: OTHER, value: "sk-test-not-real" }))).status).toBe(201);
    expect((await DELETE(new Request(at(`?key=${OTHER}`), { method: "DELETE" }))).status).toBe(204);
    expect(await service.getSecret(owner, OTHER)).toBeNull();
    const importing = await route(() => import("../../app/api/vault/import/route.ts"));
    const secrets = [{ key: OTHER, value: "sk-test-not-real", if_updated_at: null }];
    expect((await importing.POST(send({ secrets }, "/import"))).status).toBe(200);
    expect(logged()).toEqual(Array(4).fill(expect.objectContaining(line("EventNotRecorded"))));
  });
});

describe("without the database", () => {
  beforeAll(() => load({ down: true }));
  afterAll(() => load());

  it("nothing is listed, and nothing is thought to be fine", async () => {
    const unavailable = expect.objectContaining({ code: "vault_unavailable" });
    await expect(record(person, owner, [KEY], "revealed")).rejects.toEqual(unavailable);
    await expect(events.listEvents(person, owner)).rejects.toEqual(unavailable);
    await expect(listExposures(crypto.randomUUID())).rejects.toEqual(unavailable);
  });
});
