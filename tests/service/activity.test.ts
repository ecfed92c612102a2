import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { EventAction } from "../../lib/activity/actions.ts";
import { eventsQuery, exportQuery, pageFilter } from "../../lib/activity/schema.ts";
import type { Owner } from "../../lib/vault/types.ts";
import { startDatabase } from "./harness.ts";

const KEY = "ANTHROPIC_API_KEY";
const OTHER = "OPENAI_API_KEY";
const DAY_MS = 86_400_000;

let db: Awaited<ReturnType<typeof startDatabase>>;
let events: typeof import("../../lib/activity/events.ts");
let topics: typeof import("../../lib/activity/topics.ts");
let exporting: typeof import("../../lib/activity/export.ts");
let rotation: typeof import("../../lib/activity/rotation.ts");
let retention: typeof import("../../lib/activity/retention.ts");
let service: Awaited<ReturnType<(typeof db)["service"]>>;
let person: string;
let team: Owner;

/** The modules as a fresh server process has them, where events are kept for so many days. */
async function load(retentionDays?: string) {
  vi.stubEnv("ACTIVITY_RETENTION_DAYS", retentionDays);
  service = await db.service();
  events = await import("../../lib/activity/events.ts");
  topics = await import("../../lib/activity/topics.ts");
  exporting = await import("../../lib/activity/export.ts");
  rotation = await import("../../lib/activity/rotation.ts");
  retention = await import("../../lib/activity/retention.ts");
}
beforeAll(async () => {
  db = await startDatabase();
  await load();
});
afterAll(() => db.close());
beforeEach(async () => {
  person = await db.person();
  team = { type: "team", id: await db.team({ [person]: "admin" }) };
});

interface Written {
  key?: string | null;
  action?: EventAction;
  actor?: string;
  at?: string;
  details?: Record<string, string>;
}
const row = ({ key = KEY, action = "revealed", actor = person, at, details }: Written) => ({
  id: crypto.randomUUID(),
  owner_type: team.type,
  owner_id: team.id,
  actor_id: actor,
  key,
  action,
  details: details ?? null,
  created_at: at ?? new Date().toISOString(),
});
const write = (...written: Written[]) =>
  db.admin.from("vault_events").insert(written.map(row)).throwOnError();

const listed = async (reading: Parameters<typeof events.listEvents>[2]) =>
  (await events.listEvents(person, team, { search: "_", ...reading })).events.map(
    ({ action, key }) => `${action} ${key}`,
  );

describe("a filter", () => {
  it("is of days in UTC, both included", async () => {
    const at = (time: string) => ({ at: time, key: `KEY_${time.replace(/\D/g, "")}` });
    const times = [
      "2026-03-09T23:59:59Z",
      "2026-03-10T00:00:00Z",
      "2026-03-11T23:59:59Z",
      "2026-03-12T00:00:00Z",
    ];
    await write(...times.map(at));
    expect(await listed({ from: "2026-03-10", to: "2026-03-11" })).toEqual([
      "revealed KEY_20260311235959",
      "revealed KEY_20260310000000",
    ]);
    expect(await listed({ from: "2026-03-12" })).toHaveLength(1);
    expect(await listed({ to: "2026-03-09" })).toHaveLength(1);
  });

  it("is of a group of actions, or of a single one", async () => {
    await write({ action: "revealed" }, { action: "copied", key: OTHER }, { action: "checked" });
    expect((await listed({ action: "values_seen" })).sort()).toEqual([`copied ${OTHER}`, `revealed ${KEY}`]);
    expect(await listed({ action: "copied" })).toEqual([`copied ${OTHER}`]);
    expect(await listed({ action: "webhooks" })).toEqual([]);
  });

  it("has each key and person of the log to choose from", async () => {
    const mate = await db.person();
    await write({ key: OTHER }, {}, { actor: mate });
    const found = await topics.listTopics(team);
    expect(found.keys).toEqual([KEY, OTHER]);
    expect(found.people.map(({ id }) => id).sort()).toEqual([mate, person].sort());
  });

  it.each([
    ["key", "lower"],
    ["key", ""],
    ["person", "x"],
    ["action", "stolen"],
    ["action", "toString"],
    ["from", "2026-02-30"],
    ["from", "0001-01-01"],
    ["to", "9999-12-31"],
    ["to", "2026-03-10T00:00:00Z"],
    ["search", ""],
    ["search", "   "],
    ["search", "x".repeat(101)],
    ["search", "a\0b"],
    ["search", "\ud800"],
    ["import", "x"],
    ["format", "xml"],
    ["with_parts", "true"],
  ])("is refused with %s=%j, and in a page's address filters nothing", (name, value) => {
    expect(eventsQuery.safeParse({ [name]: value }).success).toBe(false);
    expect(exportQuery.safeParse({ format: "csv", [name]: value }).success).toBe(false);
    expect(pageFilter({ [name]: value })).toEqual({});
    expect(pageFilter({ [name]: [value, value], to: "2026-03-10" })).toEqual({ to: "2026-03-10" });
  });
});

