import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Problem } from "../../lib/vault/http/problem.ts";
import type { Database } from "../../types/database.ts";
import { startDatabase } from "./harness.ts";

type NewRun = Database["public"]["Tables"]["reveal_runs"]["Insert"];

const KEY = "ANTHROPIC_API_KEY";
/** A little more than the run below may cost at most, in US dollars: what is sent, and an answer of 8,192 tokens. */
const MOST = 0.0905;

let db: Awaited<ReturnType<typeof startDatabase>>;
let lib: Awaited<ReturnType<typeof load>>;
let admin: string;
let member: string;
let team: string;

async function load() {
  const vault = await db.service();
  const { openRun } = await import("../../lib/vault-usage/run.ts");
  const { CALLS, chooseModel } = await import("../../lib/reveal/model.ts");
  const { explainPayers } = await import("../../lib/reveal/payers.ts");
  const { changeMember, removeMember } = await import("../../lib/teams/members.ts");
  const { requireTeam } = await import("../../lib/teams/membership.ts");
  const { readBudgets } = await import("../../lib/teams/spending.ts");
  const { changeTeam } = await import("../../lib/teams/teams.ts");
  const { readUsageBudgets } = await import("../../lib/usage/budgets.ts");
  const { setSecret } = vault;
  return {
    openRun,
    CALLS,
    chooseModel,
    explainPayers,
    changeMember,
    removeMember,
    requireTeam,
    readBudgets,
    changeTeam,
    readUsageBudgets,
    setSecret,
  };
}

beforeAll(async () => {
  db = await startDatabase();
  lib = await load();
});
afterAll(() => db.close());
beforeEach(async () => {
  [admin, member] = [await db.person(), await db.person()];
  team = await db.team({ [admin]: "admin", [member]: "member" });
});

const begin = async (userId: string, only: "user" | "team" = "team") => {
  const { signal } = new AbortController();
  await db.hold({ type: only, id: only === "user" ? userId : team }, KEY, "sk-ant-test-not-real");
  return lib.openRun({
    userId,
    teamId: team,
    ...lib.CALLS.run,
    model: lib.chooseModel(undefined),
    only,
    text: "Why?",
    signal,
  });
};

const refusalOf = (userId: string): Promise<Problem> =>
  begin(userId).then(
    () => expect.unreachable(),
    (problem) => problem,
  );

/** Writes past the app what somebody spent on the team's key. */
const spent = (user_id: string | null, cost_usd: number, changes: Partial<NewRun> = {}) =>
  db.admin
    .from("reveal_runs")
    .insert({
      user_id,
      team_id: team,
      kind: "run",
      model: "claude-sonnet-5-5",
      source: "team",
      status: "completed",
      cost_usd,
      ...changes,
    })
    .throwOnError();

const emailOf = async (user: string) =>
  (await db.admin.from("profiles").select("email").eq("user_id", user).single().throwOnError()).data.email;

const seenBy = async (user: string) => lib.readBudgets(await lib.requireTeam(user, team), user);
const monthStart = () => {
  const now = new Date();
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
};

