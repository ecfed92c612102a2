import type { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBareDatabase } from "./bare-postgres.ts";
import { runStory, storyFiles } from "./tap.ts";

// The same files run on a project's own stack with `supabase test db`.

describe.each([
  { project: "A new hosted project, which grants nothing by itself", defaultGrants: false },
  { project: "An older project, which grants everything by itself", defaultGrants: true },
])("$project", ({ defaultGrants }) => {
  let database: PGlite;
  beforeAll(async () => {
    database = await openBareDatabase({ defaultGrants });
  });
  afterAll(() => database.close());

  test.each(storyFiles())("The story %s holds", async (file) => {
    const { planned, passed, failed } = await runStory(database, file);
    expect(failed).toEqual([]);
    expect(passed.length, "A story asserts something").toBeGreaterThan(0);
    expect(passed.length, "A story asserts as much as it plans").toBe(planned);
  });

  // Not a story: `supabase test db` may not take this role.
  test("The role that deletes accounts has no right on vault_secrets, and still removes their secrets", async () => {
    await database.exec(`
      insert into auth.users (id) values ('0a000000-0000-4000-8000-000000000001');
      insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
        values ('user', '0a000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.x');
      set session authorization supabase_auth_admin;
    `);
    await expect(database.exec("select key from public.vault_secrets")).rejects.toMatchObject({
      code: "42501",
    });
    await database.exec(`
      delete from auth.users where id = '0a000000-0000-4000-8000-000000000001';
      set session authorization project_owner;
    `);
    expect((await database.query("select key from public.vault_secrets")).rows).toEqual([]);
  });
});

test("There is a story for every actor", () => {
  const actors = ["owner.sql", "member.sql", "admin.sql", "stranger.sql", "anon.sql", "service_role.sql"];
  expect(storyFiles()).toEqual(expect.arrayContaining(actors));
});
