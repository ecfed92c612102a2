import type { Locator } from "@playwright/test";
import {
  expect,
  expectAccessible,
  newKey,
  newTeam,
  newValue,
  RevealPanel,
  receivedWith,
  signUp,
  store,
  test,
  type VaultPanel,
  WebhookPanel,
} from "../e2e/fixtures";
import { PLATFORM_KEY } from "../support/keys";

// What a person meets while the remote backend is out of reach, and after it: `npm run test:swap -- outage`.

const KEY = "ANTHROPIC_API_KEY";
const UNAVAILABLE = "The vault can't be reached right now. Try again in a moment.";

/** Has the backend fail, for everybody, until it is told "none". */
async function backend(fault: "none" | "500" | "timeout"): Promise<void> {
  const reply = await fetch(`${process.env.VAULT_BACKEND_URL}/fault`, { method: "PUT", body: fault });
  expect(await reply.text()).toBe(fault);
}
test.afterEach(() => backend("none"));

/** Clicks a button of a row, and waits for the answer, which has to be the outage's, and for its sentence. */
async function expectRefused({ page }: VaultPanel, button: Locator): Promise<void> {
  const answered = page.waitForResponse((reply) => reply.url().includes("/api/vault"));
  await button.click();
  const reply = await answered;
  expect(reply.status()).toBe(503);
  expect(await reply.json()).toMatchObject({ code: "vault_unavailable" });
  await expect(page.getByText(UNAVAILABLE).last()).toBeVisible();
}

test("what is stored is listed, described and deleted as before", async ({ page, vault }) => {
  await vault.add(KEY, newKey(), "before");
  await vault.add("GROQ_API_KEY", newValue());
  await backend("500");
  await page.reload();
  await expect(vault.row(KEY)).toContainText("In use");
  await expect(vault.row("GROQ_API_KEY")).toBeVisible();
  await expect(new RevealPanel(page).payer).toContainText(`Your ${KEY} will be used.`);
  await expectAccessible(page);

  await vault.choose(KEY, "Edit");
  await page.getByRole("dialog").getByLabel("Description").fill("after");
  await page.getByRole("button", { name: "Save changes" }).click();
  await vault.remove("GROQ_API_KEY");
  await expect(vault.row("GROQ_API_KEY")).toHaveCount(0);
  await page.reload();
  await expect(vault.row(KEY)).toContainText("after");
  await expect(vault.row("GROQ_API_KEY")).toHaveCount(0);
  await page.goto("/activity");
  await expect(page.getByRole("main")).toContainText("GROQ_API_KEY");
});

