import { createClient } from "@supabase/supabase-js";
import { signUp, test } from "../tests/e2e/fixtures";
import { TEST_SECRET_KEY } from "../tests/support/keys";
import { SUPABASE_URL } from "../tests/support/ports";
import type { Database } from "../types/database";

const SECRETS = 200;
const ROUNDS = 15;
const BUDGET_MS = 50;

/** The middle and the ends of a series, e.g. "31.2 ms (28.0 to 40.1)". */
function spread(series: number[]): string {
  const sorted = series.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN).toFixed(1);
  return `${at(0.5)} ms (${at(0)} to ${at(1)})`;
}

test(`opening a category of ${SECRETS} secrets`, async ({ page }) => {
  await signUp(page);
  await page.request.post("/api/vault", { data: { key: "KEY_0", value: "not-real" } });
  const { secrets } = await (await page.request.get("/api/vault")).json();
  const { owner_id } = secrets[0];
  const rows = Array.from({ length: SECRETS - 1 }, (_, index) => ({
    owner_type: "user" as const,
    owner_id,
    key: `KEY_${index + 1}`,
    encrypted_value: "v1.never-opened",
    description: `What number ${index + 1} is for`,
  }));
  await createClient<Database>(SUPABASE_URL, TEST_SECRET_KEY)
    .from("vault_secrets")
    .insert(rows)
    .throwOnError();
  await page.reload();

  const browser = await page.context().newCDPSession(page);
  await browser.send("Performance.enable");
  const durations = async () => {
    const { metrics } = await browser.send("Performance.getMetrics");
    const seconds = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return { script: seconds("ScriptDuration"), task: seconds("TaskDuration") };
  };
  const category = page.getByRole("button", { name: /General/ });
  const script: number[] = [];
  const task: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await category.click();
    await page.getByText("KEY_199", { exact: true }).waitFor({ state: "detached" });
    const before = await durations();
    await category.click();
    await page.getByText("KEY_199", { exact: true }).waitFor();
    const after = await durations();
    script.push((after.script - before.script) * 1000);
    task.push((after.task - before.task) * 1000);
  }
  console.log(`Opening ${SECRETS} rows, ${ROUNDS} rounds: scripts ${spread(script)}, budget ${BUDGET_MS} ms`);
  console.log(`With style, layout and painting: ${spread(task)}`);
});
