import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

// What docs/hosted.md says of hosted Supabase, and only the text of the code can keep.

const withoutComments = (sql: string) => sql.replaceAll(/--.*/g, "");
const migrations = [...globSync("supabase/migrations/*.sql"), ...globSync("registry/*.sql")];

const CHANGES =
  /\b(update\s+(only\s+)?[a-z_]+\.[a-z_]+|delete\s+from\s+[a-z_.]+|truncate\s+[a-z_.]+)[^;]*;/gi;

/** Of a statement, what isn't inside of parentheses: their `where` is of another one. */
function ownPartOf(statement: string): string {
  let depth = 0;
  let own = "";
  for (const character of statement) {
    if (character === ")") depth -= 1;
    // The end of the parentheses around it.
    if (depth < 0) break;
    if (depth === 0) own += character;
    if (character === "(") depth += 1;
  }
  return own;
}

it("each update and delete of the migrations says which rows", () => {
  const changes = migrations.flatMap((path) =>
    [...withoutComments(readFileSync(path, "utf8")).matchAll(CHANGES)].map(([statement]) =>
      ownPartOf(statement),
    ),
  );
  expect(changes.length).toBeGreaterThan(40);
  expect(changes.filter((statement) => !/\bwhere\b/i.test(statement))).toEqual([]);
});

it("the migrations need no extension", () => {
  const needed = migrations.filter((path) =>
    /create\s+extension|\bextensions\./i.test(withoutComments(readFileSync(path, "utf8"))),
  );
  expect(needed).toEqual([]);
});

it("no code asks an admin endpoint of Auth", () => {
  const code = globSync("{app,lib,components,registry,scripts}/**/*.{ts,tsx}");
  expect(code.length).toBeGreaterThan(300);
  expect(code.filter((path) => /\.auth\.admin\b|auth\/v1\/admin/.test(readFileSync(path, "utf8")))).toEqual(
    [],
  );
});
