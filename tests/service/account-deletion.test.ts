import { describe, expect, it } from "vitest";
import { another, Browser, db, newPerson, PASSWORD, person, routes } from "./account-harness.ts";

describe("deleting an account", () => {
  const store = (type: "user" | "team", id: string) =>
    routes.setSecret({ type, id }, { key: "OPENAI_API_KEY", value: "sk-test-1" });

  it("says what goes, asks who takes over, does it all at once, and leaves the others' whole", async () => {
    const { id, browser, email } = person;
    const [heir, other] = [await newPerson(), await newPerson()];
    const shared = await db.team({ [id]: "admin", [heir.id]: "member", [other.id]: "member" });
    const alone = await db.team({ [id]: "admin" });
    const managed = await db.team({ [id]: "admin", [other.id]: "admin" });
    for (const team of [shared, alone]) await store("team", team);
    await store("user", id);
    await store("user", heir.id);

    const impact = await browser.send(routes.impact, "GET");
    expect(impact).toMatchObject({
      keys: 1,
      webhooks: 0,
      to_hand_over: [{ id: shared, name: "Team", keys: 1 }],
      that_end: [{ id: alone, name: "Team", keys: 1 }],
    });
    expect(impact.to_hand_over[0].members).toEqual(
      expect.arrayContaining([heir, other].map(({ id: user_id, email }) => ({ user_id, email }))),
    );

    const phone = await another(email);
    for (const teams of [[], [{ team_id: shared, pass_to: id }], [{ team_id: alone, pass_to: null }]]) {
      expect(await browser.remove(teams)).toMatchObject({ status: 409, code: "team_needs_admin" });
    }
    const choice = [{ team_id: shared, pass_to: heir.id }];
    expect(await browser.remove(choice, "not-the-password")).toMatchObject({ code: "wrong_password" });
    expect(await browser.isSignedIn()).toBe(true);
    expect(await routes.getTeamRole(heir.id, shared)).toBe("member");
    expect(
      await routes.listSessions(await browser.user()),
      "asking for the password leaves no session",
    ).toHaveLength(2);

    const done = await browser.remove(choice);
    expect(done).toMatchObject({ status: 204 });
    expect(done.headers.get("clear-site-data")).toBe('"cache", "storage"');
    expect([...browser.jar]).toEqual([]);
    expect(await phone.isSignedIn()).toBe(false);
    expect(await new Browser().signIn(email)).toBe(401);
    expect(await routes.getTeamRole(heir.id, shared)).toBe("admin");
    expect(await routes.getTeamRole(other.id, shared)).toBe("member");
    expect(await routes.getTeamRole(other.id, managed)).toBe("admin");
    const owned = await db.admin.from("vault_secrets").select("owner_id").in("owner_id", [id, alone]);
    expect(owned.data).toEqual([]);
    expect(await routes.listSecrets({ type: "team", id: shared })).toHaveLength(1);
    expect(await routes.listSecrets({ type: "user", id: heir.id })).toHaveLength(1);
  });

  it("touches no team that is not the person's to give, nor anybody else's account", async () => {
    const other = await newPerson();
    const theirs = await db.team({ [other.id]: "admin", [person.id]: "member" });
    const foreign = await db.team({ [other.id]: "admin" });
    const choices = [
      { team_id: theirs, pass_to: null },
      { team_id: foreign, pass_to: person.id },
      { team_id: crypto.randomUUID(), pass_to: null },
    ];
    expect(await person.browser.remove(choices)).toMatchObject({ status: 204 });
    for (const team of [theirs, foreign]) expect(await routes.getTeamRole(other.id, team)).toBe("admin");
    expect(await other.browser.isSignedIn()).toBe(true);
  });

  it("at the same moment as the other admin does leaves one of them", async () => {
    const other = await newPerson();
    const team = await db.team({ [person.id]: "admin", [other.id]: "admin" });
    const member = await newPerson();
    await db.admin.from("team_members").insert({ team_id: team, user_id: member.id }).throwOnError();
    const ends = await Promise.all([person.browser.remove([]), other.browser.remove([])]);
    expect(ends.map(({ status }) => status).sort()).toEqual([204, 409]);
    const last = [person, other][ends.findIndex(({ status }) => status === 409)];
    expect(await routes.getTeamRole(last?.id ?? "", team)).toBe("admin");
    expect(await routes.getTeamRole(member.id, team)).toBe("member");
  });

  it("is refused to another site and to a page that shows somebody else", async () => {
    const body = { password: PASSWORD, teams: [] };
    for (const headers of [
      { "sec-fetch-site": "cross-site" },
      { "vault-shown-user": crypto.randomUUID() },
    ] as Record<string, string>[]) {
      const { status } = await person.browser.send(routes.remove, "POST", body, "", headers);
      expect([403, 409]).toContain(status);
    }
    expect(await person.browser.isSignedIn()).toBe(true);
  });
});
