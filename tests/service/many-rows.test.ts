import { createClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { TEST_SECRET_KEY } from "../support/keys.ts";
import { OWNER_FUNCTIONS, startDatabase } from "./harness.ts";

// The database's REST API gives at most a thousand rows in a reply, and doesn't say that there are others.

const MANY = 1_050;
const KEY = "ANTHROPIC_API_KEY";

let db: Awaited<ReturnType<typeof startDatabase>>;
let lib: Awaited<ReturnType<typeof load>>;
let person: string;
let people: string[];

async function load() {
  await db.service();
  return {
    ...(await import("../../lib/account/deletion.ts")),
    ...(await import("../../lib/activity/exposures.ts")),
    ...(await import("../../lib/activity/topics.ts")),
    ...(await import("../../lib/teams/deleted.ts")),
    ...(await import("../../lib/teams/members.ts")),
    ...(await import("../../lib/teams/membership.ts")),
    ...(await import("../../lib/teams/spending.ts")),
  };
}

beforeAll(async () => {
  db = await startDatabase(inject("template"), { migrationsDir: OWNER_FUNCTIONS });
  lib = await load();
  person = await db.person();
  people = [...(await addPeople(1_000)), ...(await addPeople(MANY - 1_000))];
});
afterAll(() => db.close());

/** For functions of tests alone, which the types of the database don't have. */
const asOwner = () => createClient(process.env.NEXT_PUBLIC_SUPABASE_URL ?? "", TEST_SECRET_KEY);

/** Adds up to a thousand accounts; their ids. */
async function addPeople(howMany: number): Promise<string[]> {
  const { data } = await asOwner().rpc("add_people", { how_many: howMany }).throwOnError();
  return data.map(({ id }: { id: string }) => id);
}

/** A team of the person's, with everybody in it. */
async function largeTeam(role: "admin" | "member"): Promise<string> {
  const team = await db.team({ [person]: "admin" });
  // All at the same time, so that the time alone doesn't put them in an order.
  const created_at = new Date().toISOString();
  const rows = people.map((user_id) => ({ team_id: team, user_id, role, created_at }));
  await db.admin.from("team_members").insert(rows).throwOnError();
  return team;
}

describe("of more than a thousand", () => {
  it("members, all are listed once, each with their address", async () => {
    const members = await lib.listMembers(await largeTeam("member"), person);
    expect(members).toHaveLength(MANY + 1);
    expect(new Set(members.map(({ user_id }) => user_id))).toEqual(new Set([person, ...people]));
    expect(members.filter(({ email }) => email === "")).toEqual([]);
  });

  it("members, each has a budget", async () => {
    const team = await lib.requireTeam(person, await largeTeam("member"), "admin");
    const { members } = await lib.readBudgets(team, person);
    expect(new Set(members?.map(({ user_id }) => user_id))).toEqual(new Set([person, ...people]));
  });

  it("other admins, those of the last team count as well: it needs nobody to take over", async () => {
    const teams = await Promise.all([largeTeam("admin"), largeTeam("admin")]);
    const { to_hand_over, that_end } = await lib.readDeletion(person);
    const named = [...to_hand_over, ...that_end].map(({ id }) => id);
    expect(named.filter((id) => teams.includes(id))).toEqual([]);
  });

  it("people who knew a key and left, all are listed, and all can be looked up", async () => {
    const team = { type: "team" as const, id: await db.team({ [person]: "admin" }) };
    await db.hold(team, KEY, "sk-ant-test-not-real");
    const rows = people.map((actor_id) => ({
      actor_id,
      owner_type: team.type,
      owner_id: team.id,
      key: KEY,
      action: "revealed" as const,
    }));
    await db.admin.from("vault_events").insert(rows).throwOnError();
    const exposed = await lib.listExposures(team.id);
    expect(exposed).toHaveLength(MANY);
    expect(new Set(exposed.map(({ user_id }) => user_id))).toEqual(new Set(people));
    expect(await lib.listExposures(team.id, people.at(-1))).toHaveLength(1);
    const topics = await lib.listTopics(team);
    expect(topics.keys).toEqual([KEY]);
    expect(new Set(topics.people.map(({ id }) => id))).toEqual(new Set([...people, person]));
  });

  it("deleted teams, each can be restored", async () => {
    await asOwner().rpc("add_deleted_teams", { admin: person, how_many: MANY }).throwOnError();
    const listed = await lib.listDeletedTeams(person);
    expect(new Set(listed.map(({ id }) => id)).size).toBe(MANY);
  });
});
