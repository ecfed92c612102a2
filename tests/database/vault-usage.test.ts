import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { applyMigrations, type Database, readShippedMigrations } from "../support/bare-postgres.ts";
import { begin } from "./blocked.ts";
import { ENGINES } from "./postgres-server.ts";

// The ledger of apps that took in `vault-usage`: in a database with the vault's migrations, and none of this app's.

const [ANN, BEN] = ["0a000000-0000-4000-8000-000000000001", "0a000000-0000-4000-8000-000000000002"];
const TEAM = "7e000000-0000-4000-8000-000000000001";
const KEY = "ANTHROPIC_API_KEY";
const DENIED = { code: "42501" };

const migrations = readShippedMigrations("vault", "vault-usage");

/** The call of the function that enters a call on a key; by default the platform's, for 40 cents of a dollar. */
const enterUsage = (
  changes: {
    id?: string;
    user?: string | null;
    source?: string;
    cost?: number | null;
    usd?: number | null;
    calls?: number | null;
  } = {},
) => {
  const { id, user = ANN, source = "env", cost = 0.4, usd = 1, calls = null } = changes;
  const text = (value: string | null | undefined) => (value ? `'${value}'` : "null");
  return `select * from public.enter_usage(${text(id)},
    ${text(user)}, null, 'summaries', '${KEY}', 'm', '${source}', 100, 0.01, 500, ${cost}, ${usd}, ${calls})`;
};

const engines = [true, false].flatMap((defaultGrants) =>
  ENGINES.map((engine) => ({ ...engine, defaultGrants })),
);

