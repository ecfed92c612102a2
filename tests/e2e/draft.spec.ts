import type { Page } from "@playwright/test";
import type { Account } from "./api/client";
import { test as base, discard, expect, expectAccessible, newcomer, newValue, VaultPanel } from "./fixtures";

const KEY = "SHARED_KEY";

/** Somebody with one secret, whose dialog to edit it is open. */
const test = base.extend<{ editor: { account: Account; vault: VaultPanel; value: string } }>({
  editor: async ({ page }, use) => {
    const account = await newcomer(page);
    const vault = new VaultPanel(page);
    const value = newValue();
    await vault.add(KEY, value, "before");
    await openEdit(vault);
    await use({ account, vault, value });
  },
});

const edit = (page: Page) => page.getByRole("dialog", { name: `Edit ${KEY}` });
const add = (page: Page) => page.getByRole("dialog", { name: "Add a secret" });

async function openEdit(vault: VaultPanel): Promise<void> {
  await vault.choose(KEY, "Edit");
  await edit(vault.page).getByLabel("Category").selectOption("Hosting");
  await edit(vault.page).getByLabel("Description").fill("half typed");
}

/** Ends the session, and meets that with a button of a dialog. */
async function saveSignedOut(page: Page, name: string): Promise<void> {
  await page.context().clearCookies();
  await page.getByRole("dialog").getByRole("button", { name }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign in again" }).click();
  await page.waitForURL("**/login");
}

async function signIn(page: Page, account: Account): Promise<void> {
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password").fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/dashboard");
}

/** What is stored, asked for after a sign-in. */
const stored = async (page: Page) => (await page.request.get(`/api/vault?key=${KEY}&reveal=true`)).json();
const described = async (page: Page) =>
  (await (await page.request.get(`/api/vault?key=${KEY}`)).json()).description;

test("an edit goes on as an edit after a sign-in", async ({ page, editor }) => {
  await saveSignedOut(page, "Save changes");
  await signIn(page, editor.account);
  await expect(edit(page).getByLabel("Description")).toHaveValue("half typed");
  await expect(edit(page).getByLabel("Category")).toHaveValue("Hosting");
  await expect(edit(page).getByRole("button", { name: "Replace the value" })).toBeVisible();
  await expect(add(page)).toBeHidden();
  await edit(page).getByRole("button", { name: "Save changes" }).click();
  await expect(edit(page)).toBeHidden();
  await expect.poll(() => described(page)).toBe("half typed");
  expect((await stored(page)).value).toBe(editor.value);
});

test("an edit with a new value asks for that again, and the value was kept nowhere", async ({
  page,
  editor,
}) => {
  const value = newValue();
  await edit(page).getByRole("button", { name: "Replace the value" }).click();
  await edit(page).getByLabel("New value").fill(value);
  await page.context().clearCookies();
  await edit(page).getByRole("button", { name: "Save changes" }).click();
  await expect(edit(page).getByRole("alert")).toContainText("The value isn't.");
  await edit(page).getByRole("button", { name: "Sign in again" }).click();
  await page.waitForURL("**/login");
  const storage = () => page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
  expect(await storage()).not.toContain(value);
  await signIn(page, editor.account);
  await expect(edit(page).getByText("The value isn't kept when you sign in. Enter it again.")).toBeVisible();
  await expect(edit(page).getByLabel("New value")).toHaveValue("");
  await expectAccessible(page);
  await edit(page).getByLabel("New value").fill(value);
  await edit(page).getByRole("button", { name: "Save changes" }).click();
  await expect(edit(page)).toBeHidden();
  expect(await stored(page)).toEqual({ key: KEY, value });
  expect(await described(page)).toBe("half typed");
});

