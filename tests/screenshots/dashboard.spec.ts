import type { Page } from "@playwright/test";
import { createClient } from "@supabase/supabase-js";
import type { Database } from "../../types/database";
import {
  discard,
  expect,
  newTeam,
  RevealPanel,
  signUp,
  store,
  test,
  VaultPanel,
  WebhookPanel,
} from "../e2e/fixtures";
import { TEST_SECRET_KEY } from "../support/keys";
import { SUPABASE_URL } from "../support/ports";

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
  await discard(page);

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
  await discard(page);

  await page.setViewportSize({ width: 390, height: 844 });
  await page.evaluate(() => document.getElementById("vault")?.scrollIntoView());
  await take(page, "phone");
});

test("the pictures of a team", async ({ page, browser }) => {
  test.setTimeout(180_000);
  await page.setViewportSize({ width: 1280, height: 900 });
  const admin = await browser.newPage();
  await signUp(admin, { email: "robin@example.com", password: "a-long-test-password" });
  const { email } = await signUp(page, { email: "kim@example.com", password: "a-long-test-password" });
  const team = await newTeam("Cartography", admin, page);
  await store(admin, "ANTHROPIC_API_KEY", VALUE, team);
  await store(admin, "OPENAI_API_KEY", "sk-example-not-a-real-key", team);
  await page.goto(`/dashboard?team=${team}`);
  const reveal = new RevealPanel(page);
  await reveal.run("How long is the coast of Britain?");
  await expect(reveal.panel).toContainText("Paid with the team's key");
  await take(page, "member");
  await page.close();

  await fillLedger(team, [email, "robin@example.com"]);
  const pictures = await browser.newContext({
    deviceScaleFactor: 2,
    storageState: await admin.context().storageState(),
  });
  const shown = await pictures.newPage();
  await shown.setViewportSize({ width: 1280, height: 900 });
  await shown.goto(`/usage?team=${team}`);
  await expect(shown.locator(".recharts-bar-rectangle").first()).toBeVisible();
  await take(shown, "usage");
  await shown.goto(`/team?team=${team}`);
  await take(shown, "team");
  await shown.goto(`/activity?team=${team}`);
  await take(shown, "activity");
});

test("the pictures of webhooks", async ({ page }) => {
  test.setTimeout(180_000);
  await page.setViewportSize({ width: 1280, height: 900 });
  const { email } = await signUp(page, { email: "noor@example.com", password: "a-long-test-password" });
  await fillDeliveries(email);
  await page.reload();
  const { panel, dialog } = new WebhookPanel(page);
  await expect(panel.getByRole("listitem")).toHaveCount(3);
  await take(page, "webhooks");
  await panel.getByRole("button", { name: /^Deliveries to deploy/ }).click();
  await expect(dialog.getByRole("listitem")).toHaveCount(4);
  await dialog.getByText("Details").first().click();
  await take(page, "deliveries");
});

/** Webhooks and what was sent to them, none of which ever was. */
async function fillDeliveries(email: string): Promise<void> {
  const admin = createClient<Database>(SUPABASE_URL, TEST_SECRET_KEY);
  const { data: person } = await admin
    .from("profiles")
    .select("user_id")
    .eq("email", email)
    .single()
    .throwOnError();
  const own = { user_id: person.user_id, encrypted_secret: "v1.x" };
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const { data: webhooks } = await admin
    .from("webhooks")
    .insert([
      {
        ...own,
        url: "https://deploy.example.com/hooks/command-center",
        description: "Restarts the workers with the new key",
        events: ["vault.secret.created", "vault.secret.rotated", "vault.secret.deleted"],
        last_delivered_at: ago(4),
        created_at: ago(900),
      },
      { ...own, url: "https://chat.example.com/incoming", last_delivered_at: ago(50), created_at: ago(800) },
      { ...own, url: "https://old.example.com/audit", pause_reason: "failures", failures: 20 },
    ])
    .select("id, url")
    .throwOnError();
  const webhook_id = webhooks.find(({ url }) => url?.includes("deploy"))?.id ?? "";
  const message = (event: string, keys: string[]) => ({
    webhook_id,
    message_id: `msg_${crypto.randomUUID()}`,
    event,
    payload: JSON.stringify({
      type: event,
      timestamp: ago(4),
      data: { keys, owner_type: "user", owner_id: person.user_id, actor_id: person.user_id },
    }),
  });
  const rotated = message("vault.secret.rotated", ["OPENAI_API_KEY"]);
  const created = message("vault.secret.created", ["GROQ_API_KEY", "RESEND_API_KEY"]);
  const failed = {
    status: "failed" as const,
    response_status: 503,
    response_excerpt: "The workers are starting, try again.",
    error: null,
  };
  const arrived = { status: "delivered" as const, response_status: 204, response_excerpt: "", error: null };
  await admin
    .from("webhook_deliveries")
    .insert([
      { ...rotated, ...arrived, attempt: 3, duration_ms: 61, created_at: ago(4) },
      { ...rotated, ...failed, attempt: 2, duration_ms: 812, created_at: ago(4.1) },
      { ...rotated, ...failed, attempt: 1, duration_ms: 790, created_at: ago(4.2) },
      { ...created, ...arrived, attempt: 1, duration_ms: 74, created_at: ago(300) },
    ])
    .throwOnError();
}

/** A month of runs that never were, the same in every picture. */
async function fillLedger(team: string, emails: string[]): Promise<void> {
  const admin = createClient<Database>(SUPABASE_URL, TEST_SECRET_KEY);
  const { data: people } = await admin
    .from("profiles")
    .select("user_id, email")
    .in("email", emails)
    .throwOnError();
  const sources = ["team", "team", "user", "env"] as const;
  const runs = Array.from({ length: 160 }, (_, index) => {
    const is_counted = index % 23 > 0;
    const input_tokens = 400 + ((index * 977) % 5_000);
    const output_tokens = 200 + ((index * 613) % 2_400);
    return {
      user_id: people[index % people.length]?.user_id ?? null,
      team_id: team,
      kind: index % 3 === 0 ? ("analyze" as const) : ("run" as const),
      model: "claude-sonnet-5-5",
      source: sources[(index * 7) % sources.length] ?? "team",
      status: is_counted ? "completed" : "cancelled",
      stop_reason: is_counted ? ("end_turn" as const) : null,
      input_tokens,
      output_tokens,
      is_counted,
      cost_usd: (input_tokens * 2 + output_tokens * 10) / 1_000_000,
      cost_exact: is_counted,
      duration_ms: 2_000 + ((index * 331) % 9_000),
      created_at: new Date(Date.now() - (((index * 37) % 29) + 0.05) * 86_400_000).toISOString(),
    };
  });
  await admin.from("reveal_runs").insert(runs).throwOnError();
}
