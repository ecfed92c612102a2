import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readBlock, readPage } from "./docs.ts";
import { adapt, addItem, runBlock } from "./follow.ts";
import { appOf, type Host, migrationsOf } from "./hosts.ts";
import { type Item, readItem } from "./item.ts";
import { offerPackages } from "./packages.ts";
import { run } from "./processes.ts";

// What docs/with-key.md says of the second item, `vault-usage`, in an app that has the vault.

const PAGE = "with-key.md";
const REMOVAL = "YYYYMMDDHHMMSS_remove_vault_usage.sql";
const WRITTEN = [
  "lib/anthropic.ts",
  "app/api/summaries/route.ts",
  "app/api/summaries/stream/route.ts",
  "app/api/jobs/digest/route.ts",
  "app/usage/page.tsx",
];

/** Whether an app takes in the second item, too: it's the one whose table of teams docs/with-key.md names. */
export const hasUsage = ({ teams }: Host) => teams === "team_members";

/** The browser tests of an app that lends no key, and of one that does. */
export const USAGE_TESTS = ["registry/usage.spec.ts"];
export const LENDING_TESTS = ["registry/lending.spec.ts"];

export const CRON_SECRET = "cron-secret-not-real";
export const USAGE_SETTINGS = { CRON_SECRET };
/** A few calls' worth. */
export const LENDING = { ANTHROPIC_API_KEY: "sk-ant-test-platform-not-real", PLATFORM_DAILY_USD: "0.001" };

const usageItem = (vault: string) => join(dirname(vault), "vault-usage.json");

/** All that an app has taken in. */
export function readItems(host: Host, vault: string): Item {
  const items = [vault, ...(hasUsage(host) ? [usageItem(vault)] : [])].map(readItem);
  return { files: items.flatMap(({ files }) => files) };
}

/**
 * Adds the second item, follows its page, and lends a key, as docs/install.md says.
 *
 * @param vault the first item's file
 * @returns the paths of the files that this wrote, below the host's app
 */
export async function addUsage(host: Host, vault: string): Promise<string[]> {
  if (!hasUsage(host)) return [];
  const app = appOf(host);
  offerPackages(host);
  await addItem(host, usageItem(vault));
  await runBlock(host, "newer-migrations", "", PAGE);
  for (const path of WRITTEN) write(join(app, host.sources, path), adapt(host, readBlock(path, PAGE)));
  lend(join(app, host.sources, "lib/vault/host.ts"));
  await update(host, vault);
  const migrations = readdirSync(migrationsOf(host)).filter((file) => file.endsWith("_vault_usage.sql"));
  return [
    ...migrations.map((file) => `supabase/migrations/${file}`),
    ...WRITTEN.map((path) => `${host.sources}${path}`),
  ];
}

function write(path: string, code: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, code);
}

/** What docs/install.md says on keys that an app lends, in its host.ts. */
function lend(file: string): void {
  const page = readPage("install.md");
  const [, own] = page.match(/^(const own = .+;)$/m) ?? [];
  const [, member] = page.match(/^ {2}(platformKeys: .+,)$/m) ?? [];
  const before = readFileSync(file, "utf8");
  const after = before
    .replace(/^ {2}return \{\n(?= {4}siteOrigin)/m, `  ${own}\n$&`)
    .replace("platformKeys: new Map(),", `${member}`);
  if (!own || !member || !after.includes(own) || !after.includes(member))
    throw new Error("docs/install.md or host.ts says something else on keys that are lent.");
  writeFileSync(file, after);
}

/** What the page says on updates: the same version once more, which leaves everything as it was. */
async function update(host: Host, vault: string): Promise<void> {
  const file = join(appOf(host), host.sources, "lib/vault-usage/host.ts");
  writeFileSync(
    file,
    readFileSync(file, "utf8").replace('DEFAULT_DAILY_USD = "5"', 'DEFAULT_DAILY_USD = "3"'),
  );
  const git = (...parameters: string[]) =>
    run("git", ["-c", "user.name=Host", "-c", "user.email=host@example.com", ...parameters], {
      cwd: appOf(host),
    });
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "With the second item");
  await runBlock(host, "update", usageItem(vault), PAGE);
  const status = await git("status", "--short", "--untracked-files=all");
  if (status !== "") throw new Error(`The update of the second item has changed:\n${status}`);
}

/**
 * What the page says on a removal.
 *
 * @returns the migrations that were added and are not applied yet
 */
export async function removeUsage(host: Host): Promise<string[]> {
  if (!hasUsage(host)) return [];
  await runBlock(host, "remove", "", PAGE);
  // Before the vault's own, as the page about that comes after this one then.
  const migration = REMOVAL.replace("YYYYMMDDHHMMSS", "20991230000000");
  write(join(migrationsOf(host), migration), readBlock(`supabase/migrations/${REMOVAL}`, PAGE));
  return [migration];
}