test("an edit of what was changed elsewhere meanwhile is told so", async ({ page, editor, browser }) => {
  const other = await browser.newContext({ storageState: await page.context().storageState() });
  await saveSignedOut(page, "Save changes");
  const theirs = newValue();
  const reply = await other.request.post("/api/vault", {
    data: { key: KEY, value: theirs, description: "theirs" },
  });
  expect(reply.status()).toBe(200);
  await signIn(page, editor.account);
  await edit(page).getByRole("button", { name: "Save changes" }).click();
  await expect(edit(page)).toContainText("Someone else changed this first");
  await expect(edit(page)).toContainText("and its value was replaced");
  await expect(edit(page).getByLabel("Description")).toHaveValue("half typed");
  expect(await described(page)).toBe("theirs");
  await edit(page).getByRole("button", { name: "Overwrite with mine" }).click();
  await expect.poll(() => described(page)).toBe("half typed");
  expect((await stored(page)).value).toBe(theirs);
  await other.close();
});

test("an edit of what was deleted meanwhile says so, and offers to add it", async ({
  page,
  editor,
  browser,
}) => {
  const other = await browser.newContext({ storageState: await page.context().storageState() });
  await saveSignedOut(page, "Save changes");
  expect((await other.request.delete(`/api/vault?key=${KEY}`)).status()).toBe(204);
  await signIn(page, editor.account);
  await expect(add(page)).toContainText(`${KEY} was deleted while you were signed out.`);
  await expect(add(page).getByLabel("Key name")).toHaveValue(KEY);
  await expect(add(page).getByLabel("Description")).toHaveValue("half typed");
  const value = newValue();
  await add(page).getByLabel("Value", { exact: true }).fill(value);
  await add(page).getByRole("button", { name: "Add secret" }).click();
  await expect(add(page)).toBeHidden();
  expect(await stored(page)).toEqual({ key: KEY, value });
  await other.close();
});

test("an edit that was on its way in the background goes on as an edit too", async ({ page, editor }) => {
  await page.context().clearCookies();
  await edit(page).getByRole("button", { name: "Save changes" }).click();
  await expect(edit(page).getByRole("alert")).toContainText("Your changes are kept while you sign in.");
  await expect(edit(page).getByRole("alert")).not.toContainText("The value isn't.");
  await discard(page);
  await expect(editor.vault.row(KEY)).toContainText("before");
});

test("a secret that was being added says that its value is to be entered again", async ({ page, editor }) => {
  await discard(page);
  await editor.vault.panel.getByRole("button", { name: "Add a secret" }).click();
  await add(page).getByLabel("Key name").fill("NEW_KEY");
  await add(page).getByLabel("Value", { exact: true }).fill(newValue());
  await saveSignedOut(page, "Add secret");
  await signIn(page, editor.account);
  await expect(add(page).getByLabel("Key name")).toHaveValue("NEW_KEY");
  await expect(add(page).getByText("The value isn't kept when you sign in. Enter it again.")).toBeVisible();
});

test("an import says that the file is not kept", async ({ page, editor }) => {
  await discard(page);
  await editor.vault.panel.getByRole("button", { name: "Import a .env file" }).click();
  const dialog = page.getByRole("dialog", { name: "Import a .env file" });
  await dialog.getByLabel("File contents").fill("NEW_KEY=value-not-real");
  await dialog.getByRole("button", { name: "Preview" }).click();
  await page.context().clearCookies();
  await dialog.getByRole("button", { name: "Store 1 secret" }).click();
  await expect(dialog.getByRole("alert")).toContainText(
    "The file isn't kept. Import it again after you sign in.",
  );
  await dialog.getByRole("button", { name: "Sign in again" }).click();
  await page.waitForURL("**/login");
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain("value-not-real");
});

test("what is no draft is ignored", async ({ page, editor }) => {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  for (const text of ["{", "null", '{"place":1}']) {
    await page.evaluate((text) => sessionStorage.setItem("vault-draft", text), text);
    await page.reload();
    await expect(editor.vault.row(KEY)).toBeVisible();
    await expect.poll(() => page.evaluate(() => sessionStorage.getItem("vault-draft"))).toBeNull();
    await expect(page.getByRole("dialog")).toBeHidden();
  }
  expect(problems).toEqual([]);
});
