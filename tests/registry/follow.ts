import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Page, readBlock } from "./docs.ts";
import { appOf, type Host, migrationsOf, PROJECT, WORK } from "./hosts.ts";
import { BARE_ENV, run } from "./processes.ts";

const CLI = join(PROJECT, "node_modules/.bin/shadcn");

/** The environment of the shadcn CLI, with package managers that need no network. */
function cliEnv(): Record<string, string> {
  const bin = join(WORK, "bin");
  mkdirSync(bin, { recursive: true });
  const standIn = resolve(import.meta.dirname, "offline-npm.ts");
  for (const name of ["npm", "pnpm"]) {
    writeFileSync(join(bin, name), `#!/bin/sh\nexec "${process.execPath}" "${standIn}" "$@"\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const realNpm = (process.env.PATH ?? "")
    .split(":")
    .map((part) => join(part, "npm"))
    .find(existsSync);
  return { ...BARE_ENV, PATH: `${bin}:${BARE_ENV.PATH}`, REAL_NPM: realNpm ?? "npm" };
}

/** Step 1: the CLI adds the built item. */
export async function addItem(host: Host, item: string): Promise<void> {
  await run(CLI, ["add", item, "--yes"], { cwd: appOf(host), env: cliEnv() });
}

/**
 * Runs a code block of the docs in the host's app, with its own folders and this item.
 *
 * @returns what it says
 */
export function runBlock(host: Host, name: string, item = "", page?: Page): Promise<string> {
  const code = readBlock(name, page)
    .replaceAll(/npx shadcn@[\d.]+/g, `"${CLI}"`)
    .replaceAll(/OWNER\/REPO\/[\w-]+/g, `"${item}"`)
    .replaceAll(/(?<= )(?=(lib|components|app|instrumentation)\b)/g, host.sources);
  return run("bash", ["-c", `set -e\n${code}`], { cwd: appOf(host), env: cliEnv() });
}

/** Where the docs say what to do for which teams. */
const TEAMS: Record<NonNullable<Host["teams"]>, { page: Page; migration: string }> = {
  team_members: { page: "install.md", migration: "supabase/migrations/YYYYMMDDHHMMSS_vault_teams.sql" },
  accounts: { page: "host-examples.md", migration: "basejump" },
};

/** The host's alias in place of the one of the docs. */
export const adapt = (host: Host, code: string) => code.replaceAll('"@/', `"${host.alias}/`);

/**
 * Steps 2 to 5, and what the docs say on teams, in the places and with the alias of this host.
 *
 * @param settings values for what the environment block of docs/install.md lists
 * @returns the paths of the files that this wrote, below the host's app
 */
export function followDocs(host: Host, settings: Record<string, string>): string[] {
  const paths: string[] = [];
  const write = (path: string, code: string) => {
    mkdirSync(dirname(join(appOf(host), path)), { recursive: true });
    writeFileSync(join(appOf(host), path), code);
    paths.push(path);
  };

  const names = [...readBlock(".env.local").matchAll(/^(\w+)=/gm)].map(([, name = ""]) => name);
  const lines = names.map((name) => {
    if (!settings[name]) throw new Error(`This test has no value for ${name} of docs/install.md.`);
    return `${name}=${settings[name]}\n`;
  });
  write(".env.local", lines.join(""));
  for (const path of ["instrumentation.ts", "app/vault/page.tsx", "app/api/ask/route.ts"]) {
    write(`${host.sources}${path}`, adapt(host, readBlock(path)));
  }
  if (host.teams) {
    const { page, migration } = TEAMS[host.teams];
    const path = `${host.sources}lib/vault/host.ts`;
    const before = readFileSync(join(appOf(host), path), "utf8");
    const role = adapt(host, readBlock("lib/vault/host.ts", page));
    const after = before.replace(/^export const getTeamRole[^;]*;\n/m, () => role);
    if (after === before) throw new Error("lib/vault/host.ts has no function getTeamRole.");
    write(path, after);
    write("supabase/migrations/20260502000000_vault_teams.sql", readBlock(migration, page));
  }
  return paths;
}

/**
 * Gives migrations that were just added a current version, as docs/install.md says for hosts with newer ones.
 *
 * @param now the version's first 12 digits; the present unless told
 * @returns the new paths
 */
export async function renameMigrations(host: Host, now?: string): Promise<string[]> {
  const list = () => readdirSync(migrationsOf(host)).map((file) => `supabase/migrations/${file}`);
  const before = list();
  // What is not there was renamed when it came.
  const lines = readBlock("newer-migrations")
    .split("\n")
    .filter((line) => !line.startsWith("mv ") || before.includes(line.split(" ")[1] ?? ""));
  const clock = now ? `date() { echo ${now}; }\n` : "";
  await run("bash", ["-c", `set -e\n${clock}${lines.join("\n")}`], { cwd: appOf(host) });
  return list().filter((path) => !before.includes(path));
}
