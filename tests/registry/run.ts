/**
 * `npm run test:registry`: takes the vault into two apps that are not this one, as docs/install.md says, and runs the
 * vault's own browser tests there.
 *
 * @example npm run test:registry -- flat
 */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { startNext } from "../../scripts/embedded/next-process.ts";
import { type Embedded, startEmbedded } from "../../scripts/embedded/server.ts";
import { startAnthropicStandIn } from "../support/anthropic-standin.ts";
import {
  OTHER_MASTER_KEY,
  TEST_JWT_SECRET,
  TEST_MASTER_KEY,
  TEST_PUBLISHABLE_KEY,
  TEST_SECRET_KEY,
} from "../support/keys.ts";
import {
  ANTHROPIC_PORT,
  ANTHROPIC_URL,
  APP_PORT,
  APP_URL,
  SUPABASE_PORT,
  SUPABASE_URL,
} from "../support/ports.ts";
import {
  addItem,
  buildRegistry,
  checkFiles,
  copyHost,
  folderOf,
  followDocs,
  HOSTS,
  type Host,
  skeletonOf,
  WORK,
} from "./host-app.ts";
import { BARE_ENV, endAll, run, statusOf } from "./processes.ts";

const PROJECT = join(import.meta.dirname, "../..");
/** What docs/install.md asks for. The apps have no other settings. */
const SETTINGS = {
  NEXT_PUBLIC_SUPABASE_URL: SUPABASE_URL,
  NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: TEST_PUBLISHABLE_KEY,
  SUPABASE_SECRET_KEY: TEST_SECRET_KEY,
  SITE_URL: APP_URL,
  VAULT_MASTER_KEY: TEST_MASTER_KEY,
};

// The WebAssembly of the hosts' databases is compiled in haste: to optimize it takes longer than they run.
setFlagsFromString("--liftoff-only");

let stopNext = () => {};

async function step<T>(what: string, work: () => Promise<T> | T): Promise<T> {
  const started = performance.now();
  const result = await work();
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`✓ ${what}${typeof result === "string" ? `: ${result}` : ""} (${seconds} s)`);
  return result;
}

const dataOf = (host: Host) => join(WORK, `${host.name}-database`);

/** Opens the host's database and applies what is new in a folder of migrations. */
function startSupabase(host: Host, app: string, report: (line: string) => void): Promise<Embedded> {
  return startEmbedded({
    dataDir: dataOf(host),
    port: SUPABASE_PORT,
    publishableKey: TEST_PUBLISHABLE_KEY,
    secretKey: TEST_SECRET_KEY,
    jwtSecret: TEST_JWT_SECRET,
    migrationsDir: join(app, "supabase/migrations"),
    siteUrl: APP_URL,
    report,
  });
}

/** The database as it was before the vault came, with what the vault and its host add to it. */
async function migrate(host: Host): Promise<Embedded> {
  rmSync(dataOf(host), { recursive: true, force: true });
  await (await startSupabase(host, skeletonOf(host), () => {})).close();
  const before = readdirSync(join(skeletonOf(host), "supabase/migrations"));
  const added = readdirSync(join(folderOf(host), "supabase/migrations")).filter(
    (file) => !before.includes(file),
  );
  // The rule of `supabase db push`, which the embedded Supabase does not have: versions are compared as text.
  const version = (file: string) => file.replace(/_.*/, "");
  const late = added.filter((file) => before.some((earlier) => version(earlier) >= version(file)));
  if (late.length > 0)
    throw new Error(`"supabase db push" would refuse ${late}, which sorts before ${before}.`);
  const applied: string[] = [];
  const supabase = await startSupabase(host, folderOf(host), (line) => applied.push(line));
  if (applied.length !== added.length) throw new Error(`Of ${added}, there were applied: ${applied}.`);
  return supabase;
}

