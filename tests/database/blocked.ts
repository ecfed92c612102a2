import type pg from "pg";
import type { Database } from "../support/bare-postgres.ts";

/** Begins a statement that another connection's transaction stands in the way of; returns once it waits, or is done. */
export async function begin(database: Database, client: pg.Client, sql: string) {
  const { rows } = await client.query("select pg_backend_pid() as pid");
  let isDone = false;
  const result = client
    .query(sql)
    .then(
      ({ rows }) => ({ rows }),
      ({ code }: pg.DatabaseError) => ({ code }),
    )
    .finally(() => {
      isDone = true;
    });
  const waits = async () =>
    (await database.query(`select where cardinality(pg_blocking_pids(${rows[0].pid})) > 0`)).rows.length > 0;
  while (!(isDone || (await waits())));
  return { isDone, result };
}
