import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../support/bare-postgres.ts";
import { begin } from "./blocked.ts";
import { ENGINES } from "./postgres-server.ts";

// What is said once, where two find it at the same moment. It takes two connections, so a server; PGlite has one.

const server = ENGINES.find(({ engine }) => engine === "a PostgreSQL server");
const PERSON = "0a000000-0000-4000-8000-000000000001";
const TEAM = "7e000000-0000-4000-8000-000000000001";
const WEBHOOK = "ee000000-0000-4000-8000-000000000001";
const CLAIMS = [
  {
    what: "an alert of a budget",
    sql: `select percent from public.claim_spending_alerts('${PERSON}', '${TEAM}', 'team', null, null, null, null)`,
    first: [{ percent: 100 }],
  },
  {
    what: "a key that is refused",
    sql: `select 1 as changed from public.refuse_key('team', '${TEAM}', 'KEY', now())`,
    first: [{ changed: 1 }],
  },
  {
    what: "a webhook that paused itself",
    sql: `update public.webhooks set pause_is_untold = false where id = '${WEBHOOK}' and pause_is_untold
      returning pause_reason`,
    first: [{ pause_reason: "gone" }],
  },
];

describe.skipIf(!server)("What two find at the same moment", () => {
  let database: Database;
  let clients: [pg.Client, pg.Client];
  beforeAll(async () => {
    database = (await server?.open()) as Database;
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.exec(`
      insert into auth.users (id) values ('${PERSON}');
      insert into public.teams (id, name, created_by, monthly_usd) values ('${TEAM}', 'Crew', '${PERSON}', 1);
      insert into public.reveal_runs (user_id, team_id, kind, model, source, status, cost_usd)
        values ('${PERSON}', '${TEAM}', 'run', 'm', 'team', 'completed', 1);
      insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
        values ('team', '${TEAM}', 'KEY', 'v1.x');
      insert into public.webhooks (id, team_id, url, encrypted_secret, pause_reason, pause_is_untold)
        values ('${WEBHOOK}', '${TEAM}', 'https://gone.test/', 'v1.x', 'gone', true);
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

  test.each(CLAIMS)("is said by one of them: $what", async ({ sql, first }) => {
    const [one, other] = clients;
    await one.query("begin");
    expect((await one.query(sql)).rows).toEqual(first);
    const { isDone, result } = await begin(database, other, sql);
    expect(isDone).toBe(false);
    await one.query("commit");
    expect(await result).toEqual({ rows: [] });
  });

  test.each(CLAIMS)("is said by the other, where one gives up: $what", async ({ sql, first }) => {
    const [one, other] = clients;
    await one.query("begin");
    await one.query(sql);
    const { result } = await begin(database, other, sql);
    await one.query("rollback");
    expect(await result).toEqual({ rows: first });
  });

  const REFUSE = `select 1 as changed from public.refuse_key('team', '${TEAM}', 'KEY', now())`;
  const RENEW = "update public.vault_secrets set last_rotated_at = clock_timestamp() + interval '1 second'";
  const refused = async () => (await database.query("select secret_id from public.refused_keys")).rows;

  test("is no refusal of a value that is stored just then", async () => {
    const [storing, refusing] = clients;
    await storing.query(`begin; ${RENEW}`);
    const { isDone, result } = await begin(database, refusing, REFUSE);
    expect(isDone).toBe(false);
    await storing.query("commit");
    expect(await result).toEqual({ rows: [] });
    expect(await refused()).toEqual([]);
  });

  test("and a new value waits for a refusal, and undoes it", async () => {
    const [refusing, storing] = clients;
    await refusing.query("begin");
    expect((await refusing.query(REFUSE)).rows).toHaveLength(1);
    const { isDone, result } = await begin(database, storing, RENEW);
    expect(isDone).toBe(false);
    await refusing.query("commit");
    expect(await result).toEqual({ rows: [] });
    expect(await refused()).toEqual([]);
  });
});