/** Takes the vault into a fresh copy of the app, and builds that. */
async function install(host: Host, item: string): Promise<void> {
  const app = folderOf(host);
  const bin = (name: string) => join(app, "node_modules/.bin", name);
  const hostStep: typeof step = (what, work) => step(`${host.name}: ${what}`, work);
  await hostStep("A fresh copy of its skeleton", () => copyHost(host));
  await hostStep("Step 1: shadcn add, npm install", () => addItem(host, item));
  await hostStep("Steps 2 to 5, as docs/install.md says", () => followDocs(host, SETTINGS));
  await hostStep("The files", () => checkFiles(host, item));
  await hostStep("Types", async () => {
    await run(bin("next"), ["typegen"], { cwd: app });
    await run(bin("tsc"), ["--noEmit"], { cwd: app });
  });
  await hostStep("Production build", () => run(bin("next"), ["build"], { cwd: app }));
  await hostStep("Nothing of the app's own was changed by that", () => checkFiles(host, item));
}

async function testHost(host: Host): Promise<void> {
  const app = folderOf(host);
  console.log(`\n== The app "${host.name}", in ${app}`);
  await step("A malformed master key is found at the start", async () => {
    const login = `${APP_URL}/login`;
    const statuses = [
      await statusOf(app, login, { VAULT_MASTER_KEY: TEST_MASTER_KEY.slice(1) }),
      await statusOf(app, login, {}),
    ];
    if (statuses.join() !== "500,200") {
      throw new Error(`With a malformed key, and with a good one, the app answered ${statuses}.`);
    }
  });
  const supabase = await step("The migrations", () => migrate(host));
  const env = { ...BARE_ENV, NODE_ENV: "production" as const, ANTHROPIC_BASE_URL: ANTHROPIC_URL };
  const next = startNext("start", app, APP_PORT, env);
  stopNext = next.kill;
  try {
    await Promise.race([
      next.ready(),
      next.exited.then((code) => {
        throw new Error(`The app ended with ${code}.`);
      }),
    ]);
    await step("The vault's own browser tests, and those of the installation", () =>
      run(
        join(PROJECT, "node_modules/.bin/playwright"),
        ["test", "--config", "tests/registry/playwright.config.ts"],
        {
          cwd: PROJECT,
          env: {
            ...BARE_ENV,
            TEST_PORT_BASE: String(APP_PORT),
            VAULT_PAGE: "/vault",
            HOST_DATABASE: dataOf(host),
            HOST_HAS_TEAMS: host.isBig ? "yes" : "no",
          },
          show: true,
        },
      ),
    );
    await next.stop();
    await step("Another master key than the database's is found at the start", async () => {
      const login = `${APP_URL}/login`;
      const statuses = [
        await statusOf(app, login, { VAULT_MASTER_KEY: OTHER_MASTER_KEY }),
        await statusOf(app, login, {}),
      ];
      if (statuses.join() !== "500,200") {
        throw new Error(`With another key, and with its own, the app answered ${statuses}.`);
      }
    });
  } finally {
    await next.stop();
    await supabase.close();
  }
}

function onSignal(): void {
  endAll();
  stopNext();
  process.exit(130);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);

const names = process.argv.slice(2);
const unknown = names.find((name) => !HOSTS.some((host) => host.name === name));
if (unknown)
  throw new Error(`There is no host "${unknown}", only ${HOSTS.map(({ name }) => name).join(" and ")}.`);
await startAnthropicStandIn({ port: ANTHROPIC_PORT, inspect: true });
try {
  const item = await step("shadcn build", buildRegistry);
  const hosts = HOSTS.filter(({ name }) => names.length === 0 || names.includes(name));
  console.log(`\n== ${hosts.map(folderOf).join(" and ")}`);
  await Promise.all(hosts.map((host) => install(host, item)));
  for (const host of hosts) await testHost(host);
  console.log("\nThe vault works in each of these apps.");
} catch (error) {
  console.error(`\n✗ ${error instanceof Error ? error.message : error}`);
  endAll();
  process.exit(1);
}
process.exit(0);
