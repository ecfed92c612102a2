import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openBareDatabase } from "../support/bare-postgres.ts";
import { ENGINES } from "./postgres-server.ts";
import { runStory, storyFiles } from "./tap.ts";

// The same files run on a project's own stack with `supabase test db`.

const PROJECTS = [
  { project: "A new hosted project, which grants nothing by itself", defaultGrants: false },
  { project: "An older project, which grants everything by itself", defaultGrants: true },
].flatMap((project) => ENGINES.map((engine) => ({ ...project, ...engine })));

describe.each(PROJECTS)("$project, on $engine", ({ defaultGrants, open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open({ defaultGrants });
  });
  afterAll(() => database.close());

  test.each(storyFiles())("The story %s holds", async (file) => {
    const { planned, passed, failed } = await runStory(database, file);
    expect(failed).toEqual([]);
    expect(passed.length, "A story asserts something").toBeGreaterThan(0);
    expect(passed.length, "A story asserts as much as it plans").toBe(planned);
  });

  // Not a story: `supabase test db` may not take this role.
  test("The role that deletes accounts has no right on vault_secrets, and still removes their secrets", async () => {
    await database.exec(`
      insert into auth.users (id) values ('0a000000-0000-4000-8000-000000000001');
      insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
        values ('user', '0a000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.x');
      set session authorization supabase_auth_admin;
    `);
    await expect(database.exec("select key from public.vault_secrets")).rejects.toMatchObject({
      code: "42501",
    });
    await database.exec(`
      delete from auth.users where id = '0a000000-0000-4000-8000-000000000001';
      set session authorization project_owner;
    `);
    expect((await database.query("select key from public.vault_secrets")).rows).toEqual([]);
  });

  test("That role makes profiles, ends teams and forgets runs, events and webhooks, with no right on any of them", async () => {
    const [leaving, staying] = [
      "0a000000-0000-4000-8000-000000000001",
      "0a000000-0000-4000-8000-000000000002",
    ];
    const [shared, alone] = ["7e000000-0000-4000-8000-000000000001", "7e000000-0000-4000-8000-000000000002"];
    await database.exec(`
      set session authorization supabase_auth_admin;
      insert into auth.users (id, email) values ('${leaving}', 'leaving@vault.test'), ('${staying}', 'old@vault.test');
      update auth.users set email = 'staying@vault.test' where id = '${staying}';
      set session authorization project_owner;
      insert into public.teams (id, name, created_by)
        values ('${shared}', 'Shared', '${leaving}'), ('${alone}', 'Alone', '${leaving}');
      insert into public.team_members (team_id, user_id) values ('${shared}', '${staying}');
      insert into public.team_invites (team_id, created_by, token_hash) values ('${shared}', '${leaving}', repeat('a', 64));
      insert into public.reveal_runs (user_id, team_id, kind, model, source) values
        ('${leaving}', null, 'run', 'm', 'user'), ('${leaving}', '${alone}', 'run', 'm', 'team');
      insert into public.vault_events (actor_id, owner_type, owner_id, key, action) values
        ('${leaving}', 'user', '${leaving}', 'KEY', 'set'), ('${leaving}', 'team', '${alone}', 'KEY', 'set');
      insert into public.webhooks (user_id, team_id, url, encrypted_secret) values
        ('${leaving}', null, 'https://hook.test/', 'v1.x'), (null, '${alone}', 'https://hook.test/', 'v1.x');
      insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt)
        select id, 'msg_' || gen_random_uuid(), 'webhook.test', '{}', 1 from public.webhooks;
      set session authorization supabase_auth_admin;
    `);
    const tables = ["profiles", "teams", "team_invites", "reveal_runs", "vault_events", "webhooks"];
    for (const table of [...tables, "webhook_deliveries"]) {
      await expect(database.exec(`select from public.${table}`)).rejects.toMatchObject({ code: "42501" });
    }
    await database.exec(`
      delete from auth.users where id = '${leaving}';
      set session authorization project_owner;
    `);
    const rows = async (query: string) => (await database.query(query)).rows;
    expect(await rows("select email from public.profiles")).toEqual([{ email: "staying@vault.test" }]);
    expect(await rows("select name from public.teams")).toEqual([{ name: "Shared" }]);
    expect(await rows("select user_id, role from public.team_members")).toEqual([
      { user_id: staying, role: "member" },
    ]);
    expect(await rows("select id from public.team_invites")).toEqual([]);
    expect(await rows("select id from public.reveal_runs")).toEqual([]);
    // Not by time: PGlite's clock can give two statements the same.
    const left = "select action from public.vault_events where owner_type = 'team' order by action";
    expect((await rows(left)).map((row) => Object.values(row as object))).toEqual([
      ["invite_withdrawn"],
      ["member_invited"],
      ["member_joined"],
      ["member_left"],
      ["team_created"],
    ]);
    expect(await rows("select id from public.webhooks")).toEqual([]);
    expect(await rows("select id from public.webhook_deliveries")).toEqual([]);
    await database.exec(`delete from auth.users where id = '${staying}'`);
    expect(await rows("select name from public.teams")).toEqual([]);
  });
});

