import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, readMigrations, readShippedMigrations } from "../support/bare-postgres.ts";
import { ENGINES } from "./postgres-server.ts";

// An index costs every write, so each has a statement of the app that reads it. Supabase's database linter knows only what a
// database has done up to now, and names each one that is still waiting for its first statement (unused_index).

const id = (number: number) => `'${number.toString().padStart(8, "0")}-0000-4000-8000-000000000000'`;
/** Somebody with an account, in the team, with something of everything. */
const PERSON = id(7);
const TEAM = id(9);
const DELETION = `select * from public.delete_account(${PERSON}, '[]')`;
const log = (filter = "") => `select * from public.activity('team', ${TEAM}, 31 ${filter && `, ${filter}`})`;

/** What each index is for. */
const USES: Record<string, string> = {
  deleted_team_members_user_id: `select * from public.deleted_teams(${PERSON})`,
  platform_events_time: "select * from public.platform_events order by created_at desc, id desc limit 31",
  platform_refusals_user_id: DELETION,
  profiles_email: "select user_id from public.profiles where email = '7@example.com' limit 1",
  reveal_runs_platform: "select * from public.platform_spending()",
  reveal_runs_team_key: `select * from public.team_spending(${TEAM})`,
  reveal_runs_team_time: `select * from public.reveal_runs where team_id = ${TEAM} order by created_at desc, id desc limit 31`,
  reveal_runs_under_way: "select * from public.close_lost_runs()",
  reveal_runs_user_time: `select * from public.reveal_runs where user_id = ${PERSON} order by created_at desc, id desc limit 31`,
  spending_alerts_team_id: `delete from public.teams where id = ${TEAM}`,
  spending_alerts_user_id: DELETION,
  team_invites_creator: `delete from public.team_members where team_id = ${TEAM} and user_id = ${PERSON}`,
  team_invites_used_by: DELETION,
  team_members_user_id: `select role from public.team_members where user_id = ${PERSON}`,
  teams_created_by: DELETION,
  teams_deleted_at: "delete from public.teams where deleted_at < now() - interval '30 days'",
  vault_events_action_time: log("only_actions => array['created', 'revealed']"),
  vault_events_actor_time: log(`only_person => ${PERSON}`),
  vault_events_import: log(`of_import => ${id(5)}`),
  vault_events_key_time: log("only_key => 'KEY_3'"),
  vault_events_owner_time: log(),
  vault_events_replaced: `select * from public.value_known_since('team', ${TEAM}, 'KEY_3')`,
  vault_events_seen: `select * from public.team_exposures(${TEAM})`,
  vault_events_subject_time: log(`only_person => ${PERSON}`),
  webhook_deliveries_time: `select * from public.webhook_deliveries where webhook_id = ${id(7)}
    order by created_at desc, id desc limit 20`,
  webhooks_plain: "select id, url from public.webhooks where url is not null order by id limit 50",
  webhooks_team: `select * from public.webhooks where team_id = ${TEAM}`,
  webhooks_user: `select * from public.webhooks where user_id = ${PERSON}`,
};

/** As text, for a number that a query makes. */
const uuid = (number: string) => `(lpad((${number})::text, 8, '0') || '-0000-4000-8000-000000000000')::uuid`;
const SIZE = 4_000;
const PEOPLE = 1_000;
const series = `from generate_series(1, ${SIZE}) as n`;
const person = uuid(`n % ${PEOPLE} + 1`);
const ago = `now() - n * interval '1 hour'`;

