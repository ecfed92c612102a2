import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createPgliteConnection } from "@supabase/lite/pglite";
import { type Embedded, startEmbedded } from "../../scripts/embedded/server.ts";
import type { Database } from "../support/bare-postgres.ts";
import { copyCluster } from "../support/cluster.ts";
import { TEST_JWT_SECRET, TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../support/keys.ts";
import { APP_URL, SUPABASE_PORT } from "../support/ports.ts";
import { type Host, WORK } from "./hosts.ts";

/** The folder of a host's database. */
export const dataOf = (host: Host) => join(WORK, `${host.name}-database`);

export function forgetDatabase(host: Host): void {
  rmSync(dataOf(host), { recursive: true, force: true });
}

/**
 * Opens the host's database and applies what is new in a folder of migrations, by the rule of `supabase db push`, which the
 * embedded Supabase does not have: versions are compared as text, and one that sorts before an applied one is refused.
 *
 * @param applied what was applied before; what is applied now is added
 */
export async function startSupabase(host: Host, folder: string, applied: string[]): Promise<Embedded> {
  const added = readdirSync(folder).filter((file) => !applied.includes(file));
  const version = (file: string) => file.replace(/_.*/, "");
  const late = added.filter((file) => applied.some((earlier) => version(earlier) >= version(file)));
  if (late.length > 0) throw new Error(`"supabase db push" would refuse ${late}: it has ${applied}.`);
  const reported: string[] = [];
  if (!existsSync(dataOf(host))) await copyCluster(dataOf(host));
  const supabase = await startEmbedded({
    dataDir: dataOf(host),
    port: SUPABASE_PORT,
    publishableKey: TEST_PUBLISHABLE_KEY,
    secretKey: TEST_SECRET_KEY,
    jwtSecret: TEST_JWT_SECRET,
    migrationsDir: folder,
    siteUrl: APP_URL,
    report: (line) => reported.push(line),
  });
  if (reported.length !== added.length) throw new Error(`Of ${added}, there were applied: ${reported}.`);
  applied.push(...added);
  return supabase;
}

/** The host's database while no server has it open. */
export async function withDatabase<T>(host: Host, use: (database: Database) => Promise<T>): Promise<T> {
  const connection = await createPgliteConnection({ url: join(dataOf(host), "postgres") });
  try {
    return await use(connection.driver);
  } finally {
    await connection.close();
  }
}
