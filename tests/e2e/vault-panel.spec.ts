import { createClient } from "@supabase/supabase-js";
import type { Database } from "../../types/database";
import { TEST_SECRET_KEY } from "../support/keys";
import { NO_PLATFORM_KEY_URL, SUPABASE_URL } from "../support/ports";
import {
  clipboardText,
  discard,
  expect,
  expectAccessible,
  newcomer,
  newKey,
  newValue,
  signUp,
  test,
  VaultPanel,
} from "./fixtures";

const KEY = "ANTHROPIC_API_KEY";

test("the suggestions filter by name and by provider, and Escape closes only them", async ({
  page,
  vault,
}) => {
  const dialog = await vault.openAdd();
  await dialog.getByLabel("Key name").fill("groq");
  await expect(page.getByRole("listbox").getByRole("option")).toHaveCount(1);
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("listbox").getByRole("option")).toHaveCount(0);
  await expect(dialog).toBeVisible();
  await dialog.getByLabel("Key name").fill("sendgrid");
  await page.getByRole("option", { name: /SENDGRID_API_KEY/ }).click();
  await expect(dialog.getByLabel("Category")).toHaveValue("Email");
  await expect(dialog.getByRole("link", { name: /provider/ })).toHaveAttribute("href", /sendgrid/);
  await discard(page);
  await expect(dialog).toBeHidden();
});

test("a value is copied without being shown, with a word about the clipboard", async ({
  page,
  context,
  vault,
}) => {
  await context.grantPermissions(["clipboard-write"]);
  const value = newKey();
  await vault.add(KEY, value);
  await vault.copy(KEY);
  await expect(page.getByText("It stays in the clipboard")).toBeVisible();
  await expect(page.locator("body")).not.toContainText(value);
  expect(await clipboardText(page)).toBe(value);
});

test.describe("a shown value is gone from the page", () => {
  const leave: Record<string, (vault: VaultPanel) => Promise<unknown>> = {
    "when the tab is hidden": ({ page }) =>
      page.evaluate(() => {
        Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }),
    "before the page enters the back-forward cache": ({ page }) =>
      page.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }))),
    "when a dialog opens": (vault) => vault.openAdd(),
    "when the page is left and come back to": async ({ page }) => {
      await page.goto("/login?elsewhere");
      await page.goBack();
      await expect(page).toHaveURL("/dashboard");
    },
  };
  for (const [when, go] of Object.entries(leave)) {
    test(when, async ({ page, vault }) => {
      const value = newKey();
      await vault.add(KEY, value);
      await vault.show(KEY);
      await expect(vault.value(KEY)).toHaveText(value);
      await go(vault);
      await expect(page.locator("body")).not.toContainText(value);
      const kept = await page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]),
      );
      expect(kept).not.toContain(value);
      expect(await page.content()).not.toContain(value);
    });
  }

  test("and is in no later request", async ({ page, vault }) => {
    const value = newKey();
    await vault.add(KEY, value);
    await vault.show(KEY);
    await expect(vault.value(KEY)).toHaveText(value);
    await vault.hide(KEY);
    const sent: string[] = [];
    page.on("request", (request) => sent.push(request.url() + (request.postData() ?? "")));
    await vault.choose(KEY, "Edit");
    await page.getByRole("dialog").getByLabel("Description").fill("later");
    await page.getByRole("button", { name: "Save changes" }).click();
    await expect(vault.row(KEY)).toContainText("later");
    await expect.poll(() => sent.length).toBeGreaterThan(0);
    expect(sent.join("\n")).not.toContain(value);
  });
});

