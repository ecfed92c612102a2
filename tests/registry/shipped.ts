import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readBlock } from "./docs.ts";

const PROJECT = resolve(import.meta.dirname, "../..");

/** What docs/install.md has people write themselves. */
const BY_HAND = ["instrumentation.ts", "app/vault/page.tsx", "app/api/ask/route.ts"];

/**
 * Copies what the registry item ships, and what docs/install.md adds, to where an app with the alias `@/` has it. Unlike the
 * CLI, this needs no app, and takes no time.
 *
 * @param folder is emptied first
 */
export function copyShipped(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const registry = JSON.parse(readFileSync(join(PROJECT, "registry.json"), "utf8"));
  for (const { path, target } of registry.items[0].files as { path: string; target: string }[]) {
    const place = join(folder, target.replace(/^[@~]\/?/, ""));
    mkdirSync(dirname(place), { recursive: true });
    copyFileSync(join(PROJECT, path), place);
  }
  for (const path of BY_HAND) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), readBlock(path));
  }
}
