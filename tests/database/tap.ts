import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Database } from "../support/bare-postgres.ts";

const FOLDER = join(import.meta.dirname, "../../supabase/tests");

/** The pgTAP files, one story each. */
export function storyFiles(): string[] {
  return readdirSync(FOLDER).filter((file) => file.endsWith(".sql"));
}

interface StoryResult {
  planned: number;
  /** The sentences of the assertions that held. */
  passed: string[];
  /** The sentences of those that did not, with what pgTAP says about each. */
  failed: string[];
}

/**
 * Runs one story. The file opens a transaction and rolls it back itself, so the database is as it was.
 *
 * @throws what Postgres throws where a statement outside an assertion fails
 */
export async function runStory(database: Database, file: string): Promise<StoryResult> {
  try {
    const results = await database.exec(readFileSync(join(FOLDER, file), "utf8"), { rowMode: "array" });
    return parseTap(results.flatMap(({ rows }) => (rows as unknown[][]).map(([line]) => String(line))));
  } catch (error) {
    await database.exec("rollback");
    throw error;
  }
}

/** Reads TAP (https://testanything.org), one entry an assertion: its comments follow it in the same entry. */
function parseTap(entries: string[]): StoryResult {
  const result: StoryResult = { planned: 0, passed: [], failed: [] };
  for (const entry of entries) {
    const plan = /^1\.\.(\d+)$/.exec(entry);
    const held = /^ok \d+ - (.+)$/.exec(entry);
    const broken = /^not ok \d+ - (.+)$/s.exec(entry);
    if (plan) result.planned = Number(plan[1]);
    if (held?.[1]) result.passed.push(held[1]);
    if (broken?.[1]) result.failed.push(broken[1]);
  }
  return result;
}