test("a shown value is seen whole below its row, in a small window too", async ({ page, vault }) => {
  const pem = `-----BEGIN PRIVATE KEY-----\n${"bm90IGEga2V5".repeat(5)}\n${"yz".repeat(200)}\n-----END PRIVATE KEY-----\n`;
  await page.request.post("/api/vault", { data: { key: "DEPLOY_KEY", value: pem } });
  for (const width of [320, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await page.reload();
    await vault.show("DEPLOY_KEY");
    const value = vault.value("DEPLOY_KEY");
    expect(await value.evaluate((element) => element.textContent)).toBe(pem);
    const cut = await value.evaluate((element) => [
      element.scrollWidth - element.clientWidth,
      element.scrollHeight - element.clientHeight,
    ]);
    expect(cut).toEqual([0, 0]);
    await expect(vault.row("DEPLOY_KEY").getByRole("timer")).toHaveText(/^Hides in (30|2\d) s$/);
    const wide = () => document.documentElement.scrollWidth <= window.innerWidth;
    expect(await page.evaluate(wide)).toBe(true);
  }
});

test("deleting says what will be billed next", async ({ page, vault, browser }) => {
  await vault.add(KEY, newKey());
  await expect(vault.row(KEY)).toContainText("In use");
  await vault.choose(KEY, "Delete");
  await expect(page.getByRole("alertdialog")).toContainText("Reveal will use the platform's key");
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await vault.add("OPENAI_API_KEY", newValue());
  await expect(vault.row(KEY)).toContainText("Falls back to platform");
  await vault.row(KEY).getByRole("button", { name: "Add yours" }).click();
  await expect(page.getByRole("dialog").getByLabel("Key name")).toHaveValue(KEY);

  const other = await (await browser.newContext()).newPage();
  await newcomer(other, NO_PLATFORM_KEY_URL);
  const alone = new VaultPanel(other);
  await alone.add(KEY, newKey());
  await alone.choose(KEY, "Delete");
  await expect(other.getByRole("alertdialog")).toContainText("Reveal will stop working");
});

test("secrets are found by name, description and category", async ({ page, vault }) => {
  await vault.add("GROQ_API_KEY", "gsk_test", "Fast drafts");
  await vault.add("RESEND_API_KEY", "re_test", "Weekly report");
  const search = vault.panel.getByLabel("Find a secret");
  const found = vault.panel.getByRole("listitem");
  for (const [query, key] of [
    ["groq", "GROQ_API_KEY"],
    ["weekly", "RESEND_API_KEY"],
    ["email", "RESEND_API_KEY"],
    ["key groq", "GROQ_API_KEY"],
  ] as const) {
    await search.fill(query);
    await expect(found).toHaveCount(1);
    await expect(found).toContainText(key);
  }
  await search.fill("nothing like it");
  await expect(vault.panel).toContainText("No secret matches");
  await expectAccessible(page);
  await vault.panel.getByRole("button", { name: "Clear" }).click();
  await expect(vault.row("GROQ_API_KEY")).toBeVisible();
});

/** The database, for states that the app itself does not lead to. */
const rows = () => createClient<Database>(SUPABASE_URL, TEST_SECRET_KEY).from("vault_secrets");

test("a value that cannot be read is said in its row, which offers to enter it again", async ({
  page,
  vault,
}) => {
  await vault.add(KEY, newKey());
  await vault.add("GROQ_API_KEY", "gsk_test");
  const { secrets } = await (await page.request.get("/api/vault")).json();
  const { id } = secrets.find(({ key }: { key: string }) => key === KEY);
  await rows().update({ encrypted_value: "v1.damaged" }).eq("id", id).throwOnError();
  await page.reload();
  await expect(vault.row("GROQ_API_KEY")).toBeVisible();
  await vault.show(KEY);
  await expect(vault.row(KEY)).toContainText("can't be read");
  await expectAccessible(page);
  await vault.row(KEY).getByRole("button", { name: "Enter it again" }).click();
  const value = newKey();
  await page.getByRole("dialog").getByLabel("New value").fill(value);
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(vault.row(KEY)).not.toContainText("can't be read");
  await vault.show(KEY);
  await expect(vault.value(KEY)).toHaveText(value);
});

test("the provider is asked whether a key works", async ({ page, vault }) => {
  await vault.add(KEY, newKey());
  await vault.check(KEY);
  await expect(vault.row(KEY)).toContainText("Works");
  await vault.add(KEY, newKey("refused"));
  await expect(vault.row(KEY)).not.toContainText("Works");
  await vault.check(KEY);
  await expect(vault.row(KEY)).toContainText("Refused");
  await expectAccessible(page);
  await vault.add("MY_OWN_KEY", "anything");
  await vault.more("MY_OWN_KEY").click();
  await expect(page.getByRole("menuitem", { name: "Edit" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Check" })).toHaveCount(0);
});

test("a value older than 90 days is mentioned where its date stands", async ({ page, vault }) => {
  await vault.add(KEY, newKey());
  await expect(vault.row(KEY)).not.toContainText("Over 90 days old");
  const { secrets } = await (await page.request.get("/api/vault")).json();
  const old = new Date(Date.now() - 100 * 86_400_000).toISOString();
  await rows().update({ last_rotated_at: old }).eq("id", secrets[0].id).throwOnError();
  await page.reload();
  await expect(vault.row(KEY)).toContainText("Rotated 3 months ago");
  await expect(vault.row(KEY)).toContainText("Over 90 days old");
});

test("two hundred secrets are all there, in the end", async ({ page, vault }) => {
  await page.request.post("/api/vault", { data: { key: "KEY_0", value: "not-real" } });
  const { secrets } = await (await page.request.get("/api/vault")).json();
  const more = Array.from({ length: 199 }, (_, index) => ({
    owner_type: "user" as const,
    owner_id: secrets[0].owner_id,
    key: `KEY_${index + 1}`,
    encrypted_value: "v1.never-opened",
  }));
  await rows().insert(more).throwOnError();
  await page.reload();
  const all = vault.panel.getByRole("button", { name: /More actions for KEY_/ });
  await expect(all).toHaveCount(200);
  await vault.panel.getByLabel("Find a secret").fill("KEY_199");
  await expect(all).toHaveCount(1);
});

test("no part of Supabase's client, of zod or of the provider's SDK reaches the browser", async ({
  page,
}) => {
  const scripts: Promise<string>[] = [];
  page.on("response", (response) => {
    if (response.request().resourceType() === "script") scripts.push(response.text().catch(() => ""));
  });
  // The login page's code too.
  await signUp(page);
  await page.getByRole("button", { name: "Add a secret" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  const code = (await Promise.all(scripts)).join("\n");
  // Something of ours, to be sure that this is the code; then words that those libraries cannot do without.
  expect(code).toContain("The value is empty. Paste the key itself.");
  for (const word of [
    "AuthSessionMissingError",
    "sb_secret_test",
    "ZodError",
    "anthropic-version",
    "1qaz2wsx",
  ]) {
    expect(code, word).not.toContain(word);
  }
});
