import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPgliteConnection } from "@supabase/lite/pglite";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Owner } from "../../lib/vault/types.ts";
import { lockFolder } from "../../scripts/embedded/lock.ts";
import { ENGINES } from "../database/postgres-server.ts";
import type { Database } from "../support/bare-postgres.ts";
import { startDatabase } from "./harness.ts";

const KEY = "OPENAI_API_KEY";
/** Everything that a literal could lose: quotes, a backslash and other writing systems. */
const DESCRIPTION = `It's "mine" \\ {} é 鍵`;

const folder = mkdtempSync(join(tmpdir(), "backup-"));
/** Where the app keeps the data of `npm run dev`, as EMBEDDED_DATA_DIR says. */
const backup = join(folder, "dev");
const file = join(folder, "export.sql");
let owner: Owner;
let team: Owner;
let before: Record<string, string[]>;
afterAll(() => rmSync(folder, { recursive: true }));

/** Every row of every table of ours. */
async function contents(database: Pick<Database, "query">): Promise<Record<string, string[]>> {
  const ask = async <Row>(query: string) => (await database.query(query)).rows as Row[];
  await database.query("set timezone = 'UTC'");
  const tables = await ask<{ name: string }>(
    "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1",
  );
  const found: Record<string, string[]> = {};
  for (const { name } of tables) {
    const rows = await ask<{ row: string }>(
      `select to_jsonb(t)::text as row from public.${name} t order by 1`,
    );
    found[name] = rows.map(({ row }) => row);
  }
  return found;
}

async function contentsOf(folder: string) {
  const connection = await createPgliteConnection({ url: join(folder, "postgres") });
  const found = await contents(connection.driver);
  await connection.close();
  return found;
}

/** One person, alone and in a team, with something in every table. */
beforeAll(async () => {
  const db = await startDatabase();
  const person = await db.person();
  owner = { type: "user", id: person };
  team = { type: "team", id: await db.team({ [person]: "admin" }) };
  const service = await db.service();
  await service.setSecret(owner, { key: KEY, value: "sk-test-mine", description: DESCRIPTION });
  await service.setSecret(team, { key: KEY, value: "sk-test-teams" });
  const { admin } = db;
  await admin
    .from("team_invites")
    .insert({ team_id: team.id, created_by: person, role: "member", token_hash: "a".repeat(64) })
    .throwOnError();
  await admin
    .from("spending_alerts")
    .insert({
      cap: "team_monthly",
      team_id: team.id,
      period_start: "2026-03-01",
      percent: 80,
      limit_usd: 12.5,
    })
    .throwOnError();
  const { data: secret } = await admin
    .from("vault_secrets")
    .select("id")
    .eq("owner_id", person)
    .single()
    .throwOnError();
  await admin.from("refused_keys").insert({ secret_id: secret.id }).throwOnError();
  await admin
    .from("vault_events")
    .insert({ actor_id: person, owner_type: "user", owner_id: person, key: KEY, action: "set" })
    .throwOnError();
  await admin
    .from("reveal_runs")
    .insert({ user_id: person, kind: "run", model: "m", source: "user" })
    .throwOnError();
  const { data: webhook } = await admin
    .from("webhooks")
    .insert({
      user_id: person,
      encrypted_url: "v1.url",
      address: "https://hook.test/…",
      encrypted_secret: "v1.x",
      events: ["reveal.failed", "reveal.completed"],
    })
    .select("id")
    .single()
    .throwOnError();
  const delivery = {
    message_id: `msg_${crypto.randomUUID()}`,
    event: "webhook.test",
    payload: '{"a": "b\\n"}',
    attempt: 1,
  };
  await admin
    .from("webhook_deliveries")
    .insert({ webhook_id: webhook.id, ...delivery })
    .throwOnError();
  const deleted = await db.team({ [person]: "admin" });
  await admin.rpc("delete_team", { actor: person, for_team: deleted }).throwOnError();
  await admin.rpc("set_platform_stop", { actor: person, stop: true }).throwOnError();
  await admin
    .rpc("set_platform_limit", { actor: person, for_user: person, daily_tokens: 5, is_default: false })
    .throwOnError();
  await admin
    .from("platform_refusals")
    .insert({ day: "2026-03-05", user_id: person, reason: "platform_key_off" })
    .throwOnError();
  await db.close(backup);
  before = await contentsOf(backup);
  expect(Object.entries(before).filter(([, rows]) => rows.length === 0)).toEqual([]);
});

