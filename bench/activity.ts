/**
 * `npm run bench:activity`: a log stays as fast to look things up in as it grows. The same questions to one team's log of
 * 1,000 and of 1,000,000 events among 200 keys and 20 people, on Postgres itself (PGlite in this process), as the role of
 * the app's server. Fails where a median of the large log is more than three times that of the small one, and more than
 * 20 ms, which nobody notices.
 */
import { cpus, totalmem } from "node:os";
import type { PGlite } from "@electric-sql/pglite";
import { openBareDatabase } from "../tests/support/bare-postgres.ts";
import { interleave, median } from "./support/measure.ts";

const SMALL = 1_000;
const LARGE = 1_000_000;
const ROUNDS = 30;
const BUDGET = 3;
const UNNOTICED_MS = 20;
const TEAM = "7e000000-0000-4000-8000-000000000001";

async function open(rows: number): Promise<PGlite> {
  const database = await openBareDatabase();
  // A superuser, who may skip the triggers: the accounts and teams exist.
  await database.exec(`
    set session authorization postgres;
    insert into auth.users (id, email) select md5('user' || n)::uuid, 'person-' || n || '@log.test' from generate_series(0, 19) as n;
    insert into public.teams (id, name) values ('${TEAM}', 'Team');
    set session_replication_role = replica;
    set work_mem = '64MB';
    delete from public.vault_events;
    insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
      select 'team', '${TEAM}', 'KEY_' || n, 'v1.x' from generate_series(0, 199) as n;
  `);
  const { rows: indexes } = await database.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
     from pg_index where indrelid = 'public.vault_events'::regclass and not indisprimary`,
  );
  for (const { name } of indexes) await database.exec(`drop index ${name}`);
  // Every hundredth is about no key. Nobody ever renewed a signing secret.
  await database.exec(`
    insert into public.vault_events (id, actor_id, owner_type, owner_id, key, action, created_at)
      select md5('event' || n)::uuid, md5('user' || n * 7 % 20)::uuid, 'team', '${TEAM}',
        case when n % 100 > 0 then 'KEY_' || n * 31 % 200 end,
        case when n % 100 = 0 then 'role_changed'
          else (array['replaced', 'metadata', 'revealed', 'copied', 'checked'])[n % 5 + 1] end,
        now() - make_interval(secs => n::double precision * 31536000 / ${rows})
      from generate_series(1, ${rows}) as n;
  `);
  // After the rows, because a million take minutes otherwise.
  for (const { definition } of indexes) await database.exec(definition);
  await database.exec("vacuum analyze public.vault_events");
  await database.exec("analyze; reset session_replication_role; reset work_mem; set role service_role");
  return database;
}

const log = (filter: string) =>
  `select * from public.activity('team', '${TEAM}', 31${filter && `, ${filter}`})`;
const somebody = `only_person => md5('user3')::uuid`;
const LATER = "now() - interval '180 days'";

const QUESTIONS: Record<string, string> = {
  "the first page": log(""),
  "a later page": log(`before_time => ${LATER}, before_id => '80000000-0000-4000-8000-000000000000'`),
  "one key": log("only_key => 'KEY_7'"),
  "one person": log(somebody),
  "one action": log("only_actions => '{copied}'"),
  "a group of actions": log(
    "only_actions => '{created,replaced,replaced_unread,resaved,set,imported,metadata,deleted}'",
  ),
  "an action that never was": log("only_actions => '{webhook_secret_renewed}'"),
  days: log(`from_time => ${LATER}, to_time => ${LATER} + interval '2 days'`),
  "days of a key": log(
    `only_key => 'KEY_7', from_time => ${LATER}, to_time => ${LATER} + interval '20 days'`,
  ),
  "a key, a person and an action": log(`only_key => 'KEY_7', ${somebody}, only_actions => '{copied}'`),
  "an action that a person never did": log(`${somebody}, only_actions => '{deleted}'`),
  "a search for a key": log("search => 'key_77'"),
  "a search for a person": log("search => 'person-13@'"),
  "a search that finds nothing": log("search => 'nothing'"),
  "a search that finds everything": log("search => '_'"),
  "what to choose from": `select * from public.activity_topics('team', '${TEAM}')`,
  "a page of an export": `select * from public.activity('team', '${TEAM}', 1000, with_parts => true)`,
  "keys to rotate": `select * from public.team_exposures('${TEAM}')`,
};

const start = performance.now();
const [small, large] = [await open(SMALL), await open(LARGE)];
const cpu = `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
console.log(`${new Date().toISOString().slice(0, 10)}, ${cpu}, Node ${process.version}, ${ROUNDS} rounds`);
console.log(`Filled in ${((performance.now() - start) / 1000).toFixed(0)} s`);
console.log(
  `${"median of".padEnd(36)} ${"1,000".padStart(10)} ${"1,000,000".padStart(10)} ${"ratio".padStart(6)}`,
);
let flat = true;
for (const [name, sql] of Object.entries(QUESTIONS)) {
  const times = await interleave([small, large], { rounds: ROUNDS, warmUp: 3 }, async (database) => {
    const begin = performance.now();
    await database.query(sql);
    return performance.now() - begin;
  });
  const [few, many] = [median(times.get(small) ?? []), median(times.get(large) ?? [])];
  const cells = [few, many].map((time) => `${time.toFixed(2)} ms`.padStart(10)).join(" ");
  console.log(`${name.padEnd(36)} ${cells} ${(many / few).toFixed(2).padStart(6)}`);
  if (many > BUDGET * few && many > UNNOTICED_MS) flat = false;
}
console.log(flat ? "Flat." : "Not flat.");
if (!flat) process.exitCode = 1;
await small.close();
await large.close();
