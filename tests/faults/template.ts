import { existsSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { startEmbedded } from "../../scripts/embedded/server";
import { copyCluster } from "../support/cluster";
import { TEST_JWT_SECRET, TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../support/keys";
import { dataFolder, ROOT } from "./servers";

/** Makes the database that every file of these tests begins with, once, because that takes its seconds. */
export default async function makeTemplate(): Promise<() => void> {
  if (!existsSync(join(ROOT, ".next/BUILD_ID"))) throw new Error("Run `npm run build` first.");
  // As for the databases of the tests.
  setFlagsFromString("--liftoff-only");
  const template = dataFolder();
  await copyCluster(template.path);
  const supabase = await startEmbedded({
    dataDir: template.path,
    port: 0,
    publishableKey: TEST_PUBLISHABLE_KEY,
    secretKey: TEST_SECRET_KEY,
    jwtSecret: TEST_JWT_SECRET,
    siteUrl: "http://localhost:3000",
    migrationsDir: join(ROOT, "supabase/migrations"),
  });
  await supabase.close();
  process.env.FAULTS_TEMPLATE = template.path;
  return template.remove;
}
