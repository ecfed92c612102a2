import type { Page } from "@playwright/test";
import { createClient } from "@supabase/supabase-js";
import { expect, newcomer, newKey, receivedWith, store, test } from "../e2e/fixtures";
import { TEST_SECRET_KEY } from "../support/keys";
import { SUPABASE_URL } from "../support/ports";
import { LENDING } from "./usage";

// What docs/with-key.md promises of an app that lends a key, with a limit of a few calls.

const admin = createClient(SUPABASE_URL, TEST_SECRET_KEY, { auth: { persistSession: false } });

const summarize = (page: Page) => page.request.post("/api/summaries", { data: { text: "Hello" } });

test("all people together use the key that is lent up to its limit, and then their own", async ({ page }) => {
  const first = await newcomer(page);
  expect((await summarize(page)).ok()).toBe(true);
  await page.goto("/usage");
  await expect(
    page.getByRole("row", { name: /^summaries ANTHROPIC_API_KEY The platform's key 1 / }),
  ).toBeVisible();

  await page.context().clearCookies();
  const second = await newcomer(page);
  let reply = await summarize(page);
  while (reply.ok()) reply = await summarize(page);
  expect([reply.status(), await reply.json()]).toMatchObject([
    429,
    { code: "platform_limit_reached", source: "env" },
  ]);
  expect(Number(reply.headers()["retry-after"])).toBeGreaterThan(0);

  const { data } = await admin.from("vault_usage").select("user_id, cost_usd").eq("source", "env");
  expect(new Set(data?.map(({ user_id }) => user_id))).toEqual(new Set([first.id, second.id]));
  const spent = data?.reduce((sum, { cost_usd }) => sum + cost_usd, 0);
  expect(spent).toBeLessThanOrEqual(Number(LENDING.PLATFORM_DAILY_USD));
  expect(await receivedWith(LENDING.ANTHROPIC_API_KEY)).toHaveLength(data?.length ?? 0);

  const own = newKey();
  await store(page, "ANTHROPIC_API_KEY", own);
  expect((await summarize(page)).ok()).toBe(true);
  expect(await receivedWith(own)).toHaveLength(1);
});
