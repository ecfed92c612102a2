import {
  expect,
  expectAccessible,
  newcomer,
  newKey,
  newSession,
  newTeam,
  newValue,
  RevealPanel,
  store,
  test,
  VaultPanel,
} from "./fixtures";

const KEY = "SHARED_KEY";
const DAY_MS = 86_400_000;
const dayIn = (days: number) => new Date(Date.now() + days * DAY_MS).toLocaleDateString("sv-SE");

test("a use-only key is never shown, and only a new value changes that", async ({ page }) => {
  await newcomer(page);
  const vault = new VaultPanel(page);
  const dialog = await vault.openAdd();
  await dialog.getByLabel("Key name").fill(KEY);
  await dialog.getByLabel("Value", { exact: true }).fill(newValue());
  await dialog.getByLabel("Use only").check();
  await dialog.getByRole("button", { name: "Add secret" }).click();
  await expect(dialog).toBeHidden();
  await expect(vault.row(KEY)).toContainText("Use only");
  await expect(vault.panel.getByRole("button", { name: `Copy the value of ${KEY}` })).toBeHidden();
  await vault.more(KEY).click();
  await expect(page.getByRole("menuitem", { name: "Edit" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Show" })).toBeHidden();
  await page.keyboard.press("Escape");
  for (const more of ["", "&copy=true"]) {
    const reply = await page.request.get(`/api/vault?key=${KEY}&reveal=true${more}`);
    expect([reply.status(), (await reply.json()).code]).toEqual([403, "secret_use_only"]);
  }

  await vault.choose(KEY, "Edit");
  const edit = page.getByRole("dialog", { name: `Edit ${KEY}` });
  await expect(edit.getByLabel("Use only")).toBeChecked();
  await expect(edit.getByLabel("Use only")).toBeDisabled();
  await expectAccessible(page);
  await edit.getByRole("button", { name: "Replace the value" }).click();
  await edit.getByLabel("Use only").uncheck();
  const value = newValue();
  await edit.getByLabel("New value").fill(value);
  await edit.getByRole("button", { name: "Save changes" }).click();
  await expect(edit).toBeHidden();
  await vault.show(KEY);
  await expect(vault.value(KEY)).toContainText(value);
});

test("a key's date is said 14 days before, and none that has passed is taken", async ({ page }) => {
  await newcomer(page);
  const vault = new VaultPanel(page);
  await vault.add(KEY, newValue());
  const edit = page.getByRole("dialog", { name: `Edit ${KEY}` });
  await vault.choose(KEY, "Edit");
  await edit.getByLabel("Expires").fill(dayIn(-1));
  await edit.getByRole("button", { name: "Save changes" }).click();
  await expect(edit.getByRole("alert")).toHaveText("That day has passed. Choose a later one, or none.");
  await expect(edit.getByLabel("Expires")).toBeFocused();
  await expectAccessible(page);
  await edit.getByLabel("Expires").fill(dayIn(2));
  await edit.getByRole("button", { name: "Save changes" }).click();
  await expect(vault.row(KEY)).toContainText(/Expires in [23] days/);
  await page.reload();
  await expect(vault.row(KEY)).toContainText(/Expires in [23] days/);
  await vault.choose(KEY, "Edit");
  await expect(edit.getByLabel("Expires")).toHaveValue(dayIn(2));
  await edit.getByLabel("Expires").fill("");
  await edit.getByRole("button", { name: "Save changes" }).click();
  await expect(vault.row(KEY)).not.toContainText("Expires");
});

test("a team's row adds one's own key in one step, and both vaults say which is used", async ({
  page,
  browser,
}) => {
  await newcomer(page);
  const context = await browser.newContext();
  const member = await context.newPage();
  await newSession(member);
  const team = await newTeam("Acme", page, member);
  for (const key of ["ANTHROPIC_API_KEY", KEY]) await store(page, key, newKey(), team);
  await member.goto(`/dashboard?team=${team}`);
  const vault = new VaultPanel(member);
  for (const key of ["ANTHROPIC_API_KEY", KEY]) {
    await vault.choose(key, "Use my own instead");
    const dialog = member.getByRole("dialog", { name: "Add your own key" });
    await expect(dialog.getByLabel("Key name")).toHaveValue(key);
    await dialog.getByLabel("Value", { exact: true }).fill(newKey());
    await dialog.getByRole("button", { name: "Add secret" }).click();
    await expect(dialog).toBeHidden();
    await expect(vault.row(key)).toContainText("Overridden by yours");
  }
  await expect(new RevealPanel(member).payer).toContainText("Your ANTHROPIC_API_KEY will be used.");
  await member.goto("/dashboard");
  for (const key of ["ANTHROPIC_API_KEY", KEY]) {
    await expect(vault.row(key)).toContainText("Overrides the team key");
  }
  await context.close();
});