describe("a team's budget", () => {
  it("refuses a run that could pass it, before it begins, and says who can raise it", async () => {
    await lib.changeTeam(admin, team, { monthly_usd: 10 });
    await spent(admin, 9.95);
    const refusal = await refusalOf(member);
    expect(refusal).toMatchObject({ code: "team_budget_spent", status: 429, source: "team" });
    expect(refusal.message).toMatch(
      /^This could cost up to \$0\.0\d+, but only \$0\.05 of the team's budget of \$10\.00 for \w+ is left\. /,
    );
    expect(refusal.message).toContain(`Ask a team admin (${await emailOf(admin)}) to raise it`);
    const { data } = await db.admin.from("reveal_runs").select("id").eq("user_id", member).throwOnError();
    expect(data).toEqual([]);
    // On a key of one's own, nothing of it counts.
    await begin(member, "user");
  });

  it("lets runs on once it is raised, or taken away", async () => {
    await lib.changeTeam(admin, team, { monthly_usd: 0 });
    await expect(begin(admin)).rejects.toMatchObject({ code: "team_budget_spent" });
    await lib.changeTeam(admin, team, { monthly_usd: 0.1 });
    await begin(admin);
    await expect(begin(admin)).rejects.toMatchObject({ code: "team_budget_spent" });
    await lib.changeTeam(admin, team, { monthly_usd: null });
    await begin(admin);
  });

  it("may be lower than what is spent already, and then nothing runs", async () => {
    await spent(member, 5);
    await lib.changeTeam(admin, team, { monthly_usd: 4 });
    await expect(begin(admin)).rejects.toMatchObject({ code: "team_budget_spent" });
    expect((await seenBy(admin)).team).toEqual({ monthly_usd: 4, spent_usd: 5, held_usd: 0 });
  });

  it("counts this month alone, by UTC", async () => {
    await lib.changeTeam(admin, team, { monthly_usd: 10 });
    await spent(member, 500, { created_at: new Date(monthStart() - 1).toISOString() });
    expect((await seenBy(admin)).team?.spent_usd).toBe(0);
    await begin(member);
    await spent(member, 9.99, { created_at: new Date(monthStart()).toISOString() });
    await expect(begin(member)).rejects.toMatchObject({ code: "team_budget_spent" });
  });

  it("is not passed by thirty runs that begin at the same moment", async () => {
    const people = [admin, member, await db.person()];
    await db.admin
      .from("team_members")
      .insert({ team_id: team, user_id: people[2] ?? "" })
      .throwOnError();
    await lib.changeTeam(admin, team, { monthly_usd: 1 });
    const attempts = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => begin(people[index % 3] ?? "")),
    );
    const begun = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
    expect(begun).toHaveLength(Math.floor(1 / MOST));
    for (const attempt of attempts) {
      if (attempt.status === "rejected") expect(attempt.reason.code).toBe("team_budget_spent");
    }
    const use = (await seenBy(admin)).team;
    expect(use).toMatchObject({ spent_usd: 0 });
    expect(use?.held_usd).toBeGreaterThan(1 - MOST);
    expect(use?.held_usd).toBeLessThanOrEqual(1);
    for (const run of begun) run.finish("cancelled");
    await Promise.all(begun.map(({ finished }) => finished));
    expect((await seenBy(admin)).team).toMatchObject({ held_usd: 0 });
  });

  it("keeps what somebody spent who has left, and whose account is deleted", async () => {
    const third = await db.person();
    await db.admin.from("team_members").insert({ team_id: team, user_id: third }).throwOnError();
    await lib.changeTeam(admin, team, { monthly_usd: 10 });
    await spent(member, 6);
    await spent(third, 3.99);
    await lib.removeMember(admin, team, member);
    await db.admin.rpc("delete_account", { for_user: third, teams: [] }).throwOnError();
    const seen = await seenBy(admin);
    expect(seen.team).toEqual({ monthly_usd: 10, spent_usd: 9.99, held_usd: 0 });
    expect(seen.members?.map(({ user_id }) => user_id)).toEqual([admin]);
    await expect(begin(admin)).rejects.toMatchObject({ code: "team_budget_spent" });
  });
});

describe("a member's budget", () => {
  it("is the default, or their own in place of it", async () => {
    await lib.changeTeam(admin, team, { member_monthly_usd: 2 });
    await spent(member, 1.99);
    const refusal = await refusalOf(member);
    expect(refusal).toMatchObject({ code: "member_budget_spent", status: 429, source: "team" });
    expect(refusal.message).toContain("$0.01 of your budget of $2.00 for ");
    expect(refusal.message).toContain(`Ask a team admin (${await emailOf(admin)}) to raise it`);
    // Another member's is another one.
    await begin(admin);

    await lib.changeMember(admin, team, member, { monthly_usd: 3 });
    await begin(member);
    await lib.changeMember(admin, team, member, { monthly_usd: 1 });
    await expect(begin(member)).rejects.toMatchObject({ code: "member_budget_spent" });
    await lib.changeMember(admin, team, member, { monthly_usd: null });
    expect((await refusalOf(member)).message).toContain("$2.00");
  });

  it("does not make room where the team's has none", async () => {
    await lib.changeTeam(admin, team, { monthly_usd: 1 });
    await lib.changeMember(admin, team, member, { monthly_usd: 500 });
    await spent(admin, 1);
    await expect(begin(member)).rejects.toMatchObject({ code: "team_budget_spent" });
  });

  it("changes alone, and the role stays", async () => {
    await lib.changeMember(admin, team, admin, { monthly_usd: 12.34 });
    expect(await lib.requireTeam(admin, team)).toMatchObject({ role: "admin", own_monthly_usd: 12.34 });
    await lib.changeMember(admin, team, member, { role: "admin", monthly_usd: 0.5 });
    expect(await lib.requireTeam(member, team)).toMatchObject({ role: "admin", own_monthly_usd: 0.5 });
    await lib.changeMember(admin, team, member, { role: "member" });
    expect(await lib.requireTeam(member, team)).toMatchObject({ role: "member", own_monthly_usd: 0.5 });
    const gone = lib.changeMember(admin, team, await db.person(), { monthly_usd: 1 });
    await expect(gone).rejects.toMatchObject({ code: "member_not_found" });
  });
});

