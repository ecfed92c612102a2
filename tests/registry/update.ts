import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renameMigrations, runBlock } from "./follow.ts";
import { appOf, folderOf, type Host, migrationsOf, WORK } from "./hosts.ts";
import { type Item, readItem } from "./item.ts";
import { run } from "./processes.ts";

// In what the older version of the item is different.
const NEW_FILE = "lib/vault/hint.ts";
const NEW_MIGRATION = "20260406000000_vault_policies.sql";
const CHANGED_FILE = "lib/vault/compare.ts";
const FORMER_FILE = "lib/vault/former.ts";
const NEW_FUNCTION = "afterCheck";
/** That function of host.ts, with its comment. */
const FUNCTION = new RegExp(`\n/\\*\\*(?:(?!\\*/)[^])*\\*/\nexport const ${NEW_FUNCTION}\\b[^;]*;\n`);

/** The content of the item's host.ts. */
function hostFile(item: Item) {
  const file = item.files.find(({ target }) => target === "@lib/vault/host.ts");
  if (!file) throw new Error("The item has no host.ts.");
  return file;
}

/**
 * An older version of the item: a file, a migration, and a function of host.ts are not there yet, one file is different, and
 * there is one that the newer version lacks.
 *
 * @returns its file
 */
export function makeOlderItem(current: string): string {
  const item = readItem(current);
  const files = item.files.filter(({ path }) => path !== NEW_FILE && !path.endsWith(NEW_MIGRATION));
  const changed = files.find(({ path }) => path === CHANGED_FILE);
  const host = hostFile(item);
  if (files.length !== item.files.length - 2 || !changed || !FUNCTION.test(host.content)) {
    throw new Error(
      "The item lacks what would be new in it. Name something else in tests/registry/update.ts.",
    );
  }
  host.content = host.content.replace(FUNCTION, "");
  changed.content += "\nexport const isOlder = true;\n";
  const content = "export const isFormer = true;\n";
  files.push({ path: FORMER_FILE, type: "registry:lib", target: `@${FORMER_FILE}`, content });
  const folder = join(WORK, "r/older");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "vault.json"), JSON.stringify({ ...item, files }));
  return join(folder, "vault.json");
}

/** The migrations as they were before the update. */
export const olderMigrationsOf = (host: Host) => join(WORK, `${host.name}-older-migrations`);

/**
 * What docs/install.md says on updates, in a host that has the older version.
 *
 * @param current the newer version's file
 * @returns the paths of the new migrations, below the host's app
 * @throws Error if something of the person's is lost, or something that changed is not named
 */
export async function update(host: Host, current: string): Promise<string[]> {
  const app = appOf(host);
  const item = readItem(current);
  const place = (path: string) => join(app, host.sources, path);
  const git = (...parameters: string[]) =>
    run("git", ["-c", "user.name=Host", "-c", "user.email=host@example.com", ...parameters], {
      cwd: folderOf(host),
    });
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "With the older vault");
  rmSync(olderMigrationsOf(host), { recursive: true, force: true });
  cpSync(migrationsOf(host), olderMigrationsOf(host), { recursive: true });
  const before = readFileSync(place("lib/vault/host.ts"), "utf8");

  const said = await runBlock(host, "update", current);
  const status = said.split("\n").filter((line) => /^( M| D|\?\?) /.test(line));
  const expected = [
    ` D ${host.sources}${FORMER_FILE}`,
    ` M ${host.sources}${CHANGED_FILE}`,
    `?? ${host.sources}${NEW_FILE}`,
    `?? supabase/migrations/${NEW_MIGRATION}`,
  ];
  if (status.sort().join() !== expected.sort().join()) throw new Error(`The update named:\n${said}`);
  if (readFileSync(place("lib/vault/host.ts"), "utf8") !== before) throw new Error("host.ts has changed.");

  const renamed = await renameMigrations(host);
  await run(join(app, "node_modules/.bin/next"), ["typegen"], { cwd: app });
  const types = () => run(join(app, "node_modules/.bin/tsc"), ["--noEmit"], { cwd: app });
  const named = await types().then(() => "nothing", String);
  if (!named.includes(`'${NEW_FUNCTION}'`)) throw new Error(`tsc named ${named}, not ${NEW_FUNCTION}.`);
  const added = hostFile(item).content.match(FUNCTION)?.[0].replaceAll('"@/', `"${host.alias}/`);
  writeFileSync(place("lib/vault/host.ts"), before + added);
  await types();
  return renamed;
}
