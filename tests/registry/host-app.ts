import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { readBlock } from "./docs.ts";
import { BARE_ENV, run } from "./processes.ts";

const PROJECT = resolve(import.meta.dirname, "../..");
/** Inside the project, so that files can be linked and need not be copied; git ignores it. */
export const WORK = join(PROJECT, ".data/registry");
const SHIPPED_MIGRATIONS = [
  "20260305_vault_secrets.sql",
  "20260315000000_vault_check.sql",
  "20260404000000_secret_details.sql",
];

/** An app that the vault is installed into. */
export interface Host {
  name: string;
  /** How its imports begin. */
  alias: "@" | "~";
  /** Where its sources are, below its folder: "" or "src/". */
  sources: string;
  /** Whether it has migrations that are newer than the vault's, and teams. */
  isBig: boolean;
}

export const HOSTS: Host[] = [
  { name: "flat", alias: "@", sources: "", isBig: false },
  { name: "src", alias: "~", sources: "src/", isBig: true },
];

/** A file of a built registry item. */
interface ItemFile {
  path: string;
  content: string;
  target: string;
}

/** Has the shadcn CLI build the registry, and returns the item's file. */
export async function buildRegistry(): Promise<string> {
  const output = join(WORK, "r");
  rmSync(output, { recursive: true, force: true });
  await run(join(PROJECT, "node_modules/.bin/shadcn"), ["build", "--output", output], { cwd: PROJECT });
  return join(output, "vault.json");
}

export const folderOf = ({ name }: Host) => join(WORK, name);
export const skeletonOf = ({ name }: Host) => join(import.meta.dirname, "hosts", name);

/** Makes a fresh copy of a host's skeleton, with this project's packages at hand. */
export function copyHost(host: Host): void {
  const folder = folderOf(host);
  rmSync(folder, { recursive: true, force: true });
  cpSync(skeletonOf(host), folder, { recursive: true });
  linkTree(join(PROJECT, "node_modules"), join(folder, "node_modules"));
}

/** A tree of links to the same files, as `cp -al` makes it; where links cannot be made, copies. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    // npm's own list of what is installed, which it would overwrite in place, and caches.
    if (entry.name === ".package-lock.json" || entry.name === ".cache" || entry.name.startsWith(".vite"))
      continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else {
      try {
        linkSync(source, target);
      } catch {
        copyFileSync(source, target);
      }
    }
  }
}

/** Step 1: the CLI adds the built item. */
export async function addItem(host: Host, item: string): Promise<void> {
  const bin = join(WORK, "bin");
  mkdirSync(bin, { recursive: true });
  const standIn = resolve(import.meta.dirname, "offline-npm.ts");
  writeFileSync(join(bin, "npm"), `#!/bin/sh\nexec "${process.execPath}" "${standIn}" "$@"\n`);
  chmodSync(join(bin, "npm"), 0o755);
  const realNpm = (process.env.PATH ?? "")
    .split(":")
    .map((part) => join(part, "npm"))
    .find(existsSync);
  const env = { ...BARE_ENV, PATH: `${bin}:${BARE_ENV.PATH}`, REAL_NPM: realNpm ?? "npm" };
  await run(join(PROJECT, "node_modules/.bin/shadcn"), ["add", item, "--yes"], { cwd: folderOf(host), env });
}

/** Where the CLI has to put a file of the item. */
function placeOf(host: Host, target: string): string {
  if (target.startsWith("~/")) return target.slice(2);
  return `${host.sources}${target.replace(/^@/, "")}`;
}

/** The files that {@link followDocs} wrote or moved, by host. */
const written = new Map<string, string[]>();

/**
 * Steps 2 to 5, and what docs/install.md says on teams, in the places and with the alias of this host.
 *
 * @param settings values for what its environment block lists
 */
