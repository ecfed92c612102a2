import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  applyMigrations,
  type Database,
  openBareDatabase,
  readMigrations,
  readShippedMigrations,
} from "../support/bare-postgres.ts";
import { ENGINES } from "./postgres-server.ts";
import { type SchemaSnapshot, takeSnapshot } from "./schema-snapshot.ts";

const migrations = readMigrations();
const vaultAlone = migrations.filter(({ file }) => file === "20260305_vault_secrets.sql");
const dropIn = readShippedMigrations("vault");

test("The migration of the vault comes first, by the text order of the versions", () => {
  expect(migrations[0]).toBe(vaultAlone[0]);
  const versions = migrations.map(({ file }) => /^(\d+)_\w+\.sql$/.exec(file)?.[1]);
  expect(versions).toEqual([...new Set(versions)].sort());
});

const HISTORIES = [
  {
    what: "All migrations",
    applied: migrations,
    relations: [
      "deleted_team_members",
      "platform_events",
      "platform_limits",
      "platform_refusals",
      "platform_settings",
      "profiles",
      "refused_keys",
      "reveal_runs",
      "spending_alerts",
      "team_invites",
      "team_members",
      "teams",
      "vault_events",
      "vault_key_check",
      "vault_secret_details",
      "vault_secrets",
      "webhook_deliveries",
      "webhooks",
    ],
  },
  { what: "20260305_vault_secrets.sql alone", applied: vaultAlone, relations: ["vault_secrets"] },
  {
    what: "The drop-in's four",
    applied: dropIn,
    relations: ["vault_key_check", "vault_secret_details", "vault_secrets"],
  },
].flatMap((history) => ENGINES.map((engine) => ({ ...history, ...engine })));

describe.each(HISTORIES)("$what, on $engine", ({ applied, relations, open }) => {
  let database: Database;
  let first: SchemaSnapshot;
  beforeAll(async () => {
    database = await open({ migrations: applied });
    first = await takeSnapshot(database);
  });
  afterAll(() => database.close());

  test("apply to an empty project, as a role that is no superuser", async () => {
    const superuser = "select rolsuper from pg_roles where rolname = current_user";
    expect((await database.query(superuser)).rows).toEqual([{ rolsuper: false }]);
    expect(tables(first)).toEqual(relations);
  });

  test("change nothing when they are applied a second time", async () => {
    await database.exec("insert into auth.users (id) values ('0a000000-0000-4000-8000-000000000001')");
    await database.exec(`insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
      values ('user', '0a000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.x')`);
    if (relations.includes("vault_key_check")) {
      await database.exec("insert into public.vault_key_check (encrypted_value) values ('v1.x')");
    }
    const rows = await database.query("select * from public.vault_secrets");
    await applyMigrations(database, applied);
    expect(await takeSnapshot(database)).toEqual(first);
    if (relations.includes("vault_key_check")) {
      const kept = await database.query("select id, encrypted_value from public.vault_key_check");
      expect(kept.rows).toEqual([{ id: true, encrypted_value: "v1.x" }]);
    }
    expect((await database.query("select * from public.vault_secrets")).rows).toEqual(rows.rows);
  });

  test("give vault_secrets its ten columns and no other", () => {
    const columns = first.columns as { relation: string; attname: string }[];
    expect(
      columns.filter(({ relation }) => relation === "vault_secrets").map(({ attname }) => attname),
    ).toEqual([
      "id",
      "owner_type",
      "owner_id",
      "key",
      "encrypted_value",
      "category",
      "description",
      "last_rotated_at",
      "created_at",
      "updated_at",
    ]);
  });
});

