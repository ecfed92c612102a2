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
  paste,
  signUp,
  test,
  VaultPanel,
} from "./fixtures";

const KEY = "ANTHROPIC_API_KEY";

/** The database, for states that the app itself does not lead to. */
const rows = () => createClient<Database>(SUPABASE_URL, TEST_SECRET_KEY).from("vault_secrets");

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

test("a session that ends while typing costs the value only", async ({ page, context }) => {
  const account = await newcomer(page);
  const vault = new VaultPanel(page);
  const dialog = await vault.openAdd();
  await dialog.getByLabel("Key name").fill("MY_OWN_KEY");
  await dialog.getByLabel("Category").selectOption("Hosting");
  await dialog.getByLabel("Description").fill("half typed");
  const value = newKey();
  await dialog.getByLabel("Value", { exact: true }).fill(value);
  await context.clearCookies();
  await dialog.getByRole("button", { name: "Add secret" }).click();
  await dialog.getByRole("button", { name: "Sign in again" }).click();
  await page.waitForURL("**/login");
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain(value);
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password").fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog.getByLabel("Key name")).toHaveValue("MY_OWN_KEY");
  await expect(dialog.getByLabel("Category")).toHaveValue("Hosting");
  await expect(dialog.getByLabel("Description")).toHaveValue("half typed");
  await expect(dialog.getByLabel("Value", { exact: true })).toHaveValue("");
});

test("a change that does not arrive is taken back", async ({ page, context, vault }) => {
  await vault.add(KEY, newKey(), "before");
  await vault.loadParts(KEY);
  await context.setOffline(true);
  await vault.remove(KEY);
  await expect(page.getByText(`Couldn't delete ${KEY}`)).toBeVisible();
  await expect(vault.row(KEY)).toContainText("before");
  await vault.choose(KEY, "Edit");
  const dialog = page.getByRole("dialog", { name: `Edit ${KEY}` });
  await dialog.getByLabel("Description").fill("after");
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await expect(dialog.getByRole("alert")).toContainText("The server can't be reached");
  await expect(dialog.getByLabel("Description")).toHaveValue("after");
  await context.setOffline(false);
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await expect(vault.row(KEY)).toContainText("after");
});

test("replacing a value through Add keeps what is known of the secret", async ({ page, vault }) => {
  await vault.add(KEY, newKey(), "on my own account");
  const dialog = await vault.openAdd();
  await dialog.getByLabel("Key name").fill(KEY);
  await expect(dialog.getByText(`${KEY} is already in the vault.`)).toBeVisible();
  await expect(dialog.getByLabel("Description")).toHaveValue("on my own account");
  const value = newKey();
  await dialog.getByLabel("Value", { exact: true }).fill(value);
  await dialog.getByRole("button", { name: "Replace the value" }).click();
  await expect(dialog).toBeHidden();
  await expect(vault.row(KEY)).toContainText("on my own account");
  await vault.show(KEY);
  await expect(vault.value(KEY)).toHaveText(value);
  await expect(page.locator("body")).toContainText(value);
});

test("a key that another window has added meanwhile is not overwritten unasked", async ({ page, vault }) => {
  const dialog = await vault.openAdd();
  await dialog.getByLabel("Key name").fill("SHARED_KEY");
  await page.request.post("/api/vault", {
    data: { key: "SHARED_KEY", value: "theirs", description: "theirs" },
  });
  await dialog.getByLabel("Value", { exact: true }).fill("mine");
  await dialog.getByRole("button", { name: "Add secret" }).click();
  await expect(dialog.getByRole("alert")).toContainText("was added or changed elsewhere");
  const stored = async () =>
    (await (await page.request.get("/api/vault?key=SHARED_KEY&reveal=true")).json()).value;
  expect(await stored()).toBe("theirs");
  await dialog.getByRole("button", { name: "Replace the value" }).click();
  await expect(dialog).toBeHidden();
  expect(await stored()).toBe("mine");
});