/** Rows of every kind, many for the one team, without what the triggers and foreign keys would look up for each. */
const ROWS = `
  set session_replication_role = replica;
  insert into auth.users (id, email, created_at) select ${uuid("n")}, n || '@example.com', now() from generate_series(1, ${PEOPLE}) as n;
  insert into public.profiles (user_id, email) select id, email from auth.users;
  insert into public.teams (id, name, created_by, deleted_at)
    select ${uuid("n")}, 'Team', ${person}, case when n % 50 = 0 then ${ago} end ${series};
  insert into public.team_members (team_id, user_id, role) select ${uuid("n")}, ${person}, 'admin' ${series};
  insert into public.team_members (team_id, user_id, role)
    select ${TEAM}, ${uuid("n")}, 'admin' from generate_series(1, 100) as n on conflict do nothing;
  insert into public.deleted_team_members (team_id, user_id, role, created_at)
    select ${uuid(`(n % ${SIZE / 50} + 1) * 50`)}, ${person}, 'admin', now() ${series} on conflict do nothing;
  insert into public.team_invites (team_id, created_by, used_by, token_hash)
    select ${uuid("n")}, ${person}, ${person}, lpad(n::text, 64, '0') ${series};
  insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
    select 'team', ${TEAM}, 'KEY_' || n, 'v1.x' from generate_series(1, 20) as n;
  insert into public.vault_events (actor_id, subject_id, owner_type, owner_id, key, action, import_id, created_at)
    select ${person}, case when n % 3 = 0 then ${uuid(`n % 7 + 1`)} end, 'team', case when n % 4 = 0 then ${TEAM}::uuid else ${person} end,
      'KEY_' || n % 20, (array['created', 'revealed', 'replaced', 'metadata', 'checked'])[n % 5 + 1],
      case when n % 9 = 0 then ${uuid("n % 100")} end, ${ago} from generate_series(1, ${SIZE} * 5) as n;
  insert into public.reveal_runs (user_id, team_id, kind, model, source, status, created_at)
    select ${person}, case when n % 2 = 0 then ${uuid("n % 20 + 1")} end, 'run', 'a-model',
      (array['user', 'team', 'env'])[n % 3 + 1], case when n % 100 = 0 then 'started' else 'completed' end, ${ago}
      from generate_series(1, ${SIZE} * 5) as n;
  insert into public.webhooks (id, user_id, team_id, url, encrypted_url, address, encrypted_secret)
    select ${uuid("n")}, case when n % 2 = 1 then ${person} end, case when n % 2 = 0 then ${uuid("n / 2")} end,
      case when n % 500 = 0 then 'https://hook.test/' end, case when n % 500 > 0 then 'v1.url' end, 'https://hook.test/…', 'v1.x'
      ${series};
  insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt, created_at)
    select ${uuid("n % 100 + 1")}, 'msg_' || gen_random_uuid(), 'webhook.test', '{}', 1, ${ago} ${series};
  insert into public.platform_events (actor_id, action, created_at) select ${person}, 'stopped', ${ago} ${series};
  insert into public.platform_refusals (day, user_id, reason)
    select current_date - n / ${PEOPLE}, ${person}, 'platform_key_off' ${series};
  insert into public.spending_alerts (cap, team_id, user_id, period_start, percent, limit_usd)
    select 'member_monthly', ${uuid("n")}, ${person}, current_date, 80, 5 ${series};
  set session_replication_role = origin;
  analyze;
`;

/** The same for what other apps install, whose ledger is their only table with indexes of its own. */
const LEDGER = {
  migrations: readShippedMigrations("vault", "vault-usage"),
  uses: {
    vault_usage_platform_time: `select * from public.enter_usage(null, ${PERSON}, null, 'titles', 'KEY', 'm', 'env', 10, 0.1, 10, 1, 5, 0)`,
    vault_usage_user_time: `select * from public.sum_usage(${PERSON}, now() - interval '1 month')`,
  },
  rows: `
    insert into auth.users (id) select ${uuid("n")} from generate_series(1, ${PEOPLE}) as n;
    insert into public.vault_usage (user_id, feature, key, source, model, created_at)
      select ${person}, 'titles', 'KEY', (array['user', 'env'])[n % 2 + 1], 'm', ${ago} ${series};
    analyze;
  `,
};

const SCHEMAS = [
  { what: "This app's", migrations: readMigrations(), uses: USES, rows: ROWS },
  { what: "The ledger's of other apps", ...LEDGER },
].flatMap((schema) => ENGINES.map((engine) => ({ ...schema, ...engine })));

describe.each(SCHEMAS)("$what indexes, on $engine", ({ migrations, uses, rows, open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open({ migrations });
    await database.exec(rows);
  });
  afterAll(() => database.close());

  /** Which indexes are for finding rows, and not for keeping them unique. */
  const indexes = async (condition = "true") =>
    (
      (
        await database.query(`
          select c.relname as name from pg_index as i join pg_class as c on c.oid = i.indexrelid
          where c.relnamespace = 'public'::regnamespace and not i.indisunique and ${condition} order by 1`)
      ).rows as { name: string }[]
    ).map(({ name }) => name);

  test("each has a use", async () => {
    expect(await indexes()).toEqual(Object.keys(uses));
  });

  test.each(Object.entries(uses))("%s is read by: %s", async (index, statement) => {
    await database.exec("begin");
    try {
      await database.exec(statement);
      expect(await indexes("pg_stat_get_xact_numscans(i.indexrelid) > 0")).toContain(index);
    } finally {
      await database.exec("rollback");
    }
  });
});
