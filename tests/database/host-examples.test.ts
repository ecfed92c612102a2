import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readBlock } from "../registry/docs.ts";
import { type Database, openBareDatabase, readShippedMigrations } from "../support/bare-postgres.ts";

// The migrations of docs/host-examples.md, beside the tables that they are about.

const [OWNER, GUEST, STRANGER, TEAM] = [1, 2, 3, 4].map(
  (digit) => `${digit}0000000-0000-4000-8000-000000000000`,
);

/** What each starter's tables have that matters here. */
const STARTERS = {
  basejump: {
    memberships: "basejump.account_user",
    accounts: "basejump.accounts",
    personal: "personal_account",
    tables: `
      create schema basejump;
      create type basejump.account_role as enum ('owner', 'member');
      create table basejump.accounts (id uuid primary key, personal_account boolean not null);
      create table basejump.account_user (
        user_id uuid, account_id uuid references basejump.accounts on delete cascade,
        account_role basejump.account_role not null, primary key (user_id, account_id));`,
  },
  makerkit: {
    memberships: "public.accounts_memberships",
    accounts: "public.accounts",
    personal: "is_personal_account",
    tables: `
      create table public.accounts (id uuid primary key, is_personal_account boolean not null);
      create table public.accounts_memberships (
        user_id uuid, account_id uuid references public.accounts on delete cascade,
        account_role varchar(50) not null, primary key (user_id, account_id));`,
  },
};

describe.each(Object.entries(STARTERS))(
  "teams of %s",
  (name, { memberships, accounts, personal, tables }) => {
    let database: Database;
    beforeAll(async () => {
      database = await openBareDatabase({ migrations: readShippedMigrations("vault") });
      await database.exec(`${tables}
      insert into ${accounts} (id, ${personal}) values ('${TEAM}', false), ('${OWNER}', true);
      insert into ${memberships} (user_id, account_id, account_role) values
        ('${OWNER}', '${TEAM}', 'owner'), ('${GUEST}', '${TEAM}', 'member'), ('${OWNER}', '${OWNER}', 'owner');`);
      await database.exec(readBlock(name, "host-examples.md"));
    });
    afterAll(() => database.close());

    it.each([
      ["an owner", OWNER, TEAM, "admin"],
      ["a member", GUEST, TEAM, "member"],
      ["a stranger", STRANGER, TEAM, null],
      ["a person in their personal account", OWNER, OWNER, null],
    ])("make %s what they are in the vault", async (_, person, team, role) => {
      await database.exec("begin; set local role service_role");
      const { rows } = await database.query(`select public.vault_team_role('${person}', '${team}') as role`);
      await database.exec("rollback");
      expect(rows).toEqual([{ role }]);
    });

    it.each(["anon", "authenticated"])("are not told to %s", async (role) => {
      await database.exec(`begin; set local role ${role}`);
      const asked = database.query(`select public.vault_team_role('${OWNER}', '${TEAM}')`);
      await expect(asked).rejects.toMatchObject({ code: "42501" });
      await database.exec("rollback");
    });

    it("take their keys along when they are deleted", async () => {
      const count = async () => (await database.query("select from public.vault_secrets")).rows.length;
      await database.exec(`insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value, category)
      values ('team', '${TEAM}', 'A', 'v1.x', 'General'), ('team', '${STRANGER}', 'A', 'v1.x', 'General')`);
      await database.exec(`delete from ${accounts} where id = '${TEAM}'`);
      expect(await count()).toBe(1);
    });
  },
);
