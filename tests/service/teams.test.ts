import { describe, expect, it } from "vitest";
import { admin, db, emailOf, invite, lib, member, outcomes, roles, stranger, team } from "./team-harness.ts";

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
      (id: string, of: string) => lib.removeMember(id, of, id),
      (id: string, of: string) => lib.changeMember(id, of, id, { role: "member" }),
    ]) {
      const two = (await lib.createTeam(admin, "Two admins")).id;
      const second = { team_id: two, user_id: member, role: "admin" } as const;
      await db.admin.from("team_members").insert(second).throwOnError();
      expect(await outcomes([work(admin, two), work(member, two)])).toEqual(["done", "last_admin"]);
      expect(Object.values(await roles(two)).filter((role) => role === "admin")).toHaveLength(1);
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
