import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../support/bare-postgres.ts";
import { begin } from "./blocked.ts";
import { ENGINES } from "./postgres-server.ts";

// Memberships of one person that begin at the same moment. It takes several connections, so a server; PGlite has one.

const server = ENGINES.find(({ engine }) => engine === "a PostgreSQL server");
const PERSON = "0a000000-0000-4000-8000-000000000001";
const CREATE = `insert into public.teams (name, created_by) values ('Team', '${PERSON}')`;

describe.skipIf(!server)("A person who is in 50 teams at most", () => {
  let database: Database;
  let clients: pg.Client[];
  beforeAll(async () => {
    database = (await server?.open()) as Database;
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.exec(`insert into auth.users (id) values ('${PERSON}')`);
    clients = Array.from({ length: 6 }, () => new pg.Client(database.url));
    for (const client of clients) {
      await client.connect();
      await client.query("set role service_role");
    }
  });
  afterEach(async () => {
    for (const client of clients) await client.end();
    await database.exec("delete from public.teams; delete from auth.users");
  });

  const memberships = async () =>
    (await database.query("select count(*)::integer as count from public.team_members")).rows;

  test("stays below that with 60 that begin together", async () => {
    const outcomes = await Promise.allSettled(
      clients.flatMap((client) => Array.from({ length: 10 }, () => client.query(CREATE))),
    );
    const refused = outcomes.flatMap((each) => (each.status === "rejected" ? [each.reason.code] : []));
    expect(refused).toEqual(Array(10).fill("PT422"));
    expect(await memberships()).toEqual([{ count: 50 }]);
  });

  test("waits until the one before is there for all, and is refused then", async () => {
    await database.exec(`insert into public.teams (name, created_by)
      select 'Team', '${PERSON}' from generate_series(1, 49)`);
    const [first, second] = clients as [pg.Client, pg.Client];
    await first.query(`begin; ${CREATE}`);
    const { isDone, result } = await begin(database, second, CREATE);
    expect(isDone).toBe(false);
    await first.query("commit");
    expect(await result).toEqual({ code: "PT422" });
    expect(await memberships()).toEqual([{ count: 50 }]);
  });
});
