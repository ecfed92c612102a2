import type { Page } from "@playwright/test";
import { expect, signUp, test, VaultPanel } from "../e2e/fixtures";

test.use({ deviceScaleFactor: 2 });

const VALUE = "sk-ant-example-not-a-real-key-0123456789";

/** Takes one picture in each theme. */
async function take(page: Page, name: string): Promise<void> {
  await expect(page.locator("[data-sonner-toast]")).toHaveCount(0, { timeout: 20_000 });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.screenshot({ path: `docs/images/${name}-${colorScheme}.png` });
  }
}

test("the pictures of the panel", async ({ page }) => {
  test.setTimeout(180_000);
  await page.setViewportSize({ width: 1280, height: 900 });
  await signUp(page, { email: "sam@example.com", password: "a-long-test-password" });
  await take(page, "empty");

  const vault = new VaultPanel(page);
  await vault.add("ANTHROPIC_API_KEY", VALUE, "Reveal, on my own account");
  await vault.add("OPENAI_API_KEY", "sk-example-not-a-real-key", "Evaluation runs");
  await vault.add("GITHUB_TOKEN", "ghp_example-not-a-real-token", "Reads the team's repositories");
  await vault.add("RESEND_API_KEY", "re_example-not-a-real-key", "Weekly report");
  await vault.row("ANTHROPIC_API_KEY").getByRole("button", { name: "Check" }).click();
  await expect(vault.row("ANTHROPIC_API_KEY")).toContainText("Works");
  const reveal = page.getByRole("region", { name: "Reveal" });
  await reveal.getByRole("tab", { name: "Analyze" }).click();
  await reveal
    .getByLabel("Text")
    .fill(
      "The bridge opened in 1932 and carries 160,000 vehicles a day. Its lights use half as much power as ten years ago. Nobody has published what the new lanes will cost.",
    );
  await reveal.getByRole("button", { name: "Analyze" }).click();
  await expect(reveal).toContainText("Paid with your key");
  await take(page, "dashboard");

  await vault.show("ANTHROPIC_API_KEY");
  await expect(vault.value("ANTHROPIC_API_KEY")).toHaveText(VALUE);
  await take(page, "revealed");

  await vault.panel.getByRole("button", { name: "Delete ANTHROPIC_API_KEY" }).click();
  await take(page, "delete");
  await page.keyboard.press("Escape");

  await vault.panel.getByRole("button", { name: "Add a secret" }).click();
  await page.getByLabel("Key name").fill("git");
  await take(page, "add");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");

  await vault.panel.getByRole("button", { name: "Import a .env file" }).click();
  const dialog = page.getByRole("dialog", { name: "Import a .env file" });
  await dialog
    .getByLabel("Content of the file")
    .fill(
      [
        "# Fast drafts",
        "GROQ_API_KEY=gsk_example_not_a_real_key",
        "# The shop's account",
        "STRIPE_SECRET_KEY=rk_test_example",
        "OPENAI_API_KEY=sk-example-another-key",
        "posthog.key=example",
        "SENTRY_DSN=",
      ].join("\n"),
    );
  await dialog.getByRole("button", { name: "Preview" }).click();
  await take(page, "import");
  await page.keyboard.press("Escape");

  await page.setViewportSize({ width: 390, height: 844 });
  await page.evaluate(() => document.getElementById("vault")?.scrollIntoView());
  await take(page, "phone");
});
