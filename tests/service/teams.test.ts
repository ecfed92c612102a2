import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startDatabase } from "./harness.ts";

let db: Awaited<ReturnType<typeof startDatabase>>;
let lib: Awaited<ReturnType<typeof load>>;
let admin: string;
let member: string;
let stranger: string;
let team: string;

/** The parts of the app that know teams, as one server process has them. */
async function load() {
  await db.service();
  return {
    ...(await import("../../lib/teams/teams.ts")),
    ...(await import("../../lib/teams/deleted.ts")),
    ...(await import("../../lib/teams/members.ts")),
    ...(await import("../../lib/auth/profiles.ts")),
    ...(await import("../../lib/teams/invites.ts")),
    ...(await import("../../lib/teams/membership.ts")),
    ...(await import("../../lib/vault/access.ts")),
    ...(await import("../../lib/vault/service.ts")),
  };
}

beforeAll(async () => {
  db = await startDatabase();
  lib = await load();
});
afterAll(() => db.close());
beforeEach(async () => {
  [admin, member, stranger] = await Promise.all([db.person(), db.person(), db.person()]);
  team = (await lib.createTeam(admin, "Research")).id;
  await db.admin.from("team_members").insert({ team_id: team, user_id: member }).throwOnError();
});

const roles = async (id = team) =>
  Object.fromEntries((await lib.listMembers(id, admin)).map(({ user_id, role }) => [user_id, role]));
const emailOf = async (id: string) =>
  (await db.admin.from("profiles").select("email").eq("user_id", id).single().throwOnError()).data.email;
const tokenOf = ({ url }: { url: string }) => url.slice(url.indexOf("#") + 1);
const invite = async (role: "admin" | "member" = "member", from = admin) =>
  tokenOf(await lib.createInvite(from, team, role));
/** How each attempt ended: done, or the code of its problem. */
const outcomes = async (attempts: Promise<unknown>[]) =>
  (await Promise.allSettled(attempts))
    .map((result) => (result.status === "fulfilled" ? "done" : result.reason.code))
    .sort();

