/**
 * `npm run bench:ledger`: the ledger stays flat. The same work on 1,000 and on 1,000,000 rows of `reveal_runs`,
 * then of `vault_events`, on Postgres itself (PGlite in this process), as the role of the app's server. Whoever
 * is measured, the platform too, has as many rows of the last 30 days in both. Fails where a median of the large
 * ledger is more than twice that of the small one, or where a plan reads a whole table.
 */
import { cpus, totalmem } from "node:os";
import { PGlite } from "@electric-sql/pglite";
import { openBareDatabase } from "../tests/support/bare-postgres.ts";
import { interleave, median } from "./support/measure.ts";

const SMALL = 1_000;
const LARGE = 1_000_000;
const ROUNDS = 100;
const BUDGET = 2;

const PERSON = "0a000000-0000-4000-8000-000000000001";
const TEAM = "7e000000-0000-4000-8000-000000000001";
// Whoever is measured writing is somebody else, so that what is read stays the same from round to round.
const WRITER = "0a000000-0000-4000-8000-000000000002";
const WRITING_TEAM = "7e000000-0000-4000-8000-000000000002";

interface Query {
  sql: string;
  params: unknown[];
}

/** What is measured: a name, what it does, and the queries whose plans count. */
interface Work {
  name: string;
  run: (database: PGlite) => Promise<unknown>;
  plans?: (database: PGlite) => Promise<Query[]>;
}

interface Ledger {
  table: string;
  /** Fills the empty table with so many rows. */
  load: (rows: number) => string;
  work: Work[];
}

const DAYS_30 = new Date(Date.now() - 30 * 24 * 60 * 60 * 1000);
const NOW = new Date();
// In the middle of the 30 days, where a person is who turns the pages of a list.
const CURSOR = [new Date((NOW.getTime() + DAYS_30.getTime()) / 2), "80000000-0000-4000-8000-000000000000"];

/** One query that is its own plan. */
function one(name: string, sql: string, params: unknown[]): Work {
  return { name, run: (database) => database.query(sql, params), plans: async () => [{ sql, params }] };
}

/** The first page of a list and a later one, as the app asks for them. */
function list(name: string, columns: string, table: string, where: string, params: unknown[]): Work[] {
  const [at, id] = [`$${params.length + 1}`, `$${params.length + 2}`];
  const order = "order by created_at desc, id desc limit 20";
  const after = `created_at <= ${at} and (created_at < ${at} or id < ${id})`;
  return [
    one(`${name}, newest 20`, `select ${columns} from public.${table} where ${where} ${order}`, params),
    one(
      `${name}, a later 20`,
      `select ${columns} from public.${table} where ${where} and ${after} ${order}`,
      [...params, ...CURSOR],
    ),
  ];
}

/** `reveal_usage` for 30 days. Its plan is that of the statement in its body that answers. */
function usage(name: string, person: string | null, team: string | null): Work {
  return {
    name,
    run: (database) =>
      database.query("select * from public.reveal_usage($1, $2, $3, $4)", [person, team, DAYS_30, NOW]),
    plans: async (database) => {
      const { rows } = await database.query<{ prosrc: string }>(
        "select prosrc from pg_proc where oid = 'public.reveal_usage'::regproc",
      );
      const bodies = [...(rows[0]?.prosrc ?? "").matchAll(/return query\s+(select.*?);/gs)].map(
        ([, sql]) => sql,
      );
      const body = bodies[team ? 1 : 0];
      if (!body) throw new Error("The body of reveal_usage is not what this bench expects.");
      const value = (text: string | null, type: string) => (text ? `'${text}'::${type}` : `null::${type}`);
      const sql = body
        .replaceAll(/\bfor_user\b/g, value(person, "uuid"))
        .replaceAll(/\bfor_team\b/g, value(team, "uuid"))
        .replaceAll(/\bsince\b/g, value(DAYS_30.toISOString(), "timestamptz"))
        .replaceAll(/\buntil\b/g, value(NOW.toISOString(), "timestamptz"));
      return [{ sql, params: [] }];
    },
  };
}

/**
 * A function of the operator's page, for 30 days. Its plan is that of the statement in its body.
 *
 * @param call with $1 for the beginning of the 30 days, where it has one
 */
