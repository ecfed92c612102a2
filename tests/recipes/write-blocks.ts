/** Writes the code blocks of docs/recipes.md to files, so that they are type-checked and run as they are. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readBlocks } from "../registry/docs.ts";

const FOLDER = join(import.meta.dirname, "blocks");

rmSync(FOLDER, { recursive: true, force: true });
for (const { name, code } of readBlocks("recipes.md")) {
  const file = join(FOLDER, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, code);
}