describe("a team", () => {
  it("has its creator as its admin, and is in nobody else's list", async () => {
    const created = await lib.createTeam(stranger, "Night shift");
    expect(created).toEqual({
      id: expect.any(String),
      name: "Night shift",
      role: "admin",
      key_policy: "platform",
      monthly_usd: null,
      member_monthly_usd: null,
      own_monthly_usd: null,
    });
    expect(await lib.listTeams(stranger)).toEqual([created]);
    expect(await lib.requireTeam(stranger, created.id, "admin")).toEqual(created);
    expect((await lib.listTeams(admin)).map(({ id }) => id)).toEqual([team]);
  });

  it("takes a new name and a new policy, each by itself", async () => {
    await lib.changeTeam(admin, team, { name: "Development" });
    expect(await lib.requireTeam(member, team)).toMatchObject({
      name: "Development",
      key_policy: "platform",
    });
    await lib.changeTeam(admin, team, { key_policy: "own" });
    expect(await lib.requireTeam(member, team)).toMatchObject({ name: "Development", key_policy: "own" });
  });

  it("is closed to everybody when it is deleted, and takes its open invitations along", async () => {
    const other = await lib.createTeam(admin, "Stays");
    for (const id of [team, other.id]) {
      await lib.setSecret({ type: "team", id }, { key: "OPENAI_API_KEY", value: "sk-test-1" });
    }
    const token = await invite();

    await lib.deleteTeam(admin, team);
    expect(await lib.getTeamRole(admin, team)).toBeNull();
    expect(await lib.getTeamRole(member, team)).toBeNull();
    expect(await lib.resolveSecret(member, team, "OPENAI_API_KEY")).toBeNull();
    await expect(lib.acceptInvite(stranger, token)).rejects.toMatchObject({ code: "invite_not_found" });
    const secret = { key: "LATE_KEY", value: "sk-test-late" };
    await expect(lib.setSecret({ type: "team", id: team }, secret)).rejects.toMatchObject({ status: 503 });
    expect(await lib.listSecrets({ type: "team", id: other.id })).toHaveLength(1);
    for (const late of [lib.deleteTeam(admin, team), lib.changeTeam(admin, team, { name: "Late" })]) {
      await expect(late).rejects.toMatchObject({ code: "team_not_found" });
    }
  });

  it("comes back as it was, by an admin that it had, within 30 days", async () => {
    await lib.setSecret({ type: "team", id: team }, { key: "OPENAI_API_KEY", value: "sk-test-1" });
    await lib.changeMember(admin, team, member, { monthly_usd: 5 });
    const before = await lib.listMembers(team, admin);
    await lib.deleteTeam(admin, team);
    expect(await lib.listDeletedTeams(admin)).toMatchObject([
      { id: team, deleted_by: { email: expect.stringContaining("@"), is_you: true } },
    ]);
    expect(await lib.listDeletedTeams(member)).toEqual([]);
    await expect(lib.restoreTeam(member, team)).rejects.toMatchObject({ code: "team_role_required" });
    await expect(lib.restoreTeam(stranger, team)).rejects.toMatchObject({ code: "team_not_found" });

    await lib.restoreTeam(admin, team);
    expect(await lib.listMembers(team, admin)).toEqual(before);
    expect(await lib.requireTeam(member, team)).toMatchObject({ own_monthly_usd: 5 });
    expect(await lib.resolveSecret(member, team, "OPENAI_API_KEY")).toBe("sk-test-1");
    expect(await lib.listDeletedTeams(admin)).toEqual([]);
    await expect(lib.restoreTeam(admin, team)).rejects.toMatchObject({ code: "team_not_found" });
  });

  it("is gone for good after 30 days, with its secrets and without its runs", async () => {
    await lib.setSecret({ type: "team", id: team }, { key: "OPENAI_API_KEY", value: "sk-test-1" });
    const run = { user_id: member, team_id: team, kind: "run", model: "m", source: "team" } as const;
    const { data: paid } = await db.admin
      .from("reveal_runs")
      .insert(run)
      .select("id")
      .single()
      .throwOnError();
    await lib.deleteTeam(admin, team);
    const past = new Date(Date.now() - 30 * 86_400_000 - 1000).toISOString();
    await db.admin.from("teams").update({ deleted_at: past }).eq("id", team).throwOnError();
    expect(await lib.listDeletedTeams(admin)).toEqual([]);
    await expect(lib.restoreTeam(admin, team)).rejects.toMatchObject({ code: "team_not_found" });

    const another = await lib.createTeam(stranger, "Another");
    await lib.deleteTeam(stranger, another.id);
    expect(await lib.listSecrets({ type: "team", id: team })).toEqual([]);
    const { data: kept } = await db.admin.from("reveal_runs").select("user_id, team_id").eq("id", paid.id);
    expect(kept).toEqual([{ user_id: member, team_id: null }]);
  });

  it("is not somebody's fifty-first, created or joined", async () => {
    const rows = Array.from({ length: 49 }, (_, index) => ({ name: `Team ${index}`, created_by: stranger }));
    await db.admin.from("teams").insert(rows).throwOnError();
    const last = await lib.createTeam(stranger, "Number fifty");
    await expect(lib.createTeam(stranger, "One more")).rejects.toMatchObject({ code: "team_limit" });
    const token = await invite();
    await expect(lib.acceptInvite(stranger, token)).rejects.toMatchObject({ code: "team_limit" });
    await lib.deleteTeam(stranger, last.id);
    expect(await lib.acceptInvite(stranger, token)).toMatchObject({ id: team });
  });

  it("is one of 50 at most also where a person begins with 60 at once", async () => {
    const ended = [...Array<string>(50).fill("done"), ...Array<string>(10).fill("team_limit")];
    const create = (index: number) => lib.createTeam(stranger, `Team ${index}`);
    expect(await outcomes(Array.from({ length: 60 }, (_, index) => create(index)))).toEqual(ended);
    expect(await lib.listTeams(stranger)).toHaveLength(50);
  });
});