export async function followDocs(host: Host, settings: Record<string, string>): Promise<void> {
  const folder = folderOf(host);
  const paths: string[] = [];
  written.set(host.name, paths);
  const write = (path: string, code: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), code);
    paths.push(path);
  };
  const adapt = (code: string) => code.replaceAll('"@/', `"${host.alias}/`);

  const names = [...readBlock(".env.local").matchAll(/^(\w+)=/gm)].map(([, name = ""]) => name);
  const lines = names.map((name) => {
    if (!settings[name]) throw new Error(`This test has no value for ${name} of docs/install.md.`);
    return `${name}=${settings[name]}\n`;
  });
  write(".env.local", lines.join(""));
  for (const path of ["instrumentation.ts", "app/vault/page.tsx", "app/api/ask/route.ts"]) {
    write(`${host.sources}${path}`, adapt(readBlock(path)));
  }
  if (!host.isBig) return;

  await run("bash", ["-c", `set -e\n${readBlock("newer-migrations")}`], { cwd: folder });
  const renamed = readdirSync(join(folder, "supabase/migrations")).filter(
    (file) =>
      /^\d{14}_(vault_secrets|vault_check|secret_details)\.sql$/.test(file) &&
      !SHIPPED_MIGRATIONS.includes(file),
  );
  paths.push(...renamed.map((file) => `supabase/migrations/${file}`));
  const hostFile = `${host.sources}lib/vault/host.ts`;
  const before = readFileSync(join(folder, hostFile), "utf8");
  const teams = adapt(readBlock("lib/vault/host.ts"));
  const after = before.replace(/^export const getTeamRole[^;]*;\n/m, () => teams);
  if (after === before) throw new Error("lib/vault/host.ts has no function getTeamRole.");
  write(hostFile, after);
  const migration = "supabase/migrations/YYYYMMDDHHMMSS_vault_teams.sql";
  write(migration.replace("YYYYMMDDHHMMSS", "20991231000000"), readBlock(migration));
}

/**
 * Compares the app with its skeleton and with what was shipped.
 *
 * @returns how many files were compared
 * @throws Error if something was changed, is missing or was added that docs/install.md does not speak of
 */
export function checkFiles(host: Host, item: string): string {
  const files: ItemFile[] = JSON.parse(readFileSync(item, "utf8")).files;
  const [skeleton, folder] = [skeletonOf(host), folderOf(host)];
  const byDocs = written.get(host.name) ?? [];
  const installed = new Map(files.map((file) => [placeOf(host, file.target), file.content]));
  if (host.isBig) for (const file of SHIPPED_MIGRATIONS) installed.delete(`supabase/migrations/${file}`);
  const own = listFiles(skeleton);
  const changed = ["package.json", `${host.sources}app/globals.css`];
  const wrong: string[] = [];
  const contains = (path: string, content: string) => readFileSync(join(folder, path), "utf8") === content;

  for (const path of own) {
    if (!changed.includes(path) && !contains(path, readFileSync(join(skeleton, path), "utf8"))) {
      wrong.push(`${path}, which is the app's own, has changed`);
    }
  }
  for (const [path, content] of installed) {
    if (own.includes(path)) wrong.push(`${path} is the app's own as well`);
    if (!existsSync(join(folder, path))) wrong.push(`${path} was not installed`);
    else if (!byDocs.includes(path) && !contains(path, content.replaceAll('"@/', `"${host.alias}/`))) {
      wrong.push(`${path} is not what was shipped`);
    }
  }
  const known = new Set([...own, ...installed.keys(), ...byDocs, "package-lock.json"]);
  for (const path of listFiles(folder)) if (!known.has(path)) wrong.push(`${path} comes from nowhere`);
  if (wrong.length > 0) throw new Error(`After the installation:\n${wrong.join("\n")}`);
  return `${installed.size} installed, ${own.length - changed.length} of the app's own untouched`;
}

const NOT_SOURCES = ["node_modules", ".next", "next-env.d.ts", "tsconfig.tsbuildinfo"];

/** The paths of an app's files, without what is installed or built. */
function listFiles(folder: string, below = folder): string[] {
  return readdirSync(below, { withFileTypes: true })
    .filter(({ name }) => !NOT_SOURCES.includes(name))
    .flatMap((entry) => {
      const path = join(below, entry.name);
      return entry.isDirectory() ? listFiles(folder, path) : [relative(folder, path)];
    });
}
