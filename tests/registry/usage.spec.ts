import type { Page } from "@playwright/test";
import { createClient } from "@supabase/supabase-js";
import { expect, expectAccessible, newcomer, newKey, receivedWith, store, test } from "../e2e/fixtures";
import { TEST_SECRET_KEY } from "../support/keys";
import { APP_URL, SUPABASE_URL } from "../support/ports";
import { CRON_SECRET } from "./usage";

// What docs/with-key.md promises of an app with teams that lends no key.

const KEY = "ANTHROPIC_API_KEY";
const admin = createClient(SUPABASE_URL, TEST_SECRET_KEY, { auth: { persistSession: false } });

const summarize = (page: Page, data: object = {}) =>
  page.request.post("/api/summaries", { data: { text: "Hello", ...data } });

/** What is entered for a person, newest last. */
async function entriesOf(userId: string) {
  const { data } = await admin.from("vault_usage").select().eq("user_id", userId).order("created_at");
  return data;
}

/** A team of the app's own, with these members. */
async function newTeam(...members: string[]): Promise<string> {
  const { data } = await admin.from("teams").insert({ name: "Weavers" }).select().single();
  const rows = members.map((user_id) => ({ team_id: data.id, user_id, role: "owner" }));
  expect((await admin.from("team_members").insert(rows)).error).toBeNull();
  return data.id;
}

test("a feature's calls are entered, and appear on the usage page by the feature's name", async ({
  page,
}) => {
  const { id } = await newcomer(page);
  await page.goto("/usage");
  await expect(page.getByText("You haven't used anything yet.")).toBeVisible();
  const key = newKey();
  await store(page, KEY, key);
  for (const _ of [1, 2]) {
    const reply = await summarize(page);
    expect(reply.ok(), await reply.text()).toBe(true);
    expect((await reply.json()).summary).toContain("no model was asked");
  }
  expect(await receivedWith(key)).toHaveLength(2);
  const entry = {
    feature: "summaries",
    key: KEY,
    source: "user",
    status: "completed",
    stop_reason: "end_turn",
    model: "claude-haiku-5-5",
    is_counted: true,
    team_id: null,
  };
  const entries = await entriesOf(id);
  expect(entries).toMatchObject([entry, entry]);
  expect(entries?.[0].cost_usd).toBeGreaterThan(0);
  expect(JSON.stringify(entries)).not.toMatch(/Hello|no model was asked|sk-ant/);

  await page.reload();
  await expect(page.getByRole("row", { name: /^summaries ANTHROPIC_API_KEY Your key 2 / })).toBeVisible();
  await expectAccessible(page);
});

test("a person without a key is refused before anything is called, and nothing is entered", async ({
  page,
}) => {
  const { id } = await newcomer(page);
  const reply = await summarize(page);
  expect([reply.status(), await reply.json()]).toMatchObject([
    422,
    { code: "no_key", detail: `There's no key to use yet. Add ${KEY} to your vault, then try again.` },
  ]);
  expect(await entriesOf(id)).toEqual([]);
});

test("what a call says of its key is in the panel", async ({ page, vault }) => {
  const key = newKey("refused");
  await store(page, KEY, key);
  const reply = await summarize(page);
  expect([reply.status(), (await reply.json()).code]).toEqual([422, "provider_refused_key"]);
  await expect(async () => {
    await page.reload();
    await expect(vault.row(KEY)).toContainText("Refused", { timeout: 1_000 });
  }).toPass();
});

test("a team's key pays for its people, and their calls are the team's", async ({ page, browser }) => {
  const { id } = await newcomer(page);
  const team_id = await newTeam(id);
  const key = newKey();
  await store(page, KEY, key, team_id);
  expect((await summarize(page, { team_id })).ok()).toBe(true);
  expect(await entriesOf(id)).toMatchObject([{ source: "team", team_id, status: "completed" }]);
  const other = await (await browser.newContext()).newPage();
  const stranger = await newcomer(other, APP_URL);
  expect((await (await summarize(other, { team_id })).json()).code).toBe("team_not_found");
  expect(await entriesOf(stranger.id)).toEqual([]);
  expect(await receivedWith(key)).toHaveLength(1);
});

test("a stream is entered once it has ended", async ({ page }) => {
  const { id } = await newcomer(page);
  await store(page, KEY, newKey());
  const reply = await page.request.post("/api/summaries/stream", { data: { text: "Hello" } });
  expect(await reply.text()).toContain("no model was asked");
  await expect(async () => {
    const entry = { source: "user", status: "completed", stop_reason: "end_turn", is_counted: true };
    expect(await entriesOf(id)).toMatchObject([entry]);
  }).toPass();
});

test("a stream that nobody reads any more ends, and is entered so", async ({ page }) => {
  const { id } = await newcomer(page);
  await store(page, KEY, newKey("slow"));
  await page.evaluate(async () => {
    const headers = { "content-type": "application/json" };
    const body = '{"text":"Hello"}';
    const reply = await fetch("/api/summaries/stream", { method: "POST", headers, body });
    const reader = reply.body?.getReader();
    await reader?.read();
    await reader?.cancel();
  });
  await expect(async () => {
    expect(await entriesOf(id)).toMatchObject([{ source: "user", status: "cancelled" }]);
  }).toPass();
});

test("a job uses the team's key, and never a person's own", async ({ page }) => {
  const { id } = await newcomer(page);
  const [own, shared] = [newKey(), newKey()];
  const [withKey, without] = [await newTeam(id), await newTeam(id)];
  await store(page, KEY, own);
  await store(page, KEY, shared, withKey);
  expect((await page.request.get("/api/jobs/digest")).status()).toBe(401);
  const headers = { authorization: `Bearer ${CRON_SECRET}` };
  const reply = await page.request.get("/api/jobs/digest", { headers });
  const digests = await reply.json();
  expect(digests[withKey]).toContain("no model was asked");
  expect(digests[without]).toBe("no_key");
  expect(await receivedWith(own)).toEqual([]);
  expect(await receivedWith(shared)).toHaveLength(1);
  const { data } = await admin.from("vault_usage").select().in("team_id", [withKey, without]);
  expect(data).toMatchObject([
    { user_id: null, team_id: withKey, feature: "digest", source: "team", status: "completed" },
  ]);
});