describe("the people of a team", () => {
  it("are listed by their e-mail addresses, also hundreds of them", async () => {
    expect(await lib.listMembers(team, member)).toEqual([
      {
        user_id: admin,
        email: await emailOf(admin),
        role: "admin",
        joined_at: expect.stringMatching(/^\d{4}-/),
        is_you: false,
      },
      expect.objectContaining({ user_id: member, role: "member", is_you: true }),
    ]);
    const asked = [admin, ...Array.from({ length: 250 }, () => crypto.randomUUID()), member];
    expect([...(await lib.readEmails(asked)).keys()].sort()).toEqual([admin, member].sort());
  });

  it("become admins and members again, and only who is in it", async () => {
    await lib.changeMember(admin, team, member, { role: "admin" });
    expect(await roles()).toEqual({ [admin]: "admin", [member]: "admin" });
    await lib.changeMember(admin, team, admin, { role: "member" });
    expect(await roles()).toEqual({ [admin]: "member", [member]: "admin" });
    await expect(lib.changeMember(member, team, stranger, { role: "admin" })).rejects.toMatchObject({
      code: "member_not_found",
    });
    expect(await lib.getTeamRole(stranger, team)).toBeNull();
  });

  it("lose everything at once when they are removed", async () => {
    await lib.removeMember(admin, team, member);
    expect(await lib.getTeamRole(member, team)).toBeNull();
    expect(await lib.listTeams(member)).toEqual([]);
    await expect(lib.requireTeam(member, team)).rejects.toMatchObject({ code: "team_not_found" });
    const user = { id: member, email: "" };
    await expect(lib.authoriseOwner(user, team, "see")).rejects.toMatchObject({ code: "team_not_found" });
    await expect(lib.removeMember(admin, team, member)).rejects.toMatchObject({ code: "member_not_found" });
  });

  it("lose an admin's rights at once when they are demoted", async () => {
    await lib.changeMember(admin, team, member, { role: "admin" });
    const user = { id: member, email: "" };
    expect(await lib.authoriseOwner(user, team, "manage")).toEqual({ type: "team", id: team });
    await lib.changeMember(admin, team, member, { role: "member" });
    await expect(lib.authoriseOwner(user, team, "manage")).rejects.toMatchObject({
      code: "team_role_required",
    });
    await expect(lib.requireTeam(member, team, "admin")).rejects.toMatchObject({
      code: "team_role_required",
    });
    expect(await lib.authoriseOwner(user, team, "see")).toEqual({ type: "team", id: team });
  });

  it("are a stranger's no more than those of a team that does not exist", async () => {
    const answers = await Promise.all(
      [team, crypto.randomUUID()].map((id) => lib.requireTeam(stranger, id).catch((problem) => problem)),
    );
    const [foreign, unknown] = answers.map(({ code, status, message }) => ({ code, status, message }));
    expect(foreign).toEqual(unknown);
    expect(foreign?.code).toBe("team_not_found");
  });

  it("have an admin among them at all times", async () => {
    await expect(lib.removeMember(admin, team, admin)).rejects.toMatchObject({ code: "last_admin" });
    await expect(lib.changeMember(admin, team, admin, { role: "member" })).rejects.toMatchObject({
      code: "last_admin",
    });
    expect(await roles()).toEqual({ [admin]: "admin", [member]: "member" });
  });

  it("keep one admin where two leave, or step down, at the same moment", async () => {
    for (const work of [
      (id: string) => lib.removeMember(id, team, id),
      (id: string) => lib.changeMember(id, team, id, { role: "member" }),
    ]) {
      team = (await lib.createTeam(admin, "Two admins")).id;
      const second = { team_id: team, user_id: member, role: "admin" } as const;
      await db.admin.from("team_members").insert(second).throwOnError();
      expect(await outcomes([work(admin), work(member)])).toEqual(["done", "last_admin"]);
      expect(Object.values(await roles()).filter((role) => role === "admin")).toHaveLength(1);
    }
  });

  it("are one fewer where two admins remove each other at the same moment", async () => {
    const second = { team_id: team, user_id: stranger, role: "admin" } as const;
    await db.admin.from("team_members").insert(second).throwOnError();
    const attempts = [lib.removeMember(admin, team, stranger), lib.removeMember(stranger, team, admin)];
    expect(await outcomes(attempts)).toEqual(["done", "team_not_found"]);
    expect(Object.values(await roles()).sort()).toEqual(["admin", "member"]);
  });
});