test("a secret that another window has deleted leaves the list when it is asked for", async ({
  page,
  vault,
}) => {
  await vault.add("SHARED_KEY", newValue());
  await page.request.delete("/api/vault?key=SHARED_KEY");
  await vault.show("SHARED_KEY");
  await expect(page.getByText("SHARED_KEY was deleted elsewhere")).toBeVisible();
  await expect(vault.panel).toContainText("Add your ANTHROPIC_API_KEY");
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

test("a second click on Preview stores nothing, and closes nothing where it falls beside", async ({
  page,
  vault,
}) => {
  await page.clock.install();
  await vault.panel.getByRole("button", { name: "Import a .env file" }).click();
  const dialog = page.getByRole("dialog", { name: "Import a .env file" });
  await dialog.getByLabel("File contents").fill("GROQ_API_KEY=gsk_test\nMY_KEY=x");
  // The dialog listens by now, so that the clock may stand still while it is clicked.
  await page.clock.pauseAt(Date.now() + 60_000);
  await dialog.getByRole("button", { name: "Preview" }).dblclick();
  const storeAll = dialog.getByRole("button", { name: "Store 2 secrets" });
  await expect(storeAll).toBeDisabled();
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeDisabled();
  await page.mouse.click(5, 5);
  await page.clock.runFor(1_000);
  await expect(storeAll).toBeEnabled();
  expect(await (await page.request.get("/api/vault")).json()).toEqual({ secrets: [] });
  await page.mouse.click(5, 5);
  await page.clock.runFor(1_000);
  await expect(dialog).toBeHidden();
});

test("two quick edits of one secret follow each other", async ({ page, vault }) => {
  await vault.add("SHARED_KEY", newValue());
  await page.route("**/api/vault", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.continue();
  });
  const describeAs = async (text: string) => {
    await vault.choose("SHARED_KEY", "Edit");
    await page.getByRole("dialog").getByLabel("Description").fill(text);
    await page.getByRole("button", { name: "Save changes" }).click();
    await expect(page.getByRole("dialog")).toBeHidden();
  };
  await describeAs("first");
  await describeAs("second");
  const stored = async () => (await (await page.request.get("/api/vault?key=SHARED_KEY")).json()).description;
  await expect.poll(stored).toBe("second");
  await expect(vault.row("SHARED_KEY")).toContainText("second");
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("an edit that fails in the background does not touch an open dialog", async ({ page, vault }) => {
  await vault.add("SHARED_KEY", newValue(), "before");
  await page.route("**/api/vault", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.abort();
  });
  await vault.choose("SHARED_KEY", "Edit");
  await page.getByRole("dialog").getByLabel("Description").fill("after");
  await page.getByRole("button", { name: "Save changes" }).click();
  const dialog = await vault.openAdd();
  await dialog.getByLabel("Key name").fill("NEW_KEY");
  await dialog.getByLabel("Value", { exact: true }).fill("half typed");
  await expect(page.getByText("Couldn't change SHARED_KEY.")).toBeVisible();
  await expect(dialog.getByLabel("Key name")).toHaveValue("NEW_KEY");
  await expect(dialog.getByLabel("Value", { exact: true })).toHaveValue("half typed");
  await expect(page.locator("#vault")).toContainText("before");
  await page.getByRole("button", { name: "Edit again" }).click();
  const edit = page.getByRole("dialog", { name: "Edit SHARED_KEY" });
  await expect(edit.getByLabel("Description")).toHaveValue("after");
});

test("the name keeps its caret, and lets no value through", async ({ page, vault }) => {
  const dialog = await vault.openAdd();
  const name = dialog.getByLabel("Key name");
  await name.fill("OPENAI_KEY");
  await name.evaluate((input: HTMLInputElement) => input.setSelectionRange(7, 7));
  await page.keyboard.type("api_");
  await expect(name).toHaveValue("OPENAI_API_KEY");
  await name.fill("");
  const value = newKey();
  await paste(name, `${KEY}=${value}`);
  await expect(name).toHaveValue(KEY);
  await expect(dialog.getByLabel("Value", { exact: true })).toHaveValue(value);
});

test("a mistake is said beside its field, which has the focus, in a small window too", async ({
  page,
  vault,
}) => {
  await page.setViewportSize({ width: 640, height: 360 });
  const dialog = await vault.openAdd();
  await dialog.getByLabel("Key name").fill("OPENAI_API_KEY");
  await dialog.getByLabel("Value", { exact: true }).fill(newKey());
  await dialog.getByRole("button", { name: "Add secret" }).click();
  await expect(dialog.getByRole("alert")).toBeInViewport();
  await expect(dialog.getByLabel("Value", { exact: true })).toBeFocused();
  await dialog.getByRole("button", { name: `Store it as ${KEY}` }).click();
  await expect(dialog.getByLabel("Value", { exact: true })).toBeFocused();
  await page.setViewportSize({ width: 320, height: 640 });
  await dialog.getByLabel("Value", { exact: true }).fill("x".repeat(400));
  expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
});

test("a prefilled description leaves with the name that it came with", async ({ vault }) => {
  await vault.add("STRIPE_SECRET_KEY", newValue(), "Live account");
  const dialog = await vault.openAdd();
  await dialog.getByLabel("Key name").fill("STRIPE_SECRET_KEY");
  await expect(dialog.getByLabel("Description")).toHaveValue("Live account");
  await dialog.getByLabel("Key name").fill("STRIPE_SECRET_KEY_TEST");
  await expect(dialog.getByLabel("Description")).toHaveValue("");
});