describe.each(engines)(
  "On $engine, where new tables are granted to all: $defaultGrants",
  ({ open, defaultGrants }) => {
    let database: Database;
    beforeAll(async () => {
      database = await open({ migrations, defaultGrants });
      await database.exec(`insert into auth.users (id) values ('${ANN}'), ('${BEN}')`);
    });
    afterAll(() => database.close());
    beforeEach(async () => {
      await database.exec("delete from public.vault_usage; delete from public.vault_secrets");
    });

    const rows = async (sql: string) => (await database.query(sql)).rows;

    /** Runs a statement as PostgREST does for this role; what it changes stays. */
    async function as(role: string, sql: string, person?: string): Promise<unknown[]> {
      const claims = JSON.stringify({ sub: person, role });
      try {
        await database.exec(`begin; set local role ${role}; set local request.jwt.claims = '${claims}'`);
        const result = await rows(sql);
        await database.exec("commit");
        return result;
      } catch (error) {
        await database.exec("rollback");
        throw error;
      }
    }
    const asServer = (sql: string) => as("service_role", sql);

    test("the migration can run twice", async () => {
      await asServer(enterUsage());
      await applyMigrations(database, migrations.slice(-1));
      expect(await rows("select feature from public.vault_usage")).toEqual([{ feature: "summaries" }]);
    });

    test("a person sees their own usage, and nobody else's", async () => {
      await asServer(enterUsage({ source: "user" }));
      await asServer(enterUsage({ source: "user", user: BEN }));
      await asServer(enterUsage({ user: null }));
      const see = "select user_id from public.vault_usage";
      expect(await as("authenticated", see, ANN)).toEqual([{ user_id: ANN }]);
      expect(await as("authenticated", see, BEN)).toEqual([{ user_id: BEN }]);
      await expect(as("anon", see)).rejects.toMatchObject(DENIED);
    });

    test.each([
      `insert into public.vault_usage (user_id, feature, key, source, model) values ('${ANN}', 'f', 'KEY', 'env', 'm')`,
      "update public.vault_usage set cost_usd = 0",
      "delete from public.vault_usage",
      "truncate public.vault_usage",
      enterUsage(),
      `select * from public.enter_key_result('user', '${ANN}', '${KEY}', now(), 'refused')`,
      `select * from public.sum_usage('${ANN}', 'epoch')`,
    ])("a signed-in person and a stranger can't: %s", async (sql) => {
      await expect(as("authenticated", sql, ANN)).rejects.toMatchObject(DENIED);
      await expect(as("anon", sql)).rejects.toMatchObject(DENIED);
    });

    test("the server enters a call and its end, and can't undo it", async () => {
      const [entry] = (await asServer(enterUsage({ source: "user" }))) as { id: string }[];
      expect(
        await asServer(`update public.vault_usage set status = 'completed', stop_reason = 'end_turn', input_tokens = 7,
        output_tokens = 9, is_counted = true, cost_usd = 0.002, cost_exact = true, details = '{"speed": "fast"}',
        duration_ms = 12, model = 'm-1', cache_creation_input_tokens = 0, cache_read_input_tokens = 0
        where id = '${entry?.id}' returning status, cost_usd::float`),
      ).toEqual([{ status: "completed", cost_usd: 0.002 }]);
      await expect(asServer("delete from public.vault_usage")).rejects.toMatchObject(DENIED);
    });

    test("a call on the platform's key holds all that it may cost, and any other what is sent", async () => {
      await asServer(enterUsage());
      await asServer(enterUsage({ source: "user" }));
      expect(
        await rows("select source, output_tokens, cost_usd::float from public.vault_usage order by source"),
      ).toEqual([
        { source: "env", output_tokens: 500, cost_usd: 0.4 },
        { source: "user", output_tokens: 0, cost_usd: 0.01 },
      ]);
    });

    test("one limit is for all people and jobs, and for the platform's key alone", async () => {
      expect(await asServer(enterUsage())).toMatchObject([{ refusal: null, is_limited: true }]);
      expect(await asServer(enterUsage({ user: BEN }))).toMatchObject([{ refusal: null }]);
      const full = [{ id: null, refusal: "daily_usd", spent: 0, held: 0.8, allowed: 1 }];
      expect(await asServer(enterUsage({ user: BEN }))).toMatchObject(full);
      expect(await asServer(enterUsage({ user: null }))).toMatchObject(full);
      expect(await asServer(enterUsage({ source: "user" }))).toMatchObject([
        { refusal: null, is_limited: false },
      ]);
      expect(await asServer(enterUsage({ usd: null }))).toMatchObject([{ refusal: null, is_limited: false }]);
    });

    test("what ended counts with what it cost, and what was yesterday doesn't count", async () => {
      for (const _ of [1, 2]) await asServer(enterUsage());
      await asServer("update public.vault_usage set status = 'completed', cost_usd = 0.2");
      expect(await asServer(enterUsage())).toMatchObject([{ refusal: null }]);
      expect(await asServer(enterUsage())).toMatchObject([{ refusal: "daily_usd", spent: 0.4, held: 0.4 }]);
      await database.exec("update public.vault_usage set created_at = now() - interval '1 day'");
      expect(await asServer(enterUsage())).toMatchObject([{ refusal: null }]);
    });

    test("a call whose price isn't known is counted, or refused", async () => {
      expect(await asServer(enterUsage({ cost: null }))).toMatchObject([{ refusal: "model_price_unknown" }]);
      for (const _ of [1, 2])
        expect(await asServer(enterUsage({ cost: null, calls: 2 }))).toMatchObject([
          { refusal: null, is_limited: false },
        ]);
      expect(await asServer(enterUsage({ cost: null, calls: 2 }))).toMatchObject([
        { refusal: "daily_calls", spent: 2, allowed: 2 },
      ]);
      expect(await asServer(enterUsage({ calls: 2 }))).toMatchObject([{ refusal: null, is_limited: true }]);
      expect(await asServer(enterUsage({ cost: null, usd: null }))).toMatchObject([{ refusal: null }]);
    });

    test("an id is entered once", async () => {
      await asServer(enterUsage({ id: TEAM }));
      await expect(asServer(enterUsage({ id: TEAM }))).rejects.toMatchObject({ code: "23505" });
    });

    test("the usage of a deleted account stays, without the person, and is deleted by a role with no right on it", async () => {
      const leaving = "0a000000-0000-4000-8000-00000000000f";
      await database.exec(`insert into auth.users (id) values ('${leaving}')`);
      await asServer(enterUsage({ user: leaving }));
      await database.exec(`
      set session authorization supabase_auth_admin;
      delete from auth.users where id = '${leaving}';
      set session authorization project_owner;
    `);
      expect(await rows("select user_id, cost_usd::float from public.vault_usage")).toEqual([
        { user_id: null, cost_usd: 0.4 },
      ]);
    });

    test("a person's sums are by feature, key, and whose key it was", async () => {
      await database.exec(`
      insert into public.vault_usage (user_id, feature, key, source, model, input_tokens, output_tokens, cost_usd, created_at)
      values ('${ANN}', 'titles', 'OPENAI_API_KEY', 'user', 'm', 1, 2, 0.5, now()),
        ('${ANN}', 'titles', 'OPENAI_API_KEY', 'user', 'm', 1, 2, 0.25, now()),
        ('${ANN}', 'titles', 'OPENAI_API_KEY', 'team', 'm', 4, 0, null, now()),
        ('${ANN}', 'titles', 'OPENAI_API_KEY', 'team', 'm', 0, 0, null, now()),
        ('${ANN}', 'titles', 'OPENAI_API_KEY', 'user', 'm', 1, 2, 0.5, now() - interval '2 days'),
        ('${BEN}', 'titles', 'OPENAI_API_KEY', 'user', 'm', 1, 2, 0.5, now())`);
      const sums = `select feature, source, calls::int, tokens::int, cost, unpriced::int
      from public.sum_usage('${ANN}', now() - interval '1 day')`;
      expect(await asServer(sums)).toEqual([
        { feature: "titles", source: "team", calls: 2, tokens: 4, cost: null, unpriced: 1 },
        { feature: "titles", source: "user", calls: 2, tokens: 6, cost: 0.75, unpriced: 0 },
      ]);
    });

    test("what a call says of its key is entered where that is news, for the value that was read", async () => {
      await asServer(`insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value, last_rotated_at)
      values ('user', '${ANN}', '${KEY}', 'v1.x', now() - interval '1 hour')`);
      const enter = async (result: string, at: string) =>
        (
          await asServer(
            `select * from public.enter_key_result('user', '${ANN}', '${KEY}', now() + interval '${at}', '${result}')`,
          )
        ).length;
      const facts = async () => rows("select check_result, check_facts from public.vault_secret_details");
      expect(await enter("refused", "-2 hours")).toBe(0);
      expect(await enter("works", "-5 minutes")).toBe(1);
      await asServer(`update public.vault_secret_details set check_facts = '{"account": "Ann"}'`);
      expect(await enter("works", "-4 minutes")).toBe(0);
      expect(await facts()).toEqual([{ check_result: "works", check_facts: { account: "Ann" } }]);
      expect(await enter("refused", "-6 minutes")).toBe(0);
      expect(await enter("refused", "-3 minutes")).toBe(1);
      expect(await facts()).toEqual([{ check_result: "refused", check_facts: null }]);
      expect(await enter("works", "-2 minutes")).toBe(1);
    });
  },
);

