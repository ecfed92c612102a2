import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Page, readBlock } from "./docs.ts";

const PROJECT = resolve(import.meta.dirname, "../..");

/** What the pages have people write themselves. */
const BY_HAND: Record<Exclude<Page, "recipes.md">, string[]> = {
  "install.md": ["instrumentation.ts", "app/vault/page.tsx", "app/api/ask/route.ts"],
  "with-key.md": [
    "lib/anthropic.ts",
    "app/api/summaries/route.ts",
    "app/api/summaries/stream/route.ts",
    "app/api/jobs/digest/route.ts",
    "app/usage/page.tsx",
  ],
};

/**
 * Copies what the registry items ship, and what their pages add, to where an app with the alias `@/` has it. Unlike the
 * CLI, this needs no app, and takes no time.
 *
 * @param folder is emptied first
 */
export function copyShipped(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const registry = JSON.parse(readFileSync(join(PROJECT, "registry.json"), "utf8"));
  const items = registry.items as { files: { path: string; target: string }[] }[];
  for (const { path, target } of items.flatMap(({ files }) => files)) {
    const place = join(folder, target.replace(/^[@~]\/?/, ""));
    mkdirSync(dirname(place), { recursive: true });
    copyFileSync(join(PROJECT, path), place);
  }
  for (const [page, paths] of Object.entries(BY_HAND) as [Page, string[]][]) {
    for (const path of paths) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), readBlock(path, page));
    }
  }
}