test("a value is neither shown nor copied nor checked, and is there afterwards", async ({
  page,
  context,
  vault,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(() => navigator.clipboard.writeText("from before"));
  const value = newKey();
  await vault.add(KEY, value);
  const row = vault.row(KEY);
  await backend("500");
  await expectRefused(vault, row.getByRole("button", { name: `Copy the value of ${KEY}` }));
  for (const name of ["Show", "Check"]) {
    await vault.more(KEY).click();
    await expectRefused(vault, page.getByRole("menuitem", { name }));
  }
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("from before");
  // None of them is a verdict on the key.
  await expect(row).not.toContainText(/Works|Refused|can't be read/);
  await expect(page.locator("body")).not.toContainText(value);
  expect(await receivedWith(value)).toHaveLength(0);
  await expectAccessible(page);

  await backend("none");
  await vault.check(KEY);
  await expect(row).toContainText("Works");
  await vault.show(KEY);
  await expect(vault.value(KEY)).toHaveText(value);
});

test("what is being entered stays in its dialog, and is saved once the backend is back", async ({
  page,
  vault,
}) => {
  const [before, after, added] = [newKey(), newKey(), newValue()];
  await vault.add(KEY, before, "before");
  await backend("500");

  await vault.choose(KEY, "Edit");
  const edit = page.getByRole("dialog", { name: `Edit ${KEY}` });
  await edit.getByRole("button", { name: "Replace the value" }).click();
  await edit.getByLabel("New value").fill(after);
  await edit.getByLabel("Description").fill("after");
  await edit.getByRole("button", { name: "Save changes" }).click();
  await expect(edit.getByRole("alert")).toContainText(UNAVAILABLE);
  await expect(edit.getByLabel("New value")).toHaveValue(after);
  await expect(edit.getByLabel("Description")).toHaveValue("after");
  await expectAccessible(page);
  await backend("none");
  // In another window: nothing of it was stored.
  const stored = await page.request.get(`/api/vault?key=${KEY}&reveal=true`);
  expect(await stored.json()).toEqual({ key: KEY, value: before });
  await edit.getByRole("button", { name: "Save changes" }).click();
  await expect(edit).toBeHidden();
  await expect(vault.row(KEY)).toContainText("after");
  await vault.show(KEY);
  await expect(vault.value(KEY)).toHaveText(after);

  await backend("500");
  await vault.panel.getByRole("button", { name: "Add a secret" }).click();
  const add = page.getByRole("dialog", { name: "Add a secret" });
  await add.getByLabel("Key name").fill("MY_OWN_KEY");
  await add.getByLabel("Value", { exact: true }).fill(added);
  await add.getByRole("button", { name: "Add secret" }).click();
  await expect(add.getByRole("alert")).toContainText(UNAVAILABLE);
  await expect(add.getByLabel("Value", { exact: true })).toHaveValue(added);
  expect((await page.request.get("/api/vault?key=MY_OWN_KEY")).status()).toBe(404);
  await backend("none");
  await add.getByRole("button", { name: "Add secret" }).click();
  await expect(add).toBeHidden();
  await vault.show("MY_OWN_KEY");
  await expect(vault.value("MY_OWN_KEY")).toHaveText(added);
});

test("an import stores nothing, keeps its preview, and stores everything afterwards", async ({
  page,
  vault,
}) => {
  await backend("500");
  await vault.panel.getByRole("button", { name: "Import a .env file" }).click();
  const dialog = page.getByRole("dialog", { name: "Import a .env file" });
  await dialog.getByLabel("File contents").fill("GROQ_API_KEY=gsk_test\nOPENAI_API_KEY=sk-test");
  await dialog.getByRole("button", { name: "Preview" }).click();
  await dialog.getByRole("button", { name: "Store 2 secrets" }).click();
  await expect(dialog.getByRole("alert")).toContainText(UNAVAILABLE);
  expect(await (await page.request.get("/api/vault")).json()).toEqual({ secrets: [] });
  await expectAccessible(page);
  await backend("none");
  await dialog.getByRole("button", { name: "Store 2 secrets" }).click();
  await expect(dialog).toBeHidden();
  await expect(vault.row("GROQ_API_KEY")).toBeVisible();
  await expect(vault.row("OPENAI_API_KEY")).toBeVisible();
});

test("a webhook is not added without its signing secret, and what was entered stays", async ({ page }) => {
  await signUp(page);
  const { panel, dialog, rows } = new WebhookPanel(page);
  await backend("500");
  await panel.getByRole("button", { name: "Add a webhook" }).click();
  await dialog.getByLabel("Address").fill("https://example.com/hook");
  await dialog.getByRole("button", { name: "Add webhook" }).click();
  await expect(dialog.getByRole("alert")).toContainText(UNAVAILABLE);
  await expect(dialog.getByLabel("Address")).toHaveValue("https://example.com/hook");
  expect(await (await page.request.get("/api/webhooks")).json()).toEqual({ webhooks: [] });
  await backend("none");
  await dialog.getByRole("button", { name: "Add webhook" }).click();
  await expect(dialog.getByLabel("Signing secret")).toHaveValue(/^whsec_/);
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(rows).toHaveCount(1);
});

for (const fault of ["500", "timeout"] as const) {
  test(`Reveal stops at one's own key, and takes nobody else's: ${fault}`, async ({ page }) => {
    await signUp(page);
    const team = await newTeam("Outage", page);
    const [mine, ours, prompt] = [newKey(), newKey(), newKey("prompt")];
    await store(page, KEY, mine);
    await store(page, KEY, ours, team);
    const paid = async () => ({
      mine: (await receivedWith(mine)).length,
      ours: (await receivedWith(ours)).length,
      platform: (await receivedWith(PLATFORM_KEY, prompt)).length,
    });
    await page.goto(`/dashboard?team=${team}`);
    const reveal = new RevealPanel(page);
    await expect(reveal.payer).toHaveText(
      `Your ${KEY} will be used. Without it: the team's, then the platform's.`,
    );
    await backend(fault);
    await reveal.run(prompt);
    await expect(reveal.alert).toContainText(UNAVAILABLE);
    // Nobody is led to spend another one's because of a moment.
    await expect(reveal.alert.getByRole("button")).toHaveCount(0);
    await expect(reveal.panel.getByLabel("Prompt")).toHaveValue(prompt);
    await expectAccessible(page);

    await reveal.panel.getByRole("tab", { name: "Analyze" }).click();
    const analysis = reveal.panel.getByRole("tabpanel", { name: "Analyze" });
    await analysis.getByLabel("Text").fill(prompt);
    await analysis.getByRole("button", { name: "Analyze" }).click();
    await expect(analysis.getByRole("alert")).toContainText(UNAVAILABLE);
    await expect(analysis.getByLabel("Text")).toHaveValue(prompt);
    expect(await paid()).toEqual({ mine: 0, ours: 0, platform: 0 });
    await expect(reveal.payer).toContainText(`Your ${KEY} will be used.`);

    await backend("none");
    await reveal.panel.getByRole("tab", { name: "Run" }).click();
    await reveal.panel.getByRole("button", { name: "Run", exact: true }).click();
    await expect(reveal.panel).toContainText("Paid with your key");
    expect(await paid()).toEqual({ mine: 1, ours: 0, platform: 0 });
  });
}

test("a member's run on a team's key stops too, and the platform's is not taken", async ({
  page,
  browser,
}) => {
  const admin = await browser.newPage();
  await signUp(admin);
  await signUp(page);
  const team = await newTeam("Outage", admin, page);
  const [ours, prompt] = [newKey(), newKey("prompt")];
  await store(admin, KEY, ours, team);
  await page.goto(`/dashboard?team=${team}`);
  const reveal = new RevealPanel(page);
  await expect(reveal.payer).toHaveText(`The team's ${KEY} will be used. Without it: the platform's.`);
  await backend("500");
  await reveal.run(prompt);
  await expect(reveal.alert).toContainText(UNAVAILABLE);
  await expect(reveal.alert.getByRole("button")).toHaveCount(0);
  expect(await receivedWith(PLATFORM_KEY, prompt)).toHaveLength(0);
  expect(await receivedWith(ours)).toHaveLength(0);
  await backend("none");
  await reveal.panel.getByRole("button", { name: "Run", exact: true }).click();
  await expect(reveal.panel).toContainText("Paid with the team's key");
  await admin.close();
});
