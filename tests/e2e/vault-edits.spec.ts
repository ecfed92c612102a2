import { expect, newcomer, newKey, newValue, paste, test, VaultPanel } from "./fixtures";

const KEY = "ANTHROPIC_API_KEY";

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
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await page.route("**/api/vault", async (route) => {
    await released;
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
  release();
  const stored = async () => (await (await page.request.get("/api/vault?key=SHARED_KEY")).json()).description;
  await expect.poll(stored).toBe("second");
  await expect(vault.row("SHARED_KEY")).toContainText("second");
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("an edit that fails in the background does not touch an open dialog", async ({ page, vault }) => {
  await vault.add("SHARED_KEY", newValue(), "before");
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await page.route("**/api/vault", async (route) => {
    await released;
    await route.abort();
  });
  await vault.choose("SHARED_KEY", "Edit");
  await page.getByRole("dialog").getByLabel("Description").fill("after");
  await page.getByRole("button", { name: "Save changes" }).click();
  const dialog = await vault.openAdd();
  await dialog.getByLabel("Key name").fill("NEW_KEY");
  await dialog.getByLabel("Value", { exact: true }).fill("half typed");
  release();
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