describe("an invitation", () => {
  it("is shown before it is accepted, and lets its person in with its role", async () => {
    const made = await lib.createInvite(admin, team, "admin");
    expect(made).toEqual({
      id: expect.any(String),
      url: expect.stringMatching(/^http:\/\/localhost:3000\/invite#[\w-]{43}$/),
      role: "admin",
      label: null,
      expires_at: expect.any(String),
    });
    const days = (Date.parse(made.expires_at) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.99);
    expect(days).toBeLessThan(7.01);
    expect(await lib.previewInvite(stranger, tokenOf(made))).toEqual({
      team_name: "Research",
      role: "admin",
      invited_by: await emailOf(admin),
      expires_at: made.expires_at,
      already_member: false,
    });
    expect(await lib.acceptInvite(stranger, tokenOf(made))).toEqual({
      id: team,
      name: "Research",
      role: "admin",
      key_policy: "platform",
      monthly_usd: null,
      member_monthly_usd: null,
      own_monthly_usd: null,
    });
    expect(await lib.listOpenInvites(team)).toEqual([]);
  });

  it("is stored as a hash only", async () => {
    const made = await lib.createInvite(admin, team, "member");
    const { data } = await db.admin.from("team_invites").select("*").eq("id", made.id).throwOnError();
    expect(data).toHaveLength(1);
    expect(data[0]?.token_hash).toMatch(/^[0-9a-f]{64}$/);
    const bytes = Buffer.from(tokenOf(made), "base64url");
    for (const form of [tokenOf(made), bytes.toString("hex"), bytes.toString("base64")]) {
      expect(JSON.stringify(data)).not.toContain(form);
    }
    expect(JSON.stringify(await lib.listOpenInvites(team))).not.toContain(data[0]?.token_hash);
  });

  it("is listed while it is open, with who made it", async () => {
    const { url: _, ...made } = await lib.createInvite(admin, team, "member");
    expect(await lib.listOpenInvites(team)).toEqual([
      { ...made, created_by: await emailOf(admin), created_at: expect.any(String) },
    ]);
  });

  it("lets one of two people in who accept it at the same moment", async () => {
    for (let round = 0; round < 5; round += 1) {
      const people = await Promise.all([db.person(), db.person()]);
      const token = await invite();
      const ends = await outcomes(people.map((person) => lib.acceptInvite(person, token)));
      expect(ends).toEqual(["done", "invite_not_found"]);
      const there = await Promise.all(people.map((person) => lib.getTeamRole(person, team)));
      expect(there.filter(Boolean)).toEqual(["member"]);
    }
  });

  it("lets somebody in who accepts it twice at the same moment", async () => {
    const token = await invite();
    const ends = await outcomes([lib.acceptInvite(stranger, token), lib.acceptInvite(stranger, token)]);
    expect(ends).toEqual(["done", "done"]);
  });

  it("is not used up by who is in the team already, and leaves their role", async () => {
    const token = await invite("admin");
    expect(await lib.previewInvite(member, token)).toMatchObject({ already_member: true, team_id: team });
    expect(await lib.acceptInvite(member, token)).toMatchObject({ id: team, role: "member" });
    expect(await lib.acceptInvite(stranger, token)).toMatchObject({ id: team, role: "admin" });
    expect(await lib.previewInvite(stranger, token)).toMatchObject({ already_member: true, team_id: team });
  });

  it("is the same nothing when it was used, taken back, has expired or never was", async () => {
    const used = await invite();
    await lib.acceptInvite(await db.person(), used);
    const takenBack = await lib.createInvite(admin, team, "member");
    await lib.withdrawInvite(admin, team, takenBack.id);
    const expired = await lib.createInvite(admin, team, "member");
    const past = new Date(Date.now() - 1000).toISOString();
    await db.admin.from("team_invites").update({ expires_at: past }).eq("id", expired.id).throwOnError();
    const unknown = "A".repeat(43);

    const answers = new Set<string>();
    for (const token of [used, tokenOf(takenBack), tokenOf(expired), unknown, "not a token", "ü\u0000'"]) {
      for (const ask of [lib.previewInvite, lib.acceptInvite]) {
        const { code, status, message } = await ask(stranger, token).catch((problem) => problem);
        answers.add(JSON.stringify({ code, status, message }));
      }
    }
    expect([...answers]).toHaveLength(1);
    expect([...answers][0]).toContain("invite_not_found");
    expect(await lib.getTeamRole(stranger, team)).toBeNull();
    expect(await lib.listOpenInvites(team)).toEqual([]);
  });

  it("cannot be accepted past its end, whatever the app believes", async () => {
    const { id } = await lib.createInvite(admin, team, "member");
    const past = new Date(Date.now() - 1000).toISOString();
    await db.admin.from("team_invites").update({ expires_at: past }).eq("id", id).throwOnError();
    const { data } = await db.admin
      .from("team_invites")
      .update({ used_by: stranger })
      .eq("id", id)
      .select("id");
    expect(data).toEqual([]);
    expect(await lib.getTeamRole(stranger, team)).toBeNull();
  });

  it("is void, and so is every other, once an admin is removed, leaves, or is an admin no longer", async () => {
    await lib.changeMember(admin, team, member, { role: "admin" });
    const first = await invite("member", member);
    await lib.changeMember(admin, team, member, { role: "member" });
    await expect(lib.acceptInvite(stranger, first)).rejects.toMatchObject({ code: "invite_not_found" });
    await lib.changeMember(admin, team, member, { role: "admin" });
    const second = await invite("admin", member);
    const others = await invite();
    await lib.removeMember(admin, team, member);
    for (const token of [second, others]) {
      await expect(lib.acceptInvite(stranger, token)).rejects.toMatchObject({ code: "invite_not_found" });
    }
    await db.admin.from("team_members").insert({ team_id: team, user_id: member, role: "admin" });
    const third = await invite();
    await lib.removeMember(member, team, member);
    await expect(lib.acceptInvite(stranger, third)).rejects.toMatchObject({ code: "invite_not_found" });
  });

  it("from before a member's removal lets others in, and not that member", async () => {
    const token = await invite();
    await lib.removeMember(admin, team, member);
    await expect(lib.acceptInvite(member, token)).rejects.toMatchObject({ code: "invite_not_found" });
    expect(await lib.acceptInvite(stranger, token)).toMatchObject({ id: team });
    expect(await lib.acceptInvite(member, await invite())).toMatchObject({ id: team });
  });

  it("can be made by who is in the team only", async () => {
    await expect(lib.createInvite(stranger, team, "member")).rejects.toMatchObject({
      code: "team_not_found",
    });
  });

  it("is taken back in its own team only, and once, and not after it was used", async () => {
    const other = (await lib.createTeam(stranger, "Other")).id;
    const { id, ...made } = await lib.createInvite(admin, team, "member");
    const gone = { code: "invite_not_found" };
    await expect(lib.withdrawInvite(stranger, other, id)).rejects.toMatchObject(gone);
    expect(await lib.listOpenInvites(team)).toHaveLength(1);
    await lib.acceptInvite(stranger, tokenOf(made));
    await expect(lib.withdrawInvite(admin, team, id)).rejects.toMatchObject(gone);
    const second = await lib.createInvite(admin, team, "member");
    await lib.withdrawInvite(admin, team, second.id);
    await expect(lib.withdrawInvite(admin, team, second.id)).rejects.toMatchObject(gone);
  });

  it("is not the twenty-first of many that are made at once", async () => {
    const made = await outcomes(Array.from({ length: 30 }, () => lib.createInvite(admin, team, "member")));
    expect(made).toEqual([...Array(20).fill("done"), ...Array(10).fill("invite_limit")]);
  });

  it("is not the twenty-first that is open", async () => {
    const row = (index: number) => ({
      team_id: team,
      created_by: admin,
      token_hash: index.toString(16).padStart(2, "0").repeat(32),
    });
    await db.admin.from("team_invites").delete().gt("created_at", "2000-01-01");
    await db.admin
      .from("team_invites")
      .insert(Array.from({ length: 19 }, (_, index) => row(index)))
      .throwOnError();
    const last = await lib.createInvite(admin, team, "member");
    await expect(lib.createInvite(admin, team, "member")).rejects.toMatchObject({ code: "invite_limit" });
    await lib.withdrawInvite(admin, team, last.id);
    await lib.createInvite(admin, team, "member");
  });
});

it("says that the database does not answer, and nothing of the team", async () => {
  await db.service({ down: true });
  const { previewInvite } = await import("../../lib/teams/invites.ts");
  const { createTeam } = await import("../../lib/teams/teams.ts");
  const { removeMember } = await import("../../lib/teams/members.ts");
  for (const attempt of [
    previewInvite(admin, "A".repeat(43)),
    createTeam(admin, "Team"),
    removeMember(admin, team, member),
  ]) {
    await expect(attempt).rejects.toMatchObject({ code: "vault_unavailable", status: 503 });
  }
});