function ofPlatform(name: string, call: string): Work {
  const params = call.includes("$1") ? [DAYS_30] : [];
  return {
    name,
    run: (database) => database.query(`select * from public.${call}`, params),
    plans: async (database) => {
      const { rows } = await database.query<{ prosrc: string }>(
        "select prosrc from pg_proc where oid = $1::regproc",
        [`public.${call.replace(/\(.*/, "")}`],
      );
      const body = /return query\s+(.*?);\s+end;/s.exec(rows[0]?.prosrc ?? "")?.[1];
      if (!body) throw new Error(`The body of ${call} is not what this bench expects.`);
      const sql = body
        .replaceAll(/\bsince\b/g, `'${DAYS_30.toISOString()}'::timestamptz`)
        .replaceAll(/\buntil\b/g, "now()")
        .replaceAll(/\btoday\b/g, "date_trunc('day', now())")
        .replaceAll(/\bthis_month\b/g, "date_trunc('month', now())");
      return [{ sql, params: [] }];
    },
  };
}

/**
 * When and whose: `rows` rows in the order of their times, as a ledger grows. Of the last 30 days, so many are
 * the person's and so many the team's, whatever the size; of the time before, one in a thousand is the person's
 * and one in a thousand the team's. The rest is spread over 5,000 people, 1,000 teams and a year.
 */
function spread(rows: number, ofPerson: number, ofTeam: number): string {
  const others = rows - ofPerson - ofTeam;
  const measured = (who: string, count: number) =>
    `select '${who}', n, now() - n * interval '29 days' / ${count} from generate_series(1, ${count}) as n`;
  return `
    select who, n, at from (
      select case when n % 1000 = 1 and at < now() - interval '31 days' then 'person'
                  when n % 1000 = 2 and at < now() - interval '31 days' then 'team' else 'other' end as who, n, at
        from (select n, now() - n * interval '365 days' / ${others} as at from generate_series(1, ${others}) as n) as a
      union all ${measured("person", ofPerson)}
      union all ${measured("team", ofTeam)}
    ) as rows order by at`;
}

/**
 * What a run writes: the function that checks the limits and enters it, and the update that ends it.
 *
 * @param limits the platform's, as the function takes them
 */
function entering(name: string, source: "user" | "team" | "env", limits: string): Work {
  return {
    name,
    run: async (database) => {
      const { rows } = await database.query<{ id: string }>(
        `select id from public.enter_run($1, $2, 'run', 'claude-sonnet-4-5', $3, 1200, 8192, 256, 0.003, 0.1, 1000000,
           ${limits})`,
        [WRITER, WRITING_TEAM, source],
      );
      await database.query(
        `update public.reveal_runs set status = 'completed', stop_reason = 'end_turn', input_tokens = 1200,
           output_tokens = 300, is_counted = true, cost_usd = 0.0081, cost_exact = true, duration_ms = 4000
         where id = $1`,
        [rows[0]?.id],
      );
      // So that what is read stays the same from round to round, for the platform and the team as well.
      await database.query(
        "update public.reveal_runs set created_at = created_at - interval '60 days' where id = $1",
        [rows[0]?.id],
      );
    },
    plans: async () => [
      { sql: "update public.reveal_runs set status = 'completed' where id = $1", params: [WRITER] },
    ],
  };
}

const RUN_COLUMNS = `id, user_id, team_id, kind, model, source, status, stop_reason, input_tokens, output_tokens,
  cache_creation_input_tokens, cache_read_input_tokens, is_counted, cost_usd, cost_exact, details, duration_ms,
  created_at`;

