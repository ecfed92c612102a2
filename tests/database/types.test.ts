import { readFileSync } from "node:fs";
import { expect, expectTypeOf, test } from "vitest";
import { generateTypes, TYPES_FILE } from "../../scripts/generate-types.ts";
import type { Database, VaultSecret } from "../../types/database.ts";
import { openBareDatabase } from "../support/bare-postgres.ts";

type Table = Database["public"]["Tables"]["vault_secrets"];

test("types/database.ts is what the migrations make of it", async () => {
  const database = await openBareDatabase();
  const generated = await generateTypes(database);
  await database.close();
  const hint = "types/database.ts is not what supabase/migrations produces. Run: npm run db:types";
  expect(readFileSync(TYPES_FILE, "utf8"), hint).toBe(generated);
});

test("The generator knows nulls, lists, JSON, literals and one-to-one references", async () => {
  const database = await openBareDatabase();
  await database.exec(`create table public.notes (
    team_id uuid primary key references public.teams (id),
    tags text[] not null,
    mood text check (mood in ('good', 'don''t ask')),
    data jsonb not null default '{}'
  )`);
  const generated = (await generateTypes(database)).replace(/\s+/g, " ");
  await database.close();
  expect(generated).toContain(
    `notes: { Row: { data: Json; mood: "good" | "don't ask" | null; tags: string[]; team_id: string }; ` +
      `Insert: { data?: Json; mood?: "good" | "don't ask" | null; tags: string[]; team_id: string }; ` +
      `Update: { data?: Json; mood?: "good" | "don't ask" | null; tags?: string[]; team_id?: string }; ` +
      'Relationships: [ { foreignKeyName: "notes_team_id_fkey"; columns: ["team_id"]; isOneToOne: true; ' +
      'referencedRelation: "teams"; referencedColumns: ["id"]; }, ];',
  );
});

test("The generator refuses what it cannot translate, rather than leave it out", async () => {
  const database = await openBareDatabase();
  await database.exec("create materialized view public.secret_names as select key from public.vault_secrets");
  await expect(generateTypes(database)).rejects.toThrow("secret_names");
  await database.exec(
    "drop materialized view public.secret_names; alter table public.teams add column at point",
  );
  await expect(generateTypes(database)).rejects.toThrow("point (teams.at)");
  await database.close();
});

// tsc checks what these say.

test("VaultSecret is a row of vault_secrets, column by column", () => {
  expectTypeOf<VaultSecret>().toEqualTypeOf<Table["Row"]>();
});

test("An insert has to name what the database does not fill in", () => {
  type Required = Pick<Table["Row"], "owner_type" | "owner_id" | "key" | "encrypted_value">;
  expectTypeOf<Required>().toExtend<Table["Insert"]>();
  expectTypeOf<Omit<Required, "encrypted_value">>().not.toExtend<Table["Insert"]>();
  expectTypeOf<Table["Update"]>().toEqualTypeOf<Partial<Table["Row"]>>();
});
