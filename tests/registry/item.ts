import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Host, PROJECT, WORK } from "./hosts.ts";
import { run } from "./processes.ts";

/** A file of a built registry item. */
interface ItemFile {
  path: string;
  type: string;
  content: string;
  target: string;
}

/** A built registry item: what of it is read here. */
export interface Item {
  files: ItemFile[];
}

/** Has the shadcn CLI build the registry, and returns the item's file. */
export async function buildRegistry(): Promise<string> {
  const output = join(WORK, "r");
  rmSync(output, { recursive: true, force: true });
  await run(join(PROJECT, "node_modules/.bin/shadcn"), ["build", "--output", output], { cwd: PROJECT });
  return join(output, "vault.json");
}

export const readItem = (file: string): Item => JSON.parse(readFileSync(file, "utf8"));

/** Where the CLI has to put a file of the item, below the host's app. */
export function placeOf(host: Host, { target }: ItemFile): string {
  if (target.startsWith("~/")) return target.slice(2);
  return `${host.sources}${target.replace(/^@/, "")}`;
}
