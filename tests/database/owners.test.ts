import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../support/bare-postgres.ts";
import { begin } from "./blocked.ts";
import { ENGINES } from "./postgres-server.ts";

// A secret is stored, or an event written, while its owner goes: one of them is first, and nothing is left that is
// nobody's. It takes two connections, so a server; PGlite has one.

const server = ENGINES.find(({ engine }) => engine === "a PostgreSQL server");
const ID = "0a000000-0000-4000-8000-000000000001";
const OWNERS = [
  { type: "user", end: `delete from auth.users where id = '${ID}'` },
  { type: "team", end: `delete from public.teams where id = '${ID}'` },
];
const STORES = [
  {
    what: "a secret",
    sql: (type: string) => `insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
      values ('${type}', '${ID}', 'KEY', 'v1.x')`,
  },
  {
    what: "an event",
    sql: (type: string) => `insert into public.vault_events (actor_id, owner_type, owner_id, key, action)
      values ('${ID}', '${type}', '${ID}', 'KEY', 'set')`,
  },
];
const CASES = OWNERS.flatMap((owner) => STORES.map((store) => ({ ...owner, ...store })));

describe.skipIf(!server)("What is stored while its owner goes", () => {
  let database: Database;
  let storing: pg.Client;
  let ending: pg.Client;
  beforeAll(async () => {
    database = (await server?.open()) as Database;
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.exec(`
      insert into auth.users (id) values ('${ID}');
      insert into public.teams (id, name) values ('${ID}', 'Crew');
    `);
    [storing, ending] = [new pg.Client(database.url), new pg.Client(database.url)];
    for (const client of [storing, ending]) await client.connect();
    await storing.query("set role service_role");
  });
  afterEach(async () => {
    for (const client of [storing, ending]) await client.end();
    await database.exec("delete from public.teams; delete from auth.users");
  });

  const left = async () =>
    (
      await database.query(
        "select key from public.vault_secrets union all select key from public.vault_events where key is not null",
      )
    ).rows;

  test.each(CASES)("is refused where the $type goes first: $what", async ({ type, end, sql }) => {
    await ending.query(`begin; ${end}`);
    const { isDone, result } = await begin(database, storing, sql(type));
    expect(isDone).toBe(false);
    await ending.query("commit");
    expect(await result).toEqual({ code: "PT404" });
    expect(await left()).toEqual([]);
  });

  test.each(CASES)("goes along where it was first, with the $type: $what", async ({ type, end, sql }) => {
    await storing.query("begin");
    await storing.query(sql(type));
    const { isDone, result } = await begin(database, ending, end);
    expect(isDone).toBe(false);
    await storing.query("commit");
    expect(await result).toEqual({ rows: [] });
    expect(await left()).toEqual([]);
  });
});
