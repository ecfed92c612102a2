import "./support/next-modules.ts";
import { createClient } from "@supabase/supabase-js";
import { TEST_MASTER_KEY, TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../tests/support/keys.ts";
import { type Database, type Engine, engines, startDatabase } from "./support/database.ts";
import { interleave, median, ratio, type Series, spread } from "./support/measure.ts";
import { number, type Table, times } from "./support/table.ts";

// What stands in the way of every call to a provider: from the service to the database and back. Each engine has
// three databases, and every round asks all of them.

const SIZES = [1_000, 100_000, 1_000_000];
const ROUNDS = 150;
const KEY = "ANTHROPIC_API_KEY";
const VALUE = "sk-ant-test-not-real-".padEnd(108, "x");
const AT_MOST = 1.15;
const FLAT = 1.2;

interface Work {
  name: string;
  size: number;
  run: () => Promise<unknown>;
}

const BARE = "bare select of one row";

/** What is asked of one database, by people who were made for it. */
async function workOn({ url }: Database, size: number): Promise<Work[]> {
  Object.assign(process.env, {
    SITE_URL: "http://localhost:3000",
    NEXT_PUBLIC_SUPABASE_URL: url,
    NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: TEST_PUBLISHABLE_KEY,
    SUPABASE_SECRET_KEY: TEST_SECRET_KEY,
    VAULT_MASTER_KEY: TEST_MASTER_KEY,
    ANTHROPIC_API_KEY: VALUE,
  });
  // Each of its own, so that it keeps the database which the environment names now.
  const service: typeof import("../lib/vault/service.ts") = await import(`../lib/vault/service.ts?${url}`);
  const { adminClient }: typeof import("../lib/supabase/admin.ts") = await import(
    `../lib/supabase/admin.ts?${url}`
  );
  const admin = adminClient();
  const owner = await signUp(url);
  const member = await signUp(url);
  const { data: team } = await admin
    .from("teams")
    .insert({ name: "Bench" })
    .select("id")
    .single()
    .throwOnError();
  for (const user_id of [owner, member]) {
    await admin.from("team_members").insert({ team_id: team.id, user_id, role: "admin" }).throwOnError();
  }
  await service.setSecret({ type: "user", id: owner }, { key: KEY, value: VALUE });
  await service.setSecret({ type: "team", id: team.id }, { key: KEY, value: VALUE });
  const { data: other } = await admin
    .from("teams")
    .insert({ name: "Empty" })
    .select("id")
    .single()
    .throwOnError();

  const bare = async () =>
    admin
      .from("vault_secrets")
      .select("encrypted_value")
      .eq("owner_type", "user")
      .eq("owner_id", owner)
      .eq("key", KEY)
      .maybeSingle()
      .throwOnError();
  const resolve = (name: string, userId: string, teamId: string | null, source: string): Work => ({
    name,
    size,
    run: async () => {
      const resolved = await service.resolveSecretWithSource(userId, teamId, KEY);
      if (resolved?.source !== source || resolved.value !== VALUE)
        throw new Error(`${name}: ${resolved?.source}`);
    },
  });
  return [
    { name: BARE, size, run: bare },
    resolve("resolve: the person's, without a team", owner, null, "user"),
    resolve("resolve: the person's, before the team's", owner, team.id, "user"),
    resolve("resolve: the team's", member, team.id, "team"),
    resolve("resolve: the environment's", member, other.id, "env"),
  ];
}

async function signUp(url: string): Promise<string> {
  const { auth } = createClient(url, TEST_PUBLISHABLE_KEY, { auth: { persistSession: false } });
  const email = `person-${crypto.randomUUID()}@example.com`;
  const { data, error } = await auth.signUp({ email, password: "a-long-test-password" });
  if (error || !data.user) throw error ?? new Error("No user.");
  return data.user.id;
}

async function measure(engine: Engine): Promise<Table> {
  const databases: Database[] = [];
  try {
    const works: Work[] = [];
    for (const size of SIZES) {
      const database = await startDatabase(engine, size);
      databases.push(database);
      works.push(...(await workOn(database, size)));
    }
    const measured = await interleave(works, { rounds: ROUNDS, warmUp: 100 }, async ({ run }) => {
      const from = performance.now();
      await run();
      return performance.now() - from;
    });
    return tableOf(engine, works, measured);
  } finally {
    for (const database of databases) await database.stop();
  }
}

function tableOf(engine: Engine, works: Work[], measured: Map<Work, Series>): Table {
  const names = [...new Set(works.map(({ name }) => name))];
  const series = (name: string, size: number) => {
    const work = works.find((one) => one.name === name && one.size === size);
    return (work && measured.get(work)) ?? [];
  };
  const [small = 0, ...larger] = SIZES;
  const largest = larger.at(-1) ?? small;
  const overhead = (name: string) =>
    median(SIZES.map((size) => ratio(series(name, size), series(BARE, size))));
  const growth = (name: string) => ratio(series(name, largest), series(name, small));
  const resolving = names.filter((name) => name !== BARE);
  return {
    title: `Resolve, on ${engine}`,
    text:
      `Milliseconds from the service to the database and back, one call at a time, median of ${ROUNDS} rounds, with that ` +
      "many secrets in the table. For comparison, one select of one row through the same client.",
    columns: ["", ...SIZES.map((size) => size.toLocaleString("en")), "spread", "× bare", "× of 1,000 rows"],
    rows: names.map((name) => [
      name,
      ...SIZES.map((size) => number(median(series(name, size)), 2)),
      `±${spread(series(name, largest)).toFixed(0)} %`,
      times(overhead(name)),
      times(growth(name)),
    ]),
    bounds: [
      {
        what: "× bare, the slowest of them",
        value: Math.max(...resolving.map(overhead)),
        at: "most",
        limit: AT_MOST,
      },
      {
        what: "a million rows, × a thousand",
        value: Math.max(...resolving.map(growth)),
        at: "most",
        limit: FLAT,
      },
    ],
  };
}

export async function run(): Promise<Table[]> {
  const tables: Table[] = [];
  for (const engine of engines()) tables.push(await measure(engine));
  return tables;
}
