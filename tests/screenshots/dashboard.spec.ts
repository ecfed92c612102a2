import { expect, signUp, test, VaultPanel } from "../e2e/fixtures";

test.use({ deviceScaleFactor: 2 });

test("the dashboard", async ({ page }) => {
  const take = (name: string) => page.screenshot({ path: `docs/images/${name}.png`, animations: "disabled" });
  await page.setViewportSize({ width: 1280, height: 860 });
  await signUp(page, { email: "sam@example.com", password: "a-long-test-password" });

  const vault = new VaultPanel(page);
  await vault.add("ANTHROPIC_API_KEY", "sk-ant-example-not-a-real-key", "Reveal, on my own account");
  await vault.add("OPENAI_API_KEY", "sk-example-not-a-real-key", "Evaluation runs");
  await vault.add("GITHUB_TOKEN", "ghp_example-not-a-real-token", "Reads the team's repositories");
  await vault.add("RESEND_API_KEY", "re_example-not-a-real-key", "Weekly report");
  const reveal = page.getByRole("region", { name: "Reveal" });
  await reveal.getByRole("tab", { name: "Analyze" }).click();
  await reveal
    .getByLabel("Text")
    .fill(
      "The bridge opened in 1932 and carries 160,000 vehicles a day. Its lights use half as much power as ten years ago. Nobody has published what the new lanes will cost.",
    );
  await reveal.getByRole("button", { name: "Analyze" }).click();
  await expect(reveal).toContainText("Paid with your key");
  await expect(page.locator("[data-sonner-toast]")).toHaveCount(0, { timeout: 20_000 });
  await take("dashboard-light");
  await page.emulateMedia({ colorScheme: "dark" });
  await take("dashboard-dark");
});