describe("a copy of the embedded database's folder", () => {
  it("brings everything back after a loss: accounts, rows and every value", async () => {
    const db = await startDatabase(backup);
    const service = await db.service();
    expect(await service.getSecret(owner, KEY)).toBe("sk-test-mine");
    expect(await service.getSecret(team, KEY)).toBe("sk-test-teams");
    expect((await db.signIn(1)).data.user?.id).toBe(owner.id);
    const again = join(folder, "again");
    await db.close(again);
    expect(await contentsOf(again)).toEqual(before);
  });
});

const runExport = (...args: string[]) =>
  spawnSync("node", ["scripts/db-export.ts", ...args], {
    encoding: "utf8",
    env: { ...process.env, EMBEDDED_DATA_DIR: folder },
  });

describe("npm run db:export", () => {
  it("says what is wrong, and writes nothing then", () => {
    expect(runExport().stderr).toBe("✗ Name the file to write: npm run db:export -- FILE\n");
    writeFileSync(join(folder, "other"), "mine");
    expect(runExport(join(folder, "other")).stderr).toMatch(
      /other already exists\. Choose another name\.\n$/,
    );
    expect(readFileSync(join(folder, "other"), "utf8")).toBe("mine");
    const unlock = lockFolder(backup);
    expect(runExport(file)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("is in use by process"),
    });
    unlock();
    const nowhere = spawnSync("node", ["scripts/db-export.ts", file], {
      encoding: "utf8",
      env: { ...process.env, EMBEDDED_DATA_DIR: join(folder, "none") },
    });
    expect(nowhere).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^✗ There is no embedded database in/),
    });
    expect(runExport(join(folder, "nowhere", "x.sql")).stderr).toMatch(
      /^✗ The folder .*nowhere doesn't exist\.\n$/,
    );
    mkdirSync(join(folder, "empty/dev/postgres"), { recursive: true });
    const empty = spawnSync("node", ["scripts/db-export.ts", file], {
      encoding: "utf8",
      env: { ...process.env, EMBEDDED_DATA_DIR: join(folder, "empty") },
    });
    expect(empty.stderr).toMatch(/^✗ There is no embedded database in/);
    expect(readdirSync(join(folder, "empty/dev/postgres"))).toEqual([]);
    cpSync(inject("template"), join(folder, "new/dev"), { recursive: true });
    const nobody = spawnSync("node", ["scripts/db-export.ts", file], {
      encoding: "utf8",
      env: { ...process.env, EMBEDDED_DATA_DIR: join(folder, "new") },
    });
    expect(nobody).toMatchObject({ status: 1, stderr: expect.stringMatching(/^✗ Nobody has signed up in/) });
    expect(readdirSync(folder).filter((name) => name.startsWith("export"))).toEqual([]);
  });

  it("writes a file for its owner's eyes only, without a value in it", () => {
    expect(runExport(file)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^✓ Exported \d+ rows from .*dev to .*export\.sql\.\n.+ then delete it/),
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, "utf8");
    expect(text).not.toContain("sk-test");
    // Whoever signed up has a session, which stays behind.
    const auth = [...text.matchAll(/^insert into (auth\.\w+)/gm)].map(([, table]) => table);
    expect(new Set(auth)).toEqual(new Set(["auth.users", "auth.identities"]));
  });
});

/** Columns of Supabase's auth server that the bare project has not, after the migrations of supabase/auth. */
const HOSTED_AUTH = `
  set session authorization supabase_auth_admin;
  alter table auth.users
    add instance_id uuid, add aud varchar(255), add role varchar(255), add encrypted_password varchar(255),
    add phone_confirmed_at timestamptz,
    add confirmed_at timestamptz generated always as (least(email_confirmed_at, phone_confirmed_at)) stored,
    add confirmation_token varchar(255), add recovery_token varchar(255),
    add email_change_token_new varchar(255), add raw_app_meta_data jsonb, add raw_user_meta_data jsonb,
    add is_sso_user boolean not null default false, add is_anonymous boolean not null default false,
    add banned_until timestamptz, add last_sign_in_at timestamptz, add updated_at timestamptz;
  create table auth.identities (
    provider_id text not null, user_id uuid not null references auth.users on delete cascade,
    identity_data jsonb not null, provider text not null, last_sign_in_at timestamptz,
    created_at timestamptz, updated_at timestamptz,
    email text generated always as (lower(identity_data ->> 'email')) stored,
    id uuid primary key default gen_random_uuid(), unique (provider_id, provider));
  create table auth.refresh_tokens (id bigserial primary key, token varchar(255), user_id varchar(255));
  insert into auth.refresh_tokens (token) values ('refresh-token-not-real');
  grant all on auth.identities, auth.refresh_tokens to project_owner;
  grant all on all sequences in schema auth to project_owner;
  set session authorization project_owner;
`;