test("A webhook from before they were sent stays its owner's, chooses all events and waits for a signing secret", async () => {
  const sender = migrations.findIndex(({ file }) => file === "20260313000000_webhook_sender.sql");
  const database = await openBareDatabase({ migrations: migrations.slice(0, sender) });
  const [user_id, id] = ["0a000000-0000-4000-8000-000000000001", "ee000000-0000-4000-8000-000000000001"];
  await database.exec(`
    insert into auth.users (id) values ('${user_id}');
    insert into public.webhooks (id, user_id, url, description, created_at)
      values ('${id}', '${user_id}', 'https://old.test/', 'From before', '2026-03-08T00:00:00Z');
  `);
  await applyMigrations(database, migrations.slice(sender));

  expect((await database.query("select * from public.webhooks")).rows).toEqual([
    {
      id,
      user_id,
      team_id: null,
      url: "https://old.test/",
      encrypted_url: null,
      address: "https://old.test",
      description: "From before",
      events: [
        "reveal.completed",
        "reveal.failed",
        "vault.secret.created",
        "vault.secret.rotated",
        "vault.secret.deleted",
        "vault.secret.revealed",
      ],
      encrypted_secret: null,
      failures: 0,
      last_delivered_at: null,
      pause_reason: "no_secret",
      paused_at: null,
      created_by: null,
      pause_is_untold: false,
      pause_is_unseen: false,
      created_at: new Date("2026-03-08T00:00:00Z"),
    },
  ]);
  await database.close();
});

test("Webhooks and their deliveries are as they were after all migrations have been applied a second time", async () => {
  const database = await openBareDatabase();
  await database.exec(`
    insert into auth.users (id) values ('0a000000-0000-4000-8000-000000000001');
    insert into public.teams (id, name) values ('7e000000-0000-4000-8000-000000000001', 'Team');
    insert into public.webhooks (user_id, team_id, url, events, encrypted_secret, failures, pause_reason) values
      ('0a000000-0000-4000-8000-000000000001', null, 'https://active.test/', '{reveal.failed,spending.threshold,vault.secret.expiring}', 'v1.x', 3, null),
      ('0a000000-0000-4000-8000-000000000001', null, 'https://paused.test/', '{reveal.failed}', 'v1.x', 0, 'person'),
      ('0a000000-0000-4000-8000-000000000001', null, 'https://old.test/', '{reveal.failed}', null, 0, 'no_secret'),
      (null, '7e000000-0000-4000-8000-000000000001', 'http://team.test/', '{reveal.failed}', 'v1.x', 0, null),
      (null, '7e000000-0000-4000-8000-000000000001', 'http://left.test/', '{reveal.failed}', 'v1.x', 0, 'creator_left');
    insert into public.webhooks (user_id, encrypted_url, address, encrypted_secret)
      values ('0a000000-0000-4000-8000-000000000001', 'v1.url', 'https://sealed.test/…', 'v1.x');
    insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt)
      select id, 'msg_' || gen_random_uuid(), 'webhook.test', '{}', 1 from public.webhooks;
  `);
  const rows = async () => [
    ...(await database.query("select * from public.webhooks order by address")).rows,
    ...(await database.query("select * from public.webhook_deliveries order by id")).rows,
  ];
  const before = await rows();
  await applyMigrations(database, migrations);
  expect(before).toHaveLength(12);
  expect(await rows()).toEqual(before);
  await database.close();
});

test("A run from before runs had costs gets the one of its day, exact where it was counted, and keeps it", async () => {
  const endings = migrations.findIndex(({ file }) => file === "20260321000000_run_endings.sql");
  const database = await openBareDatabase({ migrations: migrations.slice(0, endings) });
  const run = (model: string, status: string, tokens: number[]) =>
    `('0a000000-0000-4000-8000-000000000001', 'run', '${model}', 'user', '${status}', ${tokens.join()})`;
  await database.exec(`
    insert into auth.users (id) values ('0a000000-0000-4000-8000-000000000001');
    insert into public.reveal_runs (user_id, kind, model, source, status, input_tokens, output_tokens,
      cache_creation_input_tokens, cache_read_input_tokens) values
      ${[
        run("claude-sonnet-5-5", "completed", [1000, 200, 400, 10_000]),
        run("claude-haiku-4-5-20251001", "cancelled", [1000, 200, 0, 0]),
        run("claude-opus-5", "provider_refused_key", [0, 0, 0, 0]),
        run("claude-haiku-5-5", "completed", [100_000, 1000, 0, 0]),
        run("claude-haiku-5-5-20261007", "completed", [100_000, 1000, 0, 1]),
        run("a-new-model", "completed", [1000, 200, 0, 0]),
      ].join(",\n")};
  `);
  const rows = async () =>
    (
      await database.query(`
        select model, is_counted, cost_usd::double precision as cost, cost_exact, stop_reason, details
        from public.reveal_runs order by cost_usd, model`)
    ).rows;
  await applyMigrations(database, migrations.slice(endings));
  const rest = { stop_reason: null, details: {} };
  const first = [
    { model: "claude-opus-5", is_counted: false, cost: 0, cost_exact: false, ...rest },
    { model: "claude-haiku-4-5-20251001", is_counted: false, cost: 0.002, cost_exact: false, ...rest },
    { model: "claude-sonnet-5-5", is_counted: true, cost: 0.006, cost_exact: true, ...rest },
    { model: "claude-haiku-5-5", is_counted: true, cost: 0.0105, cost_exact: true, ...rest },
    { model: "claude-haiku-5-5-20261007", is_counted: true, cost: 0.05250005, cost_exact: true, ...rest },
    { model: "a-new-model", is_counted: true, cost: null, cost_exact: false, ...rest },
  ];
  expect(await rows()).toEqual(first);
  await applyMigrations(database, migrations);
  expect(await rows()).toEqual(first);
  await database.close();
});