const runs: Ledger = {
  table: "reveal_runs",
  load: (rows) => `
    insert into public.reveal_runs (id, user_id, team_id, kind, model, source, status, stop_reason, input_tokens,
      output_tokens, cache_read_input_tokens, is_counted, cost_usd, cost_exact, details, duration_ms, created_at)
    select md5(who || n)::uuid,
      -- The team has ten members.
      case who when 'person' then '${PERSON}' when 'team' then md5('user' || n % 10)::uuid
               else md5('user' || n % 5000)::uuid end,
      case who when 'team' then '${TEAM}'
               when 'other' then case when n % 3 > 0 then md5('team' || n % 1000)::uuid end end,
      'run', (array['claude-opus-4-5', 'claude-sonnet-4-5'])[n % 2 + 1],
      -- The platform's last 30 days are measured, too: the others' runs on its key are all older.
      case when who = 'other' and n % 3 = 2 and at > now() - interval '32 days' then 'user'
           else (array['user', 'team', 'env'])[n % 3 + 1] end,
      'completed', 'end_turn', n % 5000, n % 900, n % 700, true, (n % 5000) / 200000.0, n % 7 > 0,
      case when n % 3 = 0 then '{"thinking_tokens": 100}' else '{}' end::jsonb, 2000 + n % 3000, at
    from (${spread(rows, 300, 600)}) as ordered`,
  work: [
    // Without a limit and with every one, so that what they take is seen.
    entering("entering and ending a run on your own key", "user", "null, null, null"),
    entering("the same on a team's key with budgets", "team", "null, null, null"),
    entering("the same on the platform's, tokens alone", "env", "1000000000, null, null"),
    entering("the same on the platform's, with dollars", "env", "1000000000, 100000, 100000"),
    ...list("a person's runs", RUN_COLUMNS, "reveal_runs", "user_id = $1", [PERSON]),
    ...list("a team's runs", RUN_COLUMNS, "reveal_runs", "team_id = $1", [TEAM]),
    usage("a person's sums of 30 days", PERSON, null),
    usage("a team's sums of 30 days", null, TEAM),
    ofPlatform("the platform's finest sums of 30 days", "platform_usage($1, now())"),
    ofPlatform("the platform's sums of 30 days", "platform_sums($1)"),
    ofPlatform("what the platform spent and holds", "platform_spending()"),
    // It reads auth.users as its owner, so that there is no plan for the server to see.
    { ...ofPlatform("the newest who used the platform's key", "platform_newcomers($1)"), plans: undefined },
    {
      ...one("what a team spent this month", "select * from public.team_spending($1)", [TEAM]),
      plans: async (database) => {
        const { rows } = await database.query<{ prosrc: string }>(
          "select prosrc from pg_proc where oid = 'public.team_spending'::regproc",
        );
        return [{ sql: (rows[0]?.prosrc ?? "").replaceAll(/\bfor_team\b/g, `'${TEAM}'::uuid`), params: [] }];
      },
    },
    // Before each of these reads.
    {
      name: "ending the runs that nobody ended",
      run: (database) => database.query("select * from public.close_lost_runs()"),
      plans: async () => [
        {
          sql: `update public.reveal_runs set status = 'unfinished'
            where status = 'started' and created_at < now() - interval '10 minutes'`,
          params: [],
        },
      ],
    },
  ],
};

const EVENT_COLUMNS = "id, actor_id, owner_type, owner_id, key, action, created_at";

const events: Ledger = {
  table: "vault_events",
  load: (rows) => `
    insert into public.vault_events (id, actor_id, owner_type, owner_id, key, action, created_at)
    select md5(who || n)::uuid, md5('user' || n % 5000)::uuid,
      case when who = 'person' or who = 'other' and n % 3 = 0 then 'user' else 'team' end,
      case when who = 'person' then '${PERSON}' when who = 'team' then '${TEAM}'
           when n % 3 = 0 then md5('user' || n % 5000)::uuid else md5('team' || n % 1000)::uuid end,
      'KEY_' || n % 10, (array['set', 'metadata', 'revealed', 'checked'])[n % 4 + 1], at
    from (${spread(rows, 300, 600)}) as ordered`,
  work: [
    {
      name: "an event's insert",
      run: (database) =>
        database.query(
          `insert into public.vault_events (actor_id, owner_type, owner_id, key, action)
           values ($1, 'user', $1, 'ANTHROPIC_API_KEY', 'revealed')`,
          [WRITER],
        ),
    },
    ...list("a team's events", EVENT_COLUMNS, "vault_events", "owner_type = $1 and owner_id = $2", [
      "team",
      TEAM,
    ]),
    ...list(
      "the events of one key",
      EVENT_COLUMNS,
      "vault_events",
      "owner_type = $1 and owner_id = $2 and key = $3",
      ["user", PERSON, "KEY_7"],
    ),
  ],
};

/** Of the database that all of this is measured on. */
async function databaseVersion(): Promise<string> {
  const database = await PGlite.create();
  const { rows } = await database.query<{ server_version: string }>("show server_version");
  await database.close();
  return `PostgreSQL ${rows[0]?.server_version}, as PGlite brings it along`;
}

