import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../support/bare-postgres.ts";
import { begin } from "./blocked.ts";
import { ENGINES } from "./postgres-server.ts";

// Two who change who is in a team at the same moment: one is first, and the other one sees it. It takes several
// connections, so a server; PGlite has one.

const server = ENGINES.find(({ engine }) => engine === "a PostgreSQL server");
const ADMIN = "0a000000-0000-4000-8000-000000000001";
const SECOND = "0a000000-0000-4000-8000-000000000002";
const MEMBER = "0a000000-0000-4000-8000-000000000003";
const INVITED = "0a000000-0000-4000-8000-000000000004";
const TEAM = "7e000000-0000-4000-8000-000000000001";
const INVITE = "1e000000-0000-4000-8000-000000000001";

const DELETES = `select from public.delete_team('${ADMIN}', '${TEAM}')`;
const ACCEPTS = `select from public.accept_invite('${INVITE}', '${INVITED}')`;
const LEAVES = `select from public.remove_member('${MEMBER}', '${TEAM}', '${MEMBER}')`;
const INVITES = `insert into public.team_invites (team_id, created_by, token_hash)
  values ('${TEAM}', '${SECOND}', repeat('b', 64))`;
const DEMOTES = `select from public.change_member('${ADMIN}', '${TEAM}', '${SECOND}', '{"role": "member"}')`;

describe.skipIf(!server)("Two who change who is in a team at the same moment", () => {
  let database: Database;
  let clients: [pg.Client, pg.Client, pg.Client];
  beforeAll(async () => {
    database = (await server?.open()) as Database;
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.exec(`
      insert into auth.users (id) values ('${ADMIN}'), ('${SECOND}'), ('${MEMBER}'), ('${INVITED}');
      insert into public.teams (id, name, created_by) values ('${TEAM}', 'Crew', '${ADMIN}');
      insert into public.team_members (team_id, user_id, role)
        values ('${TEAM}', '${SECOND}', 'admin'), ('${TEAM}', '${MEMBER}', 'member');
      insert into public.team_invites (id, team_id, created_by, token_hash)
        values ('${INVITE}', '${TEAM}', '${ADMIN}', repeat('a', 64));
    `);
    clients = [new pg.Client(database.url), new pg.Client(database.url), new pg.Client(database.url)];
    for (const client of clients) {
      await client.connect();
      await client.query("set role service_role");
    }
  });
  afterEach(async () => {
    for (const client of clients) await client.end();
    await database.exec("delete from public.teams; delete from auth.users");
  });

  const count = async (table: string) => (await database.query(`select from public.${table}`)).rows.length;

  test("somebody who joins as the team is deleted is no member of the hidden team", async () => {
    const [joining, deleting] = clients;
    await joining.query(`begin; ${ACCEPTS}`);
    const { result } = await begin(database, deleting, DELETES);
    await joining.query("commit");
    expect(await result).toHaveProperty("rows");
    expect([await count("team_members"), await count("deleted_team_members")]).toEqual([0, 4]);
  });

  test.each([
    ["a link that is accepted", ACCEPTS],
    [
      "a membership that is written into the database",
      `insert into public.team_members (team_id, user_id) values ('${TEAM}', '${INVITED}')`,
    ],
  ])("%s as the team is deleted lets nobody in", async (_, sql) => {
    const [joining, deleting] = clients;
    await deleting.query(`begin; ${DELETES}`);
    const { result } = await begin(database, joining, sql);
    await deleting.query("commit");
    await result;
    expect([await count("team_members"), await count("deleted_team_members")]).toEqual([0, 3]);
  });

  test.each([
    ["deletes the team", "joins it", DELETES, ACCEPTS],
    ["deletes the team", "leaves it", DELETES, LEAVES],
    ["demotes an admin", "is that admin and invites", DEMOTES, INVITES],
  ])("one %s while the other one %s: neither fails because of a lock", async (_, __, first, second) => {
    const [holding, one, other] = clients;
    await holding.query(`begin; select from public.teams where id = '${TEAM}' for no key update`);
    const changes = [await begin(database, one, first), await begin(database, other, second)];
    await holding.query("commit");
    const results = await Promise.all(changes.map(({ result }) => result));
    expect(results).not.toContainEqual({ code: "40P01" });
    expect(results[0]).toHaveProperty("rows");
  });
});