describe("an export", () => {
  const may = async () => team;
  const read = async (format: "csv" | "jsonl", filter = {}, authorise = may) =>
    (await exporting.exportEvents(format, authorise, filter)).text();

  it("has each of 2,500 events once, newest first, in both formats, imported keys included", async () => {
    const rows = Array.from({ length: 2_499 }, (_, index) =>
      // Many at one time, across the ends of pages.
      row({ key: `KEY_${index % 200}`, at: new Date(Date.UTC(2026, 2, 1, 0, 0, index / 700)).toISOString() }),
    );
    const whole = row({ key: null, action: "imported", at: "2026-03-02T00:00:00Z" });
    const parts = rows.map((part, index) => ({ ...part, import_id: index % 2 ? whole.id : null }));
    for (const some of [[{ ...whole, import_id: null }], parts.slice(0, 1_200), parts.slice(1_200)]) {
      await db.admin.from("vault_events").insert(some).throwOnError();
    }
    const lines = (await read("jsonl"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
      // The team's own beginning is today's.
      .filter(({ time }) => time < "2026-04-01");
    expect(lines).toHaveLength(2_500);
    expect(new Set(lines.map(({ id }) => id))).toEqual(new Set([whole.id, ...rows.map(({ id }) => id)]));
    const places = lines.map(({ time, id }) => time + id);
    expect(places).toEqual(places.toSorted().reverse());
    expect(lines[1]).toEqual({
      id: expect.any(String),
      time: expect.stringMatching(/^2026-03-01T00:00:0\d\.\d{6}Z$/),
      actor: expect.stringMatching(/@example\.com$/),
      actor_id: person,
      action: "revealed",
      key: expect.stringMatching(/^KEY_\d+$/),
      subject: null,
      subject_id: null,
      details: null,
      import_id: expect.toBeOneOf([whole.id, null]),
    });
    const csv = (await read("csv")).trimEnd().split("\r\n");
    expect(csv[0]).toBe("time,actor,action,key,subject,details,actor_id,subject_id,import_id,id");
    const ofMarch = csv.filter((line) => line.startsWith("2026-03"));
    expect(ofMarch.map((line) => line.split(",").at(-1))).toEqual(lines.map(({ id }) => id));
  });

  it("is what the filter shows, and a header alone where that is nothing", async () => {
    await write({ key: KEY }, { key: OTHER });
    expect((await read("csv", { key: OTHER })).trimEnd().split("\r\n")).toHaveLength(2);
    expect((await read("csv", { key: "MISSING" })).trimEnd().split("\r\n")).toHaveLength(1);
    expect(await read("jsonl", { key: "MISSING" })).toBe("");
  });

  it("is a file that nothing on its way stores, and runs nothing in a spreadsheet", async () => {
    // An address can begin so.
    const details = { email: "=1+1@example.com" };
    const left = { ...row({ action: "member_left", key: null, details }), subject_id: crypto.randomUUID() };
    await db.admin.from("vault_events").insert(left).throwOnError();
    const reply = await exporting.exportEvents("csv", may, {});
    expect(reply.headers.get("content-disposition")).toMatch(
      /^attachment; filename="activity-\d{4}-\d\d-\d\d\.csv"$/,
    );
    expect(reply.headers.get("cache-control")).toBe("private, no-store");
    const text = await reply.text();
    expect(text).toContain(",'=1+1@example.com,");
    expect(text).toContain(',"{""email"":""=1+1@example.com""}",');
  });

  it("breaks off when the person may no longer, and gives no later page", async () => {
    const rows = Array.from({ length: 1_500 }, () => row({}));
    await db.admin.from("vault_events").insert(rows).throwOnError();
    const gone = Object.assign(new Error("gone"), { code: "team_role_required" });
    const authorise = vi.fn(may).mockImplementationOnce(may).mockRejectedValueOnce(gone);
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { body } = await exporting.exportEvents("jsonl", authorise, {});
    const reader = body?.getReader();
    expect(
      new TextDecoder()
        .decode((await reader?.read())?.value)
        .trimEnd()
        .split("\n"),
    ).toHaveLength(1_000);
    expect(authorise).toHaveBeenCalledTimes(1);
    await expect(reader?.read()).rejects.toThrow();
    vi.mocked(console.error).mockRestore();
  });
});

describe("a rotation", () => {
  const unknown = expect.objectContaining({ code: "secret_not_found" });

  it("is written down for an admin and a key that is there, and for nobody and nothing else", async () => {
    const member = await db.person();
    await db.admin
      .from("team_members")
      .insert({ team_id: team.id, user_id: member, role: "member" })
      .throwOnError();
    await service.setSecret(team, { key: KEY, value: "sk-ant-test-not-real" });
    await expect(rotation.confirmRotation(member, team.id, KEY)).rejects.toEqual(unknown);
    await expect(rotation.confirmRotation(await db.person(), team.id, KEY)).rejects.toEqual(unknown);
    await expect(rotation.confirmRotation(person, team.id, OTHER)).rejects.toEqual(unknown);
    expect(await listed({ action: "rotation_confirmed" })).toEqual([]);
    const { listExposures } = await import("../../lib/activity/exposures.ts");
    const exposed = async () => (await listExposures(team.id)).map(({ key }) => key);
    // Just now, so that no minute of grace may be left.
    await write({ actor: crypto.randomUUID(), action: "copied" });
    expect(await exposed()).toEqual([KEY]);
    await rotation.confirmRotation(person, team.id, KEY);
    expect(await exposed()).toEqual([]);
    expect(await listed({ action: "rotation_confirmed" })).toEqual([`rotation_confirmed ${KEY}`]);
  });
});

describe("what is kept for 100 days", () => {
  beforeAll(() => load("100"));
  afterAll(() => load());
  const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
  const stored = async () => {
    const found = db.admin.from("vault_events").select("key").eq("owner_id", team.id).like("key", "%\\_%");
    return (await found.order("created_at").throwOnError()).data?.map(({ key }) => key);
  };

  it("is neither listed nor exported when it is older, whatever the filter, and forgotten after the reply", async () => {
    await write({ key: OTHER, at: daysAgo(101) }, { key: KEY, at: daysAgo(99) });
    expect(await listed({})).toEqual([`revealed ${KEY}`]);
    expect(await listed({ from: "2020-01-01" })).toEqual([`revealed ${KEY}`]);
    expect(await listed({ key: OTHER })).toEqual([]);
    const file = await exporting.exportEvents("jsonl", async () => team, {});
    expect(await file.text()).not.toContain(OTHER);
    expect(await stored()).toEqual([OTHER, KEY]);
    retention.forgetOldEvents(team);
    await expect.poll(stored).toEqual([KEY]);
  });

  it("goes in as many turns as it takes", async () => {
    const rows = Array.from({ length: 1_001 }, () => row({ at: daysAgo(200) }));
    for (const some of [rows.slice(0, 600), rows.slice(600)]) {
      await db.admin.from("vault_events").insert(some).throwOnError();
    }
    retention.forgetOldEvents(team);
    await expect.poll(stored).toEqual([]);
  });
});