/** A ledger of so many rows. Its indexes are made after the rows, because 1,000,000 take minutes otherwise. */
async function open({ table, load }: Ledger, rows: number): Promise<PGlite> {
  const database = await openBareDatabase();
  // A superuser, who may skip the foreign keys and triggers: the accounts and teams exist.
  await database.exec("set session authorization postgres");
  await database.exec(`
    insert into auth.users (id, email) select md5('user' || n)::uuid, n || '@ledger.test' from generate_series(0, 4999) as n;
    insert into auth.users (id, email) values ('${PERSON}', 'person@ledger.test'), ('${WRITER}', 'writer@ledger.test');
    insert into public.teams (id, name) select md5('team' || n)::uuid, 'Team ' || n from generate_series(0, 999) as n;
    insert into public.teams (id, name) values ('${TEAM}', 'Team'), ('${WRITING_TEAM}', 'Writing team');
    update public.teams set monthly_usd = 1000, member_monthly_usd = 1000 where id = '${WRITING_TEAM}';
  `);
  const { rows: indexes } = await database.query<{ name: string; definition: string; key: boolean }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition, indisprimary as key
     from pg_index where indrelid = $1::regclass`,
    [`public.${table}`],
  );
  for (const { name, key } of indexes) {
    await database.exec(
      key ? `alter table public.${table} drop constraint ${table}_pkey` : `drop index ${name}`,
    );
  }
  await database.exec("set session_replication_role = replica; set work_mem = '64MB'");
  await database.exec(load(rows));
  for (const { key, definition } of indexes) {
    await database.exec(
      key ? `alter table public.${table} add constraint ${table}_pkey primary key (id)` : definition,
    );
  }
  await database.exec(`vacuum analyze public.${table}`);
  await database.exec("analyze; reset session_replication_role; reset work_mem; set role service_role");
  const { rows: counted } = await database.query<{ count: number }>(
    `select count(*)::integer as count from public.${table}`,
  );
  if (counted[0]?.count !== rows) throw new Error(`${table} has ${counted[0]?.count} rows, and not ${rows}.`);
  return database;
}

async function milliseconds(work: Work, database: PGlite): Promise<number> {
  const start = performance.now();
  await work.run(database);
  return performance.now() - start;
}

/** Measures the two databases in turns. */
async function measure(work: Work, small: PGlite, large: PGlite): Promise<{ small: number; large: number }> {
  const times = await interleave([small, large], { rounds: ROUNDS, warmUp: 10 }, (database) =>
    milliseconds(work, database),
  );
  return { small: median(times.get(small) ?? []), large: median(times.get(large) ?? []) };
}

/** The lines of a plan that say how a table is read. */
async function scans(query: Query, database: PGlite): Promise<string[]> {
  const { rows } = await database.query<{ "QUERY PLAN": string }>(
    `explain (costs off) ${query.sql}`,
    query.params,
  );
  return rows.map((row) => row["QUERY PLAN"]).filter((line) => /\bScan\b/.test(line));
}

async function compare(ledger: Ledger): Promise<boolean> {
  const start = performance.now();
  const small = await open(ledger, SMALL);
  const large = await open(ledger, LARGE);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`\n${ledger.table} (filled in ${seconds} s)`);
  console.log(
    `${"median of".padEnd(42)} ${"1,000".padStart(10)} ${"1,000,000".padStart(10)} ${"ratio".padStart(6)}`,
  );
  let flat = true;
  for (const work of ledger.work) {
    const times = await measure(work, small, large);
    const ratio = times.large / times.small;
    const cells = [times.small, times.large].map((time) => `${time.toFixed(2)} ms`.padStart(10)).join(" ");
    console.log(`${work.name.padEnd(42)} ${cells} ${ratio.toFixed(2).padStart(6)}`);
    if (ratio > BUDGET) flat = false;
    for (const query of (await work.plans?.(large)) ?? []) {
      for (const line of await scans(query, large)) {
        console.log(`    ${line.trim().replace(/^-> +/, "")}`);
        if (line.includes("Seq Scan")) flat = false;
      }
    }
  }
  await small.close();
  await large.close();
  return flat;
}

const cpu = `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
console.log(`${NOW.toISOString().slice(0, 10)}, ${cpu}, Node ${process.version}, ${ROUNDS} rounds`);
console.log(await databaseVersion());
// One after the other, so that only one of the two is in memory.
let flat = true;
for (const ledger of [runs, events]) flat = (await compare(ledger)) && flat;
const peak = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(
  `\n${flat ? "Flat" : "Not flat"}: at most ${BUDGET} times, and no table is read as a whole. Peak ${peak} MiB.`,
);
if (!flat) process.exitCode = 1;