const server = ENGINES.find(({ engine }) => engine === "a PostgreSQL server");

describe.skipIf(!server)("Calls that begin at the same moment on the platform's key", () => {
  let database: Database;
  let clients: [pg.Client, pg.Client];
  beforeAll(async () => {
    database = (await server?.open({ migrations })) as Database;
    await database.exec(`insert into auth.users (id) values ('${ANN}'), ('${BEN}')`);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    clients = [new pg.Client(database.url), new pg.Client(database.url)];
    for (const client of clients) {
      await client.connect();
      await client.query("set role service_role");
    }
  });
  afterEach(async () => {
    for (const client of clients) await client.end();
    await database.exec("delete from public.vault_usage");
  });

  test.each([
    { what: "money", one: enterUsage({ cost: 0.6 }), refusal: "daily_usd" },
    { what: "calls", one: enterUsage({ cost: null, calls: 1 }), refusal: "daily_calls" },
  ])("don't find the same room twice, in $what", async ({ one, refusal }) => {
    const [first, second] = clients;
    await first.query("begin");
    expect((await first.query(one)).rows).toMatchObject([{ refusal: null }]);
    const { isDone, result } = await begin(database, second, one);
    expect(isDone).toBe(false);
    await first.query("commit");
    expect(await result).toMatchObject({ rows: [{ id: null, refusal }] });
  });

  test("don't wait where somebody's own key pays", async () => {
    const [first, second] = clients;
    await first.query("begin");
    await first.query(enterUsage());
    const { isDone, result } = await begin(database, second, enterUsage({ source: "user" }));
    expect(isDone).toBe(true);
    expect(await result).toMatchObject({ rows: [{ refusal: null }] });
    await first.query("commit");
  });
});