describe.each(ENGINES)("A project in use, on $engine", ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    const [person, team] = ["1b000000-0000-4000-8000-000000000001", "8f000000-0000-4000-8000-000000000001"];
    await database.exec(`
      insert into auth.users (id, email) values ('${person}', 'busy@vault.test');
      insert into public.teams (id, name, created_by) values ('${team}', 'Busy', '${person}');
      insert into public.team_invites (team_id, created_by, token_hash) values ('${team}', '${person}', repeat('b', 64));
      insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value) values
        ('user', '${person}', 'KEY', 'v1.x'), ('team', '${team}', 'KEY', 'v1.x');
      insert into public.vault_events (actor_id, owner_type, owner_id, key, action) values
        ('${person}', 'user', '${person}', 'KEY', 'revealed'), ('${person}', 'team', '${team}', 'KEY', 'set');
      insert into public.reveal_runs (user_id, team_id, kind, model, source) values ('${person}', '${team}', 'run', 'm', 'team');
      insert into public.webhooks (user_id, url, encrypted_secret) values ('${person}', 'https://busy.test/', 'v1.x');
      insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt)
        select id, 'msg_' || gen_random_uuid(), 'webhook.test', '{}', 1 from public.webhooks;
    `);
  });
  afterAll(() => database.close());

  test.each(storyFiles())("The story %s holds there too, and leaves nothing behind", async (file) => {
    for (const time of ["first", "second"]) {
      expect((await runStory(database, file)).failed, `the ${time} time`).toEqual([]);
    }
    const left = await database.query("select name from pg_prepared_statements where from_sql");
    expect(left.rows).toEqual([]);
  });
});

describe("The story of privileges", () => {
  let database: Database;
  beforeAll(async () => {
    database = await openBareDatabase();
  });
  afterAll(() => database.close());

  test.each([
    "grant select on public.teams to authenticated",
    "grant select (name) on public.teams to authenticated",
    "grant select (encrypted_value) on public.vault_secrets to authenticated",
    "grant update (description) on public.vault_secrets to authenticated",
    "grant select (key) on public.vault_secrets to anon",
    "grant delete on public.webhooks to public",
    "grant select on public.vault_uses to authenticated",
    "grant execute on function public.team_exposures(uuid) to authenticated",
    "create function public.ping() returns integer language sql return 1",
    "create table public.notes (); grant select on public.notes to authenticated",
    "create table public.notes (id serial)",
  ])("does not hold after: %s", async (change) => {
    // The story's own rollback ends this transaction.
    await database.exec(`begin; ${change}`);
    expect((await runStory(database, "privileges.sql")).failed).not.toEqual([]);
  });
});

test("There is a story for every actor", () => {
  const actors = ["owner.sql", "member.sql", "admin.sql", "stranger.sql", "anon.sql", "service_role.sql"];
  expect(storyFiles()).toEqual(expect.arrayContaining(actors));
});
