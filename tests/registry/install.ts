import { join } from "node:path";
import { TEST_MASTER_KEY, TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../support/keys.ts";
import { APP_URL, SUPABASE_URL } from "../support/ports.ts";
import { checkFiles } from "./files.ts";
import { addItem, followDocs, renameMigrations } from "./follow.ts";
import { appOf, type Host } from "./hosts.ts";
import { readItem } from "./item.ts";
import { copyHost } from "./packages.ts";
import { run } from "./processes.ts";
import { step } from "./step.ts";
import { makeOlderItem, update } from "./update.ts";
import { addUsage, readItems } from "./usage.ts";

/** What docs/install.md asks for. The apps have no other settings. */
const SETTINGS = {
  NEXT_PUBLIC_SUPABASE_URL: SUPABASE_URL,
  NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: TEST_PUBLISHABLE_KEY,
  SUPABASE_SECRET_KEY: TEST_SECRET_KEY,
  SITE_URL: APP_URL,
  VAULT_MASTER_KEY: TEST_MASTER_KEY,
};

/**
 * Takes the vault into a fresh copy of an app, and builds that. An app that is updated gets an older vault first.
 *
 * @param current the item's file
 */
export async function install(host: Host, current: string): Promise<void> {
  const hostStep: typeof step = (what, work) => step(`${host.name}: ${what}`, work);
  await hostStep("A fresh copy of its skeleton", () => copyHost(host));
  const item = host.isUpdated ? makeOlderItem(current) : current;
  await hostStep("Step 1: shadcn add, npm install", () => addItem(host, item));
  const written = followDocs(host, SETTINGS);
  if (host.isUpdated) written.push(...(await renameMigrations(host, "202605010000")));
  await hostStep("The files after steps 2 to 5", () => checkFiles(host, readItem(item), written));
  if (host.isUpdated) {
    written.push(...(await hostStep("An update from that older vault", () => update(host, current))));
    checkFiles(host, readItem(current), written);
  }
  written.push(...(await hostStep("The second item, if the app has it", () => addUsage(host, current))));
  await hostStep("Production build", () => build(host));
  await hostStep("Nothing of the app's own was changed by that", () =>
    checkFiles(host, readItems(host, current), written),
  );
}

/** The app's production build, which checks its types, and in Next 15 runs ESLint. */
export async function build(host: Host): Promise<void> {
  await run(join(appOf(host), "node_modules/.bin/next"), ["build"], { cwd: appOf(host) });
}
