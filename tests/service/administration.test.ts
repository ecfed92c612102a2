import { beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../support/eventually.ts";
import { interceptDatabase } from "./harness.ts";
import { admin, db, emailOf, lib, member, stranger, team, tokenOf } from "./team-harness.ts";

let second: string;

beforeEach(async () => {
  second = await db.person();
  await db.admin
    .from("team_members")
    .insert({ team_id: team, user_id: second, role: "admin" })
    .throwOnError();
});

/** A team's events, oldest first, without ids and times. */
async function eventsOf(id = team) {
  const { data } = await db.admin
    .from("vault_events")
    .select("action, actor_id, subject_id, details")
    .eq("owner_type", "team")
    .eq("owner_id", id)
    .order("created_at")
    .order("id")
    .throwOnError();
  return data;
}

/** The events that something leaves. */
async function left(work: () => Promise<unknown>, id = team) {
  const before = await eventsOf(id);
  await work();
  return (await eventsOf(id)).slice(before.length);
}

const invite = async (from = admin) => {
  const made = await lib.createInvite(from, team, "member", "Bob");
  return { id: made.id, token: tokenOf(made) };
};

describe("what an admin does", () => {
  // Called with who does it, so that the same can be tried by others.
  const deeds: [string, (actor: string) => Promise<unknown>, () => object[]][] = [
    [
      "renames the team",
      (actor) => lib.changeTeam(actor, team, { name: "Development" }),
      () => [{ action: "team_renamed", details: { from: "Research", to: "Development" } }],
    ],
    [
      "changes the rule of who pays",
      (actor) => lib.changeTeam(actor, team, { key_policy: "own" }),
      () => [{ action: "rule_changed", details: { from: "platform", to: "own" } }],
    ],
    [
      "sets the team's budget",
      (actor) => lib.changeTeam(actor, team, { monthly_usd: 20 }),
      () => [{ action: "budget_changed", details: { of: "team", from: null, to: 20 } }],
    ],
    [
      "sets the budget of each member",
      (actor) => lib.changeTeam(actor, team, { member_monthly_usd: 2.5 }),
      () => [{ action: "budget_changed", details: { of: "default", from: null, to: 2.5 } }],
    ],
    [
      "sets a member's budget",
      (actor) => lib.changeMember(actor, team, member, { monthly_usd: 0 }),
      () => [{ action: "budget_changed", subject_id: member, details: { of: "member", from: null, to: 0 } }],
    ],
    [
      "makes a member an admin",
      (actor) => lib.changeMember(actor, team, member, { role: "admin" }),
      () => [{ action: "role_changed", subject_id: member, details: { from: "member", to: "admin" } }],
    ],
    [
      "removes a member",
      (actor) => lib.removeMember(actor, team, member),
      () => [{ action: "member_removed", subject_id: member, details: { role: "member" } }],
    ],
    [
      "invites",
      (actor) => lib.createInvite(actor, team, "member", "Bob"),
      () => [{ action: "member_invited", details: { role: "member", label: "Bob" } }],
    ],
    [
      "deletes the team",
      (actor) => lib.deleteTeam(actor, team),
      () => [{ action: "team_deleted", details: { name: "Research" } }],
    ],
  ];

  it.each(deeds)("%s: it is one event, with who did it", async (_, deed, expected) => {
    const events = await left(() => deed(second));
    expect(events).toEqual(
      expected().map((event) => ({ actor_id: second, subject_id: null, details: null, ...event })),
    );
  });

  it.each(deeds)("%s: a member and a stranger cannot, and leave no event", async (_, deed) => {
    // Somebody else than the one whom it is done to, who may leave.
    const other = await db.person();
    await db.admin.from("team_members").insert({ team_id: team, user_id: other }).throwOnError();
    const events = await left(async () => {
      await expect(deed(stranger)).rejects.toMatchObject({ code: "team_not_found" });
      await expect(deed(other)).rejects.toMatchObject({ code: "team_role_required" });
    });
    expect(events).toEqual([]);
  });

  it("is no event where nothing changes", async () => {
    const events = await left(async () => {
      await lib.changeTeam(admin, team, { name: "Research", key_policy: "platform", monthly_usd: null });
      await lib.changeMember(admin, team, member, { role: "member" });
    });
    expect(events).toEqual([]);
  });

  it("takes an invitation back, and it says whose name was on it", async () => {
    const { id } = await invite();
    const [event, ...more] = await left(() => lib.withdrawInvite(second, team, id));
    expect(event).toMatchObject({ actor_id: second, action: "invite_withdrawn", details: { label: "Bob" } });
    expect(more).toEqual([]);
  });

  it("withdraws every open invitation by removing an admin, each with its event", async () => {
    await invite(admin);
    await invite(second);
    const events = await left(() => lib.removeMember(admin, team, second));
    expect(events.map(({ action, actor_id }) => [action, actor_id]).sort()).toEqual([
      ["invite_withdrawn", admin],
      ["invite_withdrawn", admin],
      ["member_removed", admin],
    ]);
  });
});

describe("what others do", () => {
  it("creates a team: one event, and none for its creator's membership", async () => {
    const { id } = await lib.createTeam(stranger, "Night shift");
    expect(await eventsOf(id)).toEqual([
      { action: "team_created", actor_id: stranger, subject_id: null, details: { name: "Night shift" } },
    ]);
  });

  it("joins by an invitation, with who had made it", async () => {
    const { token } = await invite();
    const details = { role: "member", invited_by: await emailOf(admin) };
    expect(await left(() => lib.acceptInvite(stranger, token))).toEqual([
      { action: "member_joined", actor_id: stranger, subject_id: stranger, details },
    ]);
    expect(await left(() => lib.acceptInvite(stranger, token))).toEqual([]);
  });

  it("leaves", async () => {
    expect(await left(() => lib.removeMember(member, team, member))).toEqual([
      { action: "member_left", actor_id: member, subject_id: member, details: { role: "member" } },
    ]);
  });

  it("deletes an account, and the team keeps its address", async () => {
    const email = await emailOf(second);
    await lib.changeTeam(second, team, { name: "Development" });
    expect(await left(() => lib.deleteAccount(second, []))).toEqual([
      {
        action: "member_left",
        actor_id: second,
        subject_id: second,
        details: { role: "admin", email, account_deleted: true },
      },
    ]);
    const { data } = await db.admin
      .rpc("activity_address", { for_type: "team", for_owner: team, person: second })
      .throwOnError();
    expect(data).toEqual([{ email }]);
  });

  it("writes into the database itself, and then nobody in the app did it", async () => {
    const events = await left(() =>
      Promise.resolve(
        db.admin
          .from("team_members")
          .insert({ team_id: team, user_id: stranger, role: "admin" })
          .throwOnError(),
      ),
    );
    expect(events).toEqual([
      { action: "member_joined", actor_id: null, subject_id: stranger, details: { role: "admin" } },
    ]);
  });
});

describe("a deleted team", () => {
  it("comes back with its log, by one event and not one for each member", async () => {
    await lib.deleteTeam(second, team);
    expect(await left(() => lib.restoreTeam(admin, team))).toEqual([
      { action: "team_restored", actor_id: admin, subject_id: null, details: { name: "Research" } },
    ]);
    expect((await eventsOf()).at(-2)).toMatchObject({ action: "team_deleted", actor_id: second });
  });

  it("is hidden also where it goes with the account of its only admin", async () => {
    const alone = (await lib.createTeam(stranger, "Alone")).id;
    await db.admin.from("team_members").insert({ team_id: alone, user_id: member }).throwOnError();
    await lib.deleteAccount(stranger, [{ team_id: alone, pass_to: null }]);
    expect((await eventsOf(alone)).map(({ action }) => action)).toEqual(
      expect.arrayContaining(["team_created", "team_deleted"]),
    );
    const { data } = await db.admin.from("teams").select("deleted_by").eq("id", alone).throwOnError();
    expect(data).toEqual([{ deleted_by: stranger }]);
  });

  it("goes with the last account that was in it", async () => {
    const alone = (await lib.createTeam(stranger, "Alone")).id;
    await lib.deleteTeam(stranger, alone);
    await lib.deleteAccount(stranger, []);
    const { data } = await db.admin.from("teams").select("id").eq("id", alone).throwOnError();
    expect(data).toEqual([]);
    expect(await eventsOf(alone)).toEqual([]);
  });
});

describe("a call on the team's key that is under way", () => {
  const watch = async () => {
    const { watchMembership } = await import("../../lib/vault-usage/membership-watch.ts");
    return watchMembership(member, team, 10);
  };
  /** Resolves with why a signal aborted. */
  const aborted = (signal: AbortSignal) =>
    new Promise((resolve) => signal.addEventListener("abort", () => resolve(signal.reason), { once: true }));

  it.each([
    ["a removal", () => lib.removeMember(admin, team, member)],
    ["the team's deletion", () => lib.deleteTeam(admin, team)],
  ])("ends soon after %s", async (_, happens) => {
    const { signal, end } = await watch();
    const reason = aborted(signal);
    await lib.changeMember(admin, team, member, { role: "admin" });
    expect(signal.aborted).toBe(false);
    await happens();
    expect(await reason).toMatchObject({ code: "team_not_found", status: 404 });
    end();
  });

  it("goes on where the database does not answer", async () => {
    let asked = 0;
    interceptDatabase(async () => {
      asked += 1;
      throw new TypeError("fetch failed");
    });
    const { signal, end } = await watch();
    await eventually(() => expect(asked).toBeGreaterThan(3));
    expect(signal.aborted).toBe(false);
    end();
  });
});
