import { pageinspect } from "@electric-sql/pglite/contrib/pageinspect";
import { openBareDatabase } from "../tests/support/bare-postgres.ts";
import { number, type Table } from "./support/table.ts";

// What a row takes on disk, and how deep its indexes are. Rows come in the order of their times and owners at random,
// into tables that have their indexes already: that is how tables grow, and leaves indexes as full as they are in life.

const ROWS = 1_000_000;
/** Of one statement, so that the memory of one is enough. */
const BATCH = 100_000;

/** Each as `insert … select … from n`, n being numbers. */
const TABLES: Record<string, string> = {
  vault_secrets: `insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value, category, description)
    select case n % 5 when 0 then 'team' else 'user' end, md5('owner' || n * 7919::bigint % ${ROWS} / 5)::uuid,
      (array['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'RESEND_API_KEY', 'VERCEL_TOKEN', 'DATABASE_URL'])[n % 5 + 1],
      'v1.' || rpad('', 339, md5(n::text)), 'LLM', 'For the dashboard' from n`,
  team_members: `insert into public.team_members (team_id, user_id, role)
    select md5('team' || n % ${ROWS / 10})::uuid, md5('user' || n)::uuid, 'member' from n`,
  reveal_runs: `insert into public.reveal_runs (user_id, team_id, kind, model, source, status, input_tokens,
      output_tokens, duration_ms, created_at)
    select md5('user' || n * 7919::bigint % 100000)::uuid, case when n % 2 = 0 then md5('team' || n * 7919::bigint % 10000)::uuid end,
      'run', 'claude-sonnet-5-5', 'user', 'completed', n % 5000, n % 900, 2000 + n % 3000,
      now() - (${ROWS} - n) * interval '30 seconds' from n`,
  vault_events: `insert into public.vault_events (actor_id, owner_type, owner_id, key, action, created_at)
    select md5('user' || n * 7919::bigint % 100000)::uuid, 'user', md5('user' || n * 7919::bigint % 100000)::uuid, 'ANTHROPIC_API_KEY',
      'revealed', now() - (${ROWS} - n) * interval '30 seconds' from n`,
};

interface Size {
  table_bytes: number;
  index_bytes: number;
  /** Of the deepest index: pages that are read from its root to a row's address. */
  depth: number;
}

/** One table after the other, in a database of its own, so that one of them has to be in memory. */
async function sizeOf(table: string, insert: string): Promise<Size> {
  const database = await openBareDatabase({ extensions: { pageinspect } });
  try {
    await database.exec(`
      set session authorization postgres;
      create extension pageinspect with schema extensions;
      set session_replication_role = replica;
    `);
    for (let from = 0; from < ROWS; from += BATCH) {
      await database.exec(
        `with n as (select generate_series(${from}, ${from + BATCH - 1}) as n) ${insert.replace("from n", "from n order by n")}`,
      );
    }
    await database.exec(`vacuum analyze public.${table}`);
    const { rows } = await database.query<Size>(
      `select pg_table_size($1::regclass)::float8 as table_bytes, pg_indexes_size($1::regclass)::float8 as index_bytes,
        (select max(level) + 1 from pg_index, extensions.bt_metap(indexrelid::regclass::text)
          where indrelid = $1::regclass)::integer as depth`,
      [`public.${table}`],
    );
    if (!rows[0]) throw new Error(`${table} has no size.`);
    return rows[0];
  } finally {
    await database.close();
  }
}

export async function run(): Promise<Table[]> {
  const rows: Table["rows"] = [];
  for (const [table, insert] of Object.entries(TABLES)) {
    const { table_bytes, index_bytes, depth } = await sizeOf(table, insert);
    const each = (bytes: number) => number(bytes / ROWS);
    rows.push([
      `\`${table}\``,
      each(table_bytes),
      each(index_bytes),
      each(table_bytes + index_bytes),
      number(depth),
    ]);
  }
  return [
    {
      title: "Size",
      text:
        `Bytes on disk for each row, with ${ROWS.toLocaleString("en")} rows per table and all indexes; and how many pages a ` +
        "look-up reads in the deepest of these before it reads the row. A secret's value has 108 bytes.",
      columns: ["", "row", "its indexes", "together", "index pages"],
      rows,
      bounds: [],
    },
  ];
}
