import { beforeEach, describe, expect, it } from "vitest";
import type { EventAction } from "../../lib/activity/actions.ts";
import type { Owner } from "../../lib/vault/types.ts";
import { db, KEY, listExposures, OTHER, person, record, service } from "./event-harness.ts";
import { signInAs } from "./harness.ts";

const MINUTE = 60_000;
/** An event some minutes ago; the server itself can give none a time. */
const past = (actor: string, of: Owner, key: string, action: EventAction, minutes: number) =>
  db.admin
    .from("vault_events")
    .insert({
      actor_id: actor,
      owner_type: of.type,
      owner_id: of.id,
      key,
      action,
      created_at: new Date(Date.now() - minutes * MINUTE).toISOString(),
    })
    .throwOnError();

describe("keys that people who left have seen", () => {
  let leaver: string;
  let team: Owner;
  beforeEach(async () => {
    leaver = await db.person();
    team = { type: "team", id: await db.team({ [person]: "admin", [leaver]: "admin" }) };
    for (const key of [KEY, OTHER]) await service.setSecret(team, { key, value: "x" });
  });

  const leave = () =>
    db.admin.from("team_members").delete().eq("team_id", team.id).eq("user_id", leaver).throwOnError();
  const exposed = async (id = team.id) => (await listExposures(id)).map(({ key }) => key);

  it("are listed from the moment in which the person is no member any more", async () => {
    await past(leaver, team, KEY, "revealed", 30);
    await past(leaver, team, KEY, "revealed", 20);
    await past(person, team, OTHER, "revealed", 10);
    expect(await exposed()).toEqual([]);
    await leave();
    const [exposure, ...others] = await listExposures(team.id);
    expect(others).toEqual([]);
    const { data } = await db.admin.from("profiles").select("email").eq("user_id", leaver).single();
    expect(exposure).toEqual({
      user_id: leaver,
      email: data?.email,
      key: KEY,
      seen_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      rotated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    const minutesAgo = (Date.now() - Date.parse(exposure?.seen_at ?? "")) / MINUTE;
    expect(Math.round(minutesAgo), "the last time counts").toBe(20);
  });

  it("stay where the person themselves said that they rotated them", async () => {
    await past(leaver, team, KEY, "revealed", 30);
    await past(leaver, team, KEY, "rotation_confirmed", 20);
    await past(leaver, team, OTHER, "revealed", 30);
    await past(person, team, OTHER, "rotation_confirmed", 20);
    await leave();
    expect(await exposed()).toEqual([KEY]);
  });

  it("of one person are told to whoever removes them, however many others have left before", async () => {
    const keys = Array.from({ length: 200 }, (_, index) => `KEY_${index}`);
    const people = await Promise.all(Array.from({ length: 6 }, () => db.person()));
    const { data } = await db.admin
      .from("profiles")
      .select("user_id")
      .in("user_id", people)
      .order("email", { ascending: false })
      .throwOnError();
    // The last one in the list, which is by e-mail address.
    const last = data[0]?.user_id ?? "";
    await db.admin.from("team_members").insert({ team_id: team.id, user_id: last }).throwOnError();
    const common = { owner_type: "team", owner_id: team.id } as const;
    await db.admin.from("vault_secrets").delete().match(common).throwOnError();
    await db.admin
      .from("vault_secrets")
      .insert(keys.map((key) => ({ ...common, key, encrypted_value: "v1.x" })))
      .throwOnError();
    const seen = people.flatMap((actor_id) =>
      keys.map((key) => ({ ...common, actor_id, key, action: "revealed" as const })),
    );
    await db.admin.from("vault_events").insert(seen).throwOnError();
    const { DELETE } = await import("../../app/api/teams/[teamId]/members/[userId]/route.ts");
    signInAs(() => person);
    const request = new Request("http://localhost/", { method: "DELETE" });
    const reply = await DELETE(request, { params: Promise.resolve({ teamId: team.id, userId: last }) });
    const { rotate } = await reply.json();
    expect(rotate.map(({ key }: { key: string }) => key).sort()).toEqual(keys.sort());
  });

  it("count when the person entered the value, and not when they only described or checked it", async () => {
    await past(leaver, team, KEY, "set", 30);
    for (const action of ["metadata", "checked", "deleted"] as const) {
      await past(leaver, team, OTHER, action, 30);
    }
    await leave();
    expect(await exposed()).toEqual([KEY]);
  });

  it("count when the person copied the value, or saved the one that was there", async () => {
    await past(leaver, team, KEY, "copied", 30);
    await past(leaver, team, OTHER, "resaved", 30);
    await leave();
    expect(await exposed()).toEqual([KEY, OTHER]);
  });

  it.each(["replaced", "rotation_confirmed"] as const)(
    "are off the list once a key was %s",
    async (action) => {
      await past(leaver, team, KEY, "revealed", 30);
      await past(leaver, team, OTHER, "revealed", 30);
      await leave();
      await past(person, team, KEY, action, 10);
      expect(await exposed()).toEqual([OTHER]);
    },
  );

  it.each(["resaved", "replaced_unread", "created", "metadata", "checked", "revealed"] as const)(
    "stay on the list when a key was only %s",
    async (action) => {
      await past(leaver, team, KEY, "revealed", 30);
      await leave();
      await past(person, team, KEY, action, 10);
      expect(await exposed()).toEqual([KEY]);
    },
  );

  it("are not on the list while they are deleted, and are again when added again, as this may be the same value", async () => {
    await past(leaver, team, KEY, "revealed", 30);
    await leave();
    await service.deleteSecret(team, KEY);
    await past(person, team, KEY, "deleted", 20);
    expect(await exposed()).toEqual([]);
    await service.setSecret(team, { key: KEY, value: "x" });
    await past(person, team, KEY, "created", 10);
    expect(await exposed()).toEqual([KEY]);
  });

  it("are off the list while the person is back", async () => {
    await past(leaver, team, KEY, "revealed", 30);
    await leave();
    expect(await exposed()).toEqual([KEY]);
    await db.admin
      .from("team_members")
      .insert({ team_id: team.id, user_id: leaver, role: "member" })
      .throwOnError();
    expect(await exposed()).toEqual([]);
  });

  it("are there at once when somebody enters a value and leaves", async () => {
    await record(leaver, team, [KEY], "set");
    await leave();
    expect(await exposed()).toEqual([KEY]);
  });

  it("stay known of an account that was deleted", async () => {
    const deleted = crypto.randomUUID();
    await past(deleted, team, KEY, "revealed", 30);
    expect(await listExposures(team.id)).toEqual([
      {
        user_id: deleted,
        email: null,
        key: KEY,
        seen_at: expect.any(String),
        rotated_at: expect.any(String),
      },
    ]);
  });

  it("are those of one team: another team, or a person of the same key, changes nothing", async () => {
    const theirs: Owner = { type: "team", id: await db.team({ [person]: "admin" }) };
    await service.setSecret(theirs, { key: KEY, value: "x" });
    await past(leaver, team, KEY, "revealed", 30);
    // A team that has a person's id.
    const twin = await db.person();
    await db.admin.from("teams").insert({ id: twin, name: "Twin", created_by: person }).throwOnError();
    await service.setSecret({ type: "team", id: twin }, { key: KEY, value: "x" });
    await past(leaver, { type: "user", id: twin }, KEY, "revealed", 30);
    await leave();
    expect(await exposed()).toEqual([KEY]);
    expect(await exposed(theirs.id)).toEqual([]);
    expect(await exposed(twin)).toEqual([]);
    expect(await exposed(crypto.randomUUID())).toEqual([]);
  });
});

describe("the list of keys to rotate", () => {
  it("keeps a key whose value was stored again, and lets go of one that has another", async () => {
    const leaver = await db.person();
    const team: Owner = { type: "team", id: await db.team({ [person]: "admin", [leaver]: "admin" }) };
    const { listExposures } = await import("../../lib/activity/exposures.ts");
    const { afterChange } = await import("../../lib/vault/host.ts");
    const listed = async () => (await listExposures(team.id)).map(({ key }) => key);
    /** As the route does. */
    const store = async (value: string) => {
      const { secret, action } = await service.storeSecret(team, { key: KEY, value });
      const changes = [{ key: KEY, action }];
      await afterChange({ userId: person, owner: team, isImport: false, changes, secrets: [secret] });
    };
    await service.setSecret(team, { key: KEY, value: "sk-test-old" });
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
    await db.admin
      .from("vault_secrets")
      .update({ last_rotated_at: hourAgo })
      .eq("owner_id", team.id)
      .throwOnError();
    await db.admin
      .from("vault_events")
      .insert({
        actor_id: leaver,
        owner_type: "team",
        owner_id: team.id,
        key: KEY,
        action: "revealed",
        created_at: new Date(Date.now() - 1_800_000).toISOString(),
      })
      .throwOnError();
    await db.admin.from("team_members").delete().eq("team_id", team.id).eq("user_id", leaver).throwOnError();
    await store("sk-test-old");
    expect(await listed()).toEqual([KEY]);
    await store("sk-test-other");
    expect(await listed()).toEqual([]);
  });
});
