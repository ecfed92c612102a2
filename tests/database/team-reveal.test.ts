import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../support/bare-postgres.ts";
import { begin } from "./blocked.ts";
import { ENGINES } from "./postgres-server.ts";

// A reveal and a removal at the same moment: one of them is first, and the other one knows. It takes two connections,
// so a server; PGlite has one.

const server = ENGINES.find(({ engine }) => engine === "a PostgreSQL server");
const ADMIN = "0a000000-0000-4000-8000-000000000001";
const OTHER_ADMIN = "0a000000-0000-4000-8000-000000000002";
const TEAM = "7e000000-0000-4000-8000-000000000001";
const USE = `insert into public.vault_uses (actor_id, owner_type, owner_id, key, action)
  values ('${ADMIN}', 'team', '${TEAM}', 'KEY', 'revealed') returning encrypted_value`;
const WHERE = `where team_id = '${TEAM}' and user_id = '${ADMIN}'`;
const CHANGES = [
  { change: "removal", sql: `delete from public.team_members ${WHERE}`, refusal: "PT404" },
  { change: "demotion", sql: `update public.team_members set role = 'member' ${WHERE}`, refusal: "PT403" },
  {
    change: "end of the team",
    sql: `select from public.delete_team('${OTHER_ADMIN}', '${TEAM}')`,
    refusal: "PT404",
  },
];

describe.skipIf(!server)("Somebody who asks for a team's value while it is taken from them", () => {
  let database: Database;
  let clients: pg.Client[];
  beforeAll(async () => {
    database = (await server?.open()) as Database;
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.exec(`
      insert into auth.users (id) values ('${ADMIN}'), ('${OTHER_ADMIN}');
      insert into public.teams (id, name, created_by) values ('${TEAM}', 'Crew', '${ADMIN}');
      insert into public.team_members (team_id, user_id, role)
        values ('${TEAM}', '${OTHER_ADMIN}', 'admin');
      insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
        values ('team', '${TEAM}', 'KEY', 'v1.x');
    `);
    clients = [new pg.Client(database.url), new pg.Client(database.url)];
    for (const client of clients) {
      await client.connect();
      await client.query("set role service_role");
    }
  });
  afterEach(async () => {
    for (const client of clients) await client.end();
    await database.exec("delete from public.teams; delete from auth.users");
  });

  const events = async () =>
    (await database.query("select action from public.vault_events where key is not null")).rows;

  test.each(CHANGES)("gets nothing where the $change is first", async ({ sql, refusal }) => {
    const [asking, taking] = clients as [pg.Client, pg.Client];
    await taking.query(`begin; ${sql}`);
    const { result } = await begin(database, asking, USE);
    await taking.query("commit");
    expect(await result).toEqual({ code: refusal });
    expect(await events()).toEqual([]);
  });

  test.each(CHANGES)(
    "keeps the $change waiting until the event is written, where they are first",
    async ({ sql }) => {
      const [asking, taking] = clients as [pg.Client, pg.Client];
      await asking.query("begin");
      expect((await asking.query(USE)).rows).toEqual([{ encrypted_value: "v1.x" }]);
      const { isDone, result } = await begin(database, taking, sql);
      expect(isDone).toBe(false);
      await asking.query("commit");
      expect(await result).toEqual({ rows: expect.any(Array) });
    },
  );

  test("is named to whoever removes them, with that key", async () => {
    const [asking, taking] = clients as [pg.Client, pg.Client];
    await asking.query("begin");
    await asking.query(USE);
    const { isDone, result } = await begin(database, taking, `delete from public.team_members ${WHERE}`);
    if (!isDone) await asking.query("commit");
    await result;
    const { rows } = await taking.query(`select user_id, key from public.team_exposures('${TEAM}')`);
    expect(rows).toEqual([{ user_id: ADMIN, key: "KEY" }]);
  });
});