describe.each(ENGINES)("a hosted project, on $engine", ({ open }) => {
  let hosted: Database;
  const openProject = async () => {
    const project = await open();
    await project.exec(HOSTED_AUTH);
    return project;
  };
  beforeAll(async () => {
    hosted = await openProject();
  });
  afterAll(() => hosted.close());
  const rows = async (query: string) => (await hosted.query(query)).rows;

  it("takes all of it: accounts with their passwords, every row, and every value", async () => {
    // The app was started there too early, under another key.
    await hosted.exec("insert into public.vault_key_check (encrypted_value) values ('v1.another')");
    await hosted.exec(readFileSync(file, "utf8"));
    expect(await contents(hosted)).toEqual(before);
    expect(
      await rows(`select instance_id, email, confirmation_token, encrypted_password ~ '^\\$2[aby]\\$' as hashed,
        confirmed_at is not null as confirmed from auth.users`),
    ).toEqual([
      {
        instance_id: "00000000-0000-0000-0000-000000000000",
        email: "person-1@example.com",
        confirmation_token: "",
        hashed: true,
        confirmed: true,
      },
    ]);
    expect(await rows("select user_id, provider, email from auth.identities")).toEqual([
      { user_id: owner.id, provider: "email", email: "person-1@example.com" },
    ]);
    await expectValues();
  });

  it("refuses it a second time, and is as it was", async () => {
    await expect(hosted.exec(readFileSync(file, "utf8"))).rejects.toThrow(
      "This project already has accounts. Nothing was changed.",
    );
    await hosted.exec("rollback");
    expect(await contents(hosted)).toEqual(before);
  });

  it("comes back from the dump of docs/operations.md in a new project, with its rows and every value", async ({
    skip,
  }) => {
    if (!hosted.url) return skip("There is nothing to dump from outside.");
    const restored = await openProject();
    const commands = readFileSync("docs/operations.md", "utf8").matchAll(
      /^```sh\n((?:pg_dump|psql "\$NEW)[^`]+)^```/gm,
    );
    const [dump, restore] = [...commands].map(([, command = ""]) => command);
    // As the role that hosted Supabase gives its owners, which is no superuser.
    const run = (command = "false", variables: Record<string, string | undefined>) =>
      execFileSync("bash", ["-c", command], {
        cwd: folder,
        env: { ...process.env, PGOPTIONS: "-c role=project_owner", ...variables },
        stdio: ["ignore", "ignore", "inherit"],
      });
    run(dump, { DATABASE_URL: hosted.url });
    // Neither a value nor a session, with which values could be fetched.
    expect(readFileSync(join(folder, "backup.sql"), "utf8")).not.toMatch(/sk-test|refresh-token/);
    await hosted.close();
    hosted = restored;
    expect((await contents(hosted)).profiles).toEqual([]);
    await hosted.exec("insert into public.vault_key_check (encrypted_value) values ('v1.another')");
    run(restore, { NEW_DATABASE_URL: hosted.url });
    expect(await contents(hosted)).toEqual(before);
    expect(await rows("select id from auth.users")).toEqual([{ id: owner.id }]);
    await expectValues();
  });

  /** Opens both with the service's own function, as a reveal does. */
  async function expectValues(): Promise<void> {
    const { open } = await import("../../lib/vault/seal.ts");
    const secrets = (await rows(
      "select owner_type, encrypted_value from public.vault_secrets order by 1",
    )) as {
      owner_type: string;
      encrypted_value: string;
    }[];
    const [teams, mine] = secrets;
    expect(await open(team, KEY, String(teams?.encrypted_value))).toBe("sk-test-teams");
    expect(await open(owner, KEY, String(mine?.encrypted_value))).toBe("sk-test-mine");
  }
});