describe("what somebody may see of it", () => {
  beforeEach(async () => {
    await lib.changeTeam(admin, team, { monthly_usd: 50, member_monthly_usd: 20 });
    await lib.changeMember(admin, team, member, { monthly_usd: 30 });
    await spent(admin, 1);
    await spent(member, 12.3);
    await spent(member, 0.25, { status: "started" });
  });
  const own = { monthly_usd: 30, spent_usd: 12.3, held_usd: 0.25 };

  it("is all of it for an admin", async () => {
    expect(await lib.requireTeam(admin, team)).toMatchObject({
      monthly_usd: 50,
      member_monthly_usd: 20,
      own_monthly_usd: 20,
    });
    const { members, ...rest } = await seenBy(admin);
    const mine = { monthly_usd: 20, spent_usd: 1, held_usd: 0 };
    expect(rest).toEqual({ own: mine, team: { monthly_usd: 50, spent_usd: 13.3, held_usd: 0.25 } });
    expect(new Set(members)).toEqual(
      new Set([
        { user_id: admin, ...mine, is_default: true },
        { user_id: member, ...own, is_default: false },
      ]),
    );
  });

  it("is the team's budget for a member, and their own with what they spent", async () => {
    expect(await lib.requireTeam(member, team)).toEqual({
      id: team,
      name: "Team",
      role: "member",
      key_policy: "platform",
      monthly_usd: 50,
      own_monthly_usd: 30,
    });
    expect(await seenBy(member)).toEqual({ own });
  });

  it("is the same in the usage, by e-mail addresses, and never with an id", async () => {
    const month = new Date(monthStart()).toISOString().slice(0, 7);
    const former = await db.person();
    await spent(former, 2);
    const all = await lib.readUsageBudgets({ id: admin }, await lib.requireTeam(admin, team));
    expect(all).toMatchObject({
      month,
      team: { monthly_usd: 50, spent_usd: 15.3 },
      others_usd: 2,
      members: [
        { member: await emailOf(member), ...own, is_default: false },
        { member: await emailOf(admin), spent_usd: 1, is_default: true },
      ],
    });
    expect(JSON.stringify(all)).not.toMatch(new RegExp([admin, member, former, team].join("|")));
    const mine = await lib.readUsageBudgets({ id: member }, await lib.requireTeam(member, team));
    expect(mine).toEqual({ month, own });
    expect(await lib.readUsageBudgets({ id: member }, null)).toBeNull();
  });
});

describe("before a run", () => {
  const fine = { is_used_up: false, admins: [] };
  const left = async (user: string) =>
    (await lib.explainPayers({ id: user }, await lib.requireTeam(user, team))).team_budget;
  beforeEach(() => lib.setSecret({ type: "team", id: team }, { key: KEY, value: "sk-ant-test-team" }));

  it("says nothing where there is no budget, or the team's key may not pay", async () => {
    expect(await left(member)).toBeNull();
    await lib.changeTeam(admin, team, { monthly_usd: 10, key_policy: "own" });
    expect(await left(member)).toBeNull();
  });

  it("says how much is used of the budget that has less left, with what runs hold", async () => {
    await lib.changeTeam(admin, team, { monthly_usd: 100, member_monthly_usd: 20 });
    await spent(member, 4);
    await spent(member, 1.19, { status: "started" });
    expect(await left(member)).toEqual({ of: "member", limit: 20, percent: 25, ...fine });
    await spent(null, 90);
    expect(await left(admin)).toEqual({ of: "team", limit: 100, percent: 95, ...fine });
    expect(await left(member)).toEqual({ of: "team", limit: null, percent: 95, ...fine });
  });

  it("says whom to ask once it is used up", async () => {
    await lib.changeTeam(admin, team, { monthly_usd: 5 });
    await spent(admin, 5);
    const used = { percent: 100, is_used_up: true, admins: [await emailOf(admin)] };
    expect(await left(member)).toEqual({ of: "team", limit: null, ...used });
    await lib.changeMember(admin, team, member, { monthly_usd: 0 });
    expect(await left(member)).toEqual({ of: "member", limit: 0, ...used });
  });

  it("says so where no run has room any more, and not because of runs that will end", async () => {
    await lib.changeTeam(admin, team, { monthly_usd: 10 });
    await spent(admin, 10 - MOST + 0.001);
    expect(await left(admin)).toMatchObject({ of: "team", percent: 99, is_used_up: true });
    await lib.changeTeam(admin, team, { monthly_usd: 20 });
    await spent(admin, 11, { status: "started" });
    expect(await left(admin)).toMatchObject({ of: "team", percent: 104, is_used_up: false });
    // Whichever is used up is named, though the other one has less left for the moment.
    await lib.changeMember(admin, team, member, { monthly_usd: 0.01 });
    expect(await left(member)).toMatchObject({ of: "member", limit: 0.01, is_used_up: true });
  });
});