describe("What the app has no more use for", () => {
  const least = migrations.findIndex(({ file }) => file === "20260316000000_least_grants.sql");
  const member = "0a000000-0000-4000-8000-000000000001";

  test.each([
    {
      own: `create policy "Notes are the team's" on public.notes for select to authenticated
        using (private.team_role(team_id) is not null)`,
      stays: true,
    },
    { own: "create view private.roles as select private.team_role(id) from public.teams", stays: true },
    { own: "create table private.settings ()", stays: false },
  ])("stays for a project's own objects that use it, and lets it migrate: $own", async ({ own, stays }) => {
    const database = await openBareDatabase({ migrations: migrations.slice(0, least) });
    await database.exec(`
      insert into auth.users (id) values ('${member}');
      insert into public.teams (name, created_by) values ('Notes', '${member}');
      create table public.notes as select id as team_id from public.teams;
      alter table public.notes enable row level security;
      grant select on public.notes to authenticated;
      ${own};
    `);
    await applyMigrations(database, migrations.slice(least));
    await applyMigrations(database, migrations.slice(least));
    const { rows } = await database.query(
      "select to_regprocedure('private.team_role(uuid)') is not null as stays",
    );
    expect(rows).toEqual([{ stays }]);
    await database.exec(
      `begin; set local role authenticated; set local request.jwt.claims = '{"sub": "${member}"}'`,
    );
    expect((await database.query("select from public.notes")).rows).toHaveLength(/policy/.test(own) ? 1 : 0);
    await expect(database.query("select from public.teams")).rejects.toMatchObject({ code: "42501" });
    await database.exec("rollback");
    await database.close();
  });
});

test("An older project, which grants everything by itself, ends with the same schema as a new one", async () => {
  const [newer, older] = await Promise.all([openBareDatabase(), openBareDatabase({ defaultGrants: true })]);
  expect(await takeSnapshot(older)).toEqual(await takeSnapshot(newer));
  await Promise.all([newer.close(), older.close()]);
});

test("A snapshot notices a grant, a policy, a trigger, a function's setting, a view's query and its options", async () => {
  const database = await openBareDatabase();
  const before = await takeSnapshot(database);
  await database.exec(`
    grant select (encrypted_value) on public.vault_secrets to authenticated;
    alter policy "A user manages their own secrets" on public.vault_secrets using (true);
    alter table public.vault_secrets disable trigger vault_secrets_touch;
    alter function public.vault_secrets_limit() reset search_path;
  `);
  const after = await takeSnapshot(database);
  for (const kind of ["grants", "policies", "triggers", "functions"] as const) {
    expect(after[kind]).not.toEqual(before[kind]);
  }
  for (const change of [
    "alter view public.vault_candidates set (security_invoker = false)",
    `create or replace view public.vault_uses with (security_invoker = true) as
       select actor_id, owner_type, owner_id, key, action, 'v1.x' as encrypted_value,
         true as has_webhooks from public.vault_events`,
  ]) {
    const { relations } = await takeSnapshot(database);
    await database.exec(change);
    expect((await takeSnapshot(database)).relations, change).not.toEqual(relations);
  }
  await database.close();
});

function tables(snapshot: SchemaSnapshot): string[] {
  const relations = snapshot.relations as { relation: string; relkind: string }[];
  return relations.filter(({ relkind }) => relkind === "r").map(({ relation }) => relation);
}
