import type { Page } from "@playwright/test";
import { createClient } from "@supabase/supabase-js";
import { EMAILS, PASSWORD } from "../../scripts/demo/people";
import { seed } from "../../scripts/demo/seed";
import type { Database } from "../../types/database";
import { discard, expect, RevealPanel, signUp, test, VaultPanel, WebhookPanel } from "../e2e/fixtures";
import { TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../support/keys";
import { APP_URL, SUPABASE_URL } from "../support/ports";

test.use({ deviceScaleFactor: 2 });
// What one test does is in the next one's pictures, and the database is filled once.
test.describe.configure({ mode: "serial", timeout: 180_000 });

let team = "";
test.beforeAll(async () => {
  const { teamId } = await seed({
    appUrl: APP_URL,
    supabaseUrl: SUPABASE_URL,
    publishableKey: TEST_PUBLISHABLE_KEY,
    database: createClient<Database>(SUPABASE_URL, TEST_SECRET_KEY),
    hookUrl: (receiver) => `https://${receiver}.example.com/hooks/command-center`,
  });
  team = teamId;
});

/** Signs somebody of the demo in. */
async function signIn(page: Page, email: string): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto("/login");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL("**/dashboard");
}

/** Takes one picture in each theme. */
async function take(page: Page, name: string): Promise<void> {
  await expect(page.locator("[data-sonner-toast]")).toHaveCount(0, { timeout: 20_000 });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.screenshot({ path: `docs/images/${name}-${colorScheme}.png` });
  }
}

test("the picture of a first visit", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await signUp(page, { email: "alex@example.com", password: PASSWORD });
  await take(page, "empty");
});

test("the pictures of the panel", async ({ page }) => {
  await signIn(page, EMAILS.admin);
  const vault = new VaultPanel(page);
  await vault.check("ANTHROPIC_API_KEY");
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
  await expect(vault.value("ANTHROPIC_API_KEY")).toContainText("EXAMPLE-NOT-REAL");
  await take(page, "revealed");

  await vault.choose("ANTHROPIC_API_KEY", "Delete");
  await take(page, "delete");
  await page.keyboard.press("Escape");

  await vault.panel.getByRole("button", { name: "Add a secret" }).click();
  await page.getByLabel("Key name").fill("git");
  await take(page, "add");
  await page.keyboard.press("Escape");
  await discard(page);

  await vault.panel.getByRole("button", { name: "Import a .env file" }).click();
  const dialog = page.getByRole("dialog", { name: "Import a .env file" });
  await dialog
    .getByLabel("File contents")
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
  await discard(page);

  await page.setViewportSize({ width: 390, height: 844 });
  await page.evaluate(() => document.getElementById("vault")?.scrollIntoView());
  await take(page, "phone");
});

test("the pictures of a team", async ({ page, browser }) => {
  await signIn(page, EMAILS.member);
  await page.goto(`/dashboard?team=${team}`);
  const reveal = new RevealPanel(page);
  await reveal.run("How long is the coast of Britain?");
  await expect(reveal.panel).toContainText("Paid with the team's key");
  await take(page, "member");

  const admin = await browser.newPage({ deviceScaleFactor: 2 });
  await signIn(admin, EMAILS.admin);
  await admin.goto(`/usage?team=${team}`);
  await expect(admin.locator(".recharts-bar-rectangle").first()).toBeVisible();
  await take(admin, "usage");
  await admin.goto(`/team?team=${team}`);
  await take(admin, "team");
  await admin.goto(`/activity?team=${team}`);
  await take(admin, "activity");
});

test("the pictures of webhooks", async ({ page }) => {
  await signIn(page, EMAILS.admin);
  await page.goto(`/dashboard?team=${team}`);
  const { panel, dialog } = new WebhookPanel(page);
  await expect(panel.getByRole("listitem")).toHaveCount(3);
  await take(page, "webhooks");
  await panel.getByRole("button", { name: /^Deliveries to deploy/ }).click();
  await expect(dialog.getByRole("listitem")).toHaveCount(4);
  await dialog.getByText("Details").first().click();
  await take(page, "deliveries");
});
