import { PLATFORM_KEY } from "../support/keys";
import { NO_PLATFORM_KEY_URL } from "../support/ports";
import { expect, expectAccessible, newcomer, newKey, receivedWith, test } from "./fixtures";

const KEY = "ANTHROPIC_API_KEY";

test("Reveal runs on the platform's key, on one's own once it is there, and on the platform's again", async ({
  page,
  vault,
}) => {
  const reveal = page.getByRole("region", { name: "Reveal" });
  const marker = newKey("prompt");
  const run = async () => {
    await reveal.getByLabel("Prompt").fill(marker);
    await reveal.getByRole("button", { name: "Run", exact: true }).click();
  };
  const sentWithPlatformKey = async () => (await receivedWith(PLATFORM_KEY, marker)).length;

  await expect(reveal).toContainText("The platform's ANTHROPIC_API_KEY will be used.");
  await run();
  await expect(reveal).toContainText("Paid with the platform's key");
  expect(await sentWithPlatformKey()).toBe(1);

  const mine = newKey();
  await vault.add(KEY, mine);
  await expect(reveal).toContainText("Your ANTHROPIC_API_KEY will be used. Without it: the platform's.");
  await run();
  await expect(reveal).toContainText("Paid with your key");
  await expect(reveal).toContainText("This is a simulation");
  expect(await receivedWith(mine)).toHaveLength(1);
  expect(await sentWithPlatformKey()).toBe(1);

  await vault.remove(KEY);
  await expect(reveal).toContainText("The platform's ANTHROPIC_API_KEY will be used.");
  await run();
  await expect(reveal).toContainText("Paid with the platform's key");
  expect(await receivedWith(mine)).toHaveLength(1);
  expect(await sentWithPlatformKey()).toBe(2);
});

test("a text is analysed, and every quote stands in it", async ({ page, vault }) => {
  await vault.add(KEY, newKey());
  const reveal = page.getByRole("region", { name: "Reveal" });
  await reveal.getByRole("tab", { name: "Analyze" }).click();
  const text = "The bridge opened in 1932. It carries 160,000 vehicles a day. Nobody knows who paid for it.";
  await reveal.getByLabel("Text").fill(text);
  await reveal.getByRole("button", { name: "Analyze" }).click();
  await expect(reveal).toContainText("Paid with your key");
  const quotes = await reveal.locator("blockquote").allTextContents();
  expect(quotes.length).toBeGreaterThan(0);
  for (const quote of quotes) expect(text).toContain(quote.replace(/^[“"]|[”"]$/g, ""));
  await expectAccessible(page);
});

test("a refused key is named by its owner and never falls through to the platform's", async ({
  page,
  vault,
}) => {
  const [refused, text] = [newKey("refused"), newKey("text")];
  await vault.add(KEY, refused);
  const reveal = page.getByRole("region", { name: "Reveal" });
  await reveal.getByLabel("Prompt").fill(text);
  await reveal.getByRole("button", { name: "Run", exact: true }).click();
  await expect(reveal.getByRole("alert")).toContainText(/your key/i);
  await expect(page.locator("body")).not.toContainText(refused);
  const reply = await page.request.post("/api/reveal/analyze", { data: { text } });
  expect(reply.status()).toBe(422);
  expect(await reply.json()).toMatchObject({ code: "provider_refused_key", source: "user" });
  expect(JSON.stringify(await reply.json())).not.toContain(refused);
  expect(await receivedWith(PLATFORM_KEY, text)).toHaveLength(0);
  await expectAccessible(page);
});

test("rate limits and overload are passed on with the time to wait", async ({ page, vault }) => {
  await vault.add(KEY, newKey("ratelimited"));
  const limited = await page.request.post("/api/reveal/run", { data: { prompt: "Hello" } });
  expect(limited.status()).toBe(429);
  expect(limited.headers()["retry-after"]).toBe("7");
  await vault.add(KEY, newKey("overloaded"));
  const overloaded = await page.request.post("/api/reveal/run", { data: { prompt: "Hello" } });
  expect(overloaded.status()).toBe(503);
  expect(Number(overloaded.headers()["retry-after"])).toBeGreaterThan(0);
});

test("leaving stops the provider's answer", async ({ page, vault }) => {
  const slow = newKey("slow");
  await vault.add(KEY, slow);
  const reveal = page.getByRole("region", { name: "Reveal" });
  await reveal.getByLabel("Prompt").fill("Take your time");
  await reveal.getByRole("button", { name: "Run", exact: true }).click();
  await expect(reveal.getByRole("button", { name: "Stop" })).toBeVisible();
  await expect.poll(async () => (await receivedWith(slow)).length).toBe(1);
  await page.goto("about:blank");
  await expect.poll(async () => (await receivedWith(slow))[0]?.aborted).toBe(true);
  // Nobody heard the end, and it is in the ledger nevertheless, once.
  const runs = async () => (await (await page.request.get("/api/usage/runs")).json()).runs;
  await expect
    .poll(runs)
    .toEqual([
      expect.objectContaining({ status: "cancelled", source: "user", duration_ms: expect.any(Number) }),
    ]);
});

test("without any key, Reveal says so and leads to the vault", async ({ page }) => {
  await newcomer(page, NO_PLATFORM_KEY_URL);
  const reveal = page.getByRole("region", { name: "Reveal" });
  await expect(reveal).toContainText("No key yet. Add ANTHROPIC_API_KEY to the vault");
  await reveal.getByLabel("Prompt").fill("Hello");
  await reveal.getByRole("button", { name: "Run", exact: true }).click();
  await expect(reveal.getByRole("alert")).toContainText("has turned off the platform's key");
  await reveal.getByRole("alert").getByRole("link", { name: "Open the vault" }).click();
  await expect(page).toHaveURL(/#vault$/);
  for (const [path, data] of [
    ["run", { prompt: "Hello" }],
    ["analyze", { text: "Hello" }],
  ] as const) {
    const reply = await page.request.post(`${NO_PLATFORM_KEY_URL}/api/reveal/${path}`, { data });
    expect(reply.status()).toBe(422);
    expect(await reply.json()).toMatchObject({ code: "platform_key_off" });
  }
});
