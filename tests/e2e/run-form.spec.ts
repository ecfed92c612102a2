import { NO_PLATFORM_KEY_URL } from "../support/ports";
import { expect, expectAccessible, newcomer, RevealPanel, receivedWith } from "./fixtures";
import { RECEIPT, runSlowly, runToEnd, test, withKey } from "./run-panel";
import { holdScripts } from "./way-in";

test("a prompt that is typed before the scripts are there is neither lost nor stuck", async ({
  page,
  reveal,
}) => {
  const key = await withKey(page, "works");
  const release = await holdScripts(page);
  await page.goto("/dashboard", { waitUntil: "commit" });
  await reveal.prompt.fill("Typed early");
  await reveal.model.selectOption("claude-opus-4-5");
  release();
  await reveal.button().click();
  await expect(reveal.answer).toContainText("Typed early");
  await expect(reveal.panel).toContainText("claude-opus-4-5 · Paid with your key");
  expect(await receivedWith(key, "Typed early")).toHaveLength(1);
});

test("an empty and a too long text are refused at the field, in a sentence", async ({ page, reveal }) => {
  await reveal.button().click();
  await expect(reveal.prompt).toBeFocused();
  await expect(reveal.prompt).toHaveAccessibleDescription("Enter a prompt first.");
  await expectAccessible(page);
  await reveal.prompt.fill(" \n");
  await expect(reveal.panel).not.toContainText("Enter a prompt first.");
  await reveal.prompt.press("ControlOrMeta+Enter");
  await expect(reveal.prompt).toHaveAccessibleDescription("Enter a prompt first.");
  await reveal.prompt.fill("a".repeat(20_010));
  await expect(reveal.prompt).toHaveAccessibleDescription("20,010 of 20,000 characters: shorten it by 10.");
  await reveal.button().click();
  await expect(reveal.prompt).toBeFocused();
  expect(await (await page.request.get("/api/usage/runs")).json()).toMatchObject({ runs: [] });
  // The counter is right for a text that was put back, too.
  await page.reload();
  await expect(reveal.prompt).toHaveAccessibleDescription("20,010 of 20,000 characters: shorten it by 10.");
  await reveal.panel.getByRole("tab", { name: "Analyze" }).click();
  await reveal.button("Analyze").click();
  await expect(reveal.panel.getByLabel("Text", { exact: true })).toHaveAccessibleDescription(
    "Enter some text first.",
  );
});

test("the model is chosen before the run, is remembered, and falls back where it is not offered any more", async ({
  page,
  reveal,
}) => {
  const key = await withKey(page, "works");
  const { model } = reveal;
  await expect(model).toHaveValue("claude-sonnet-5-5");
  await expect(model.locator("option")).toHaveText([
    "claude-sonnet-5-5",
    "claude-opus-4-5",
    "model-without-a-price",
  ]);
  await reveal.prompt.fill("word ".repeat(3_200));
  await model.selectOption("claude-opus-4-5");
  await expect(reveal.panel).toContainText(/About 4,000 tokens in: about \$0\.\d\d, plus the answer\./);
  await model.selectOption("model-without-a-price");
  await expect(reveal.panel).toContainText("About 4,000 tokens in.");
  await reveal.prompt.fill("Short");
  await expect(reveal.panel).not.toContainText("About 4,000");
  await reveal.button().click();
  // Nothing is said of money where the price is not known.
  await expect(reveal.panel).toContainText(/model-without-a-price · Paid with your key · .* out · [\d.]+ s/);
  expect(await receivedWith(key)).toMatchObject([{ body: { model: "model-without-a-price" } }]);
  await page.reload();
  await expect(model).toHaveValue("model-without-a-price");

  await page.route("**/api/reveal/run", async (route) => {
    const data = { ...route.request().postDataJSON(), model: "taken-away" };
    await route.continue({ postData: JSON.stringify(data) });
  });
  await reveal.run("Who are you?");
  await expect(reveal.alert).toContainText("This site doesn't offer that model.");
  await page.unroute("**/api/reveal/run");
  await page.evaluate(() => localStorage.setItem("reveal/model", "taken-away"));
  await page.reload();
  await expect(model).toHaveValue("claude-sonnet-5-5");
  await runToEnd(reveal, "Who are you now?");
  await expect(reveal.panel).toContainText(RECEIPT);
});

test("a single model is shown as text", async ({ page }) => {
  await newcomer(page, NO_PLATFORM_KEY_URL);
  const reveal = new RevealPanel(page);
  await expect(reveal.panel.getByText("Model: claude-sonnet-5-5").first()).toBeVisible();
  await expect(reveal.panel.getByRole("combobox")).toHaveCount(0);
  await expectAccessible(page);
});

test("a double click and a shortcut that is pressed twice run once each", async ({ page, reveal }) => {
  const key = await withKey(page, "slow");
  await reveal.prompt.fill("Only once");
  await reveal.button().dblclick();
  await expect(reveal.answer).toContainText("And so on.");
  expect(await receivedWith(key, "Only once")).toHaveLength(1);
  await reveal.button("Stop").click();
  await expect(reveal.button()).toBeVisible();
  await reveal.prompt.fill("Once more");
  await reveal.prompt.press("ControlOrMeta+Enter");
  await reveal.prompt.press("ControlOrMeta+Enter");
  await expect(reveal.answer).toContainText("And so on.");
  expect(await receivedWith(key, "Once more")).toHaveLength(1);
  await expect(reveal.lines).toHaveCount(1);
});

// A phone, and a window of 1,280 by 800 pixels at 200 %.
for (const [width, height] of [
  [320, 568],
  [640, 400],
] as const) {
  test(`Stop and the receipt stay on a screen of ${width} by ${height} while a long answer is written`, async ({
    page,
    reveal,
  }) => {
    await page.setViewportSize({ width, height });
    await page.goto("/dashboard#reveal");
    await runSlowly(page, reveal);
    const box = reveal.answer.getByRole("group");
    await expect.poll(async () => (await box.boundingBox())?.height).toBeGreaterThan(200);
    await box.evaluate((element) => element.scrollIntoView({ block: "end" }));
    await expect(reveal.button("Stop")).toBeInViewport({ ratio: 1 });
    // Neither covers the other: the links to the panels stay at the top, too.
    for (const part of [reveal.button("Stop"), page.getByRole("link", { name: "Reveal", exact: true })]) {
      const isOnTop = part.evaluate((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
      });
      expect(await isOnTop).toBe(true);
    }
    await expect(reveal.panel.getByText("Answering…")).toBeAttached();
    await expect(reveal.panel).toContainText(RECEIPT);
    const receipt = reveal.panel.getByText(RECEIPT).first();
    await receipt.evaluate((element) => element.scrollIntoView({ block: "end" }));
    await expect(box).toBeInViewport();
    await expect(receipt).toBeInViewport({ ratio: 0.9 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
}
