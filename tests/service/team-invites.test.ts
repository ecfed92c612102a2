import { describe, expect, it } from "vitest";
import {
  admin,
  db,
  emailOf,
  invite,
  lib,
  member,
  outcomes,
  stranger,
  team,
  tokenOf,
} from "./team-harness.ts";

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
