import type { SecretMetadata } from "../../lib/vault/types";
import {
  expect,
  expectAccessible,
  newcomer,
  newKey,
  newValue,
  test,
  VAULT_PAGE,
  VaultPanel,
} from "./fixtures";

test("a secret is added, shown, hidden, edited, replaced and deleted", async ({ page, vault }) => {
  await expect(vault.panel).toContainText("Add your ANTHROPIC_API_KEY");
  const value = newKey();
  await vault.add("ANTHROPIC_API_KEY", value, "For Reveal");
  const row = vault.row("ANTHROPIC_API_KEY");
  await expect(row).toContainText("For Reveal");
  await expect(row).toContainText("Rotated just now");
  await expect(page.getByRole("button", { name: /LLM/ })).toHaveAttribute("aria-expanded", "true");
  await expect(vault.value("ANTHROPIC_API_KEY")).toHaveCount(0);

  await vault.show("ANTHROPIC_API_KEY");
  await expect(vault.value("ANTHROPIC_API_KEY")).toHaveText(value);
  await vault.hide("ANTHROPIC_API_KEY");
  await expect(page.locator("body")).not.toContainText(value);

  await vault.choose("ANTHROPIC_API_KEY", "Edit");
  const dialog = page.getByRole("dialog", { name: "Edit ANTHROPIC_API_KEY" });
  await dialog.getByLabel("Description").fill("For everything");
  await dialog.getByLabel("Category").selectOption("General");
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await expect(row).toContainText("For everything");
  await expect(page.getByRole("button", { name: /General/ })).toBeVisible();
  await vault.show("ANTHROPIC_API_KEY");
  await expect(vault.value("ANTHROPIC_API_KEY")).toHaveText(value);

  const replacement = newKey("replaced");
  await vault.choose("ANTHROPIC_API_KEY", "Edit");
  await dialog.getByRole("button", { name: "Replace the value" }).click();
  await dialog.getByLabel("New value").fill(replacement);
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await vault.show("ANTHROPIC_API_KEY");
  await expect(vault.value("ANTHROPIC_API_KEY")).toHaveText(replacement);

  await page.reload();
  await expect(row).toContainText("For everything");
  await expect(page.locator("body")).not.toContainText(replacement);

  await vault.remove("ANTHROPIC_API_KEY");
  await expect(vault.panel).toContainText("Add your ANTHROPIC_API_KEY");
});

test("editing the description is no rotation, replacing the value is one", async ({ page, vault }) => {
  await vault.add("OPENAI_API_KEY", newValue());
  const read = async (): Promise<SecretMetadata> =>
    (await page.request.get("/api/vault?key=OPENAI_API_KEY")).json();
  const before = await read();
  const edit = async (label: string, text: string) => {
    await vault.choose("OPENAI_API_KEY", "Edit");
    if (label === "New value") await page.getByRole("button", { name: "Replace the value" }).click();
    await page.getByRole("dialog").getByLabel(label).fill(text);
    await page.getByRole("dialog").getByRole("button", { name: "Save changes" }).click();
    await expect(page.getByRole("dialog")).toBeHidden();
  };
  await edit("Description", "changed");
  await expect.poll(async () => (await read()).description).toBe("changed");
  const described = await read();
  expect(described.last_rotated_at).toBe(before.last_rotated_at);
  expect(described.updated_at > before.updated_at).toBe(true);
  const value = newValue();
  await edit("New value", value);
  const rotated = await read();
  expect(rotated.last_rotated_at > before.last_rotated_at).toBe(true);

  const said = page.getByText("It already had this value, so nothing was rotated.");
  await expect(said).toHaveCount(0);
  await edit("New value", value);
  await expect(said).toBeVisible();
  expect(await read()).toEqual(rotated);
});

test("a value is hidden again after 30 seconds, and when the window loses focus", async ({ page, vault }) => {
  const value = newValue();
  await vault.add("OPENAI_API_KEY", value);
  await page.clock.install();
  await vault.show("OPENAI_API_KEY");
  await expect(vault.value("OPENAI_API_KEY")).toHaveText(value);
  await expect(vault.status).toContainText("The value of OPENAI_API_KEY is shown");
  await page.clock.runFor(29_000);
  await expect(vault.value("OPENAI_API_KEY")).toHaveText(value);
  await page.clock.runFor(2_000);
  await expect(page.locator("body")).not.toContainText(value);
  await expect(vault.status).toHaveText("The value is hidden.");

  await vault.show("OPENAI_API_KEY");
  await expect(vault.value("OPENAI_API_KEY")).toHaveText(value);
  await page.evaluate(() => window.dispatchEvent(new Event("blur")));
  await expect(page.locator("body")).not.toContainText(value);
});

test("only one value is shown at a time", async ({ page, vault }) => {
  const [first, second] = [newValue(), newValue()];
  await vault.add("OPENAI_API_KEY", first);
  await vault.add("GROQ_API_KEY", second);
  await vault.show("OPENAI_API_KEY");
  await expect(vault.value("OPENAI_API_KEY")).toHaveText(first);
  await vault.show("GROQ_API_KEY");
  await expect(vault.value("GROQ_API_KEY")).toHaveText(second);
  await expect(page.locator("body")).not.toContainText(first);
});

test("mistakes are said in one sentence, and nothing is stored", async ({ page, vault }) => {
  await vault.panel.getByRole("button", { name: "Add a secret" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a secret" });
  const save = dialog.getByRole("button", { name: "Add secret" });
  const alert = dialog.getByRole("alert");
  await save.click();
  await expect(alert).toContainText("A key name has 1 to 64 characters");
  await dialog.getByLabel("Key name").fill("openai api-key");
  await expect(dialog.getByLabel("Key name")).toHaveValue("OPENAI_API_KEY");
  await expect(dialog.getByLabel("Category")).toHaveValue("LLM");
  await page.keyboard.press("Tab");
  await save.click();
  await expect(alert).toContainText("The value is empty");
  await dialog.getByLabel("Value", { exact: true }).fill("••••••••");
  await save.click();
  await expect(alert).toContainText("This is a mask");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  expect(await (await page.request.get("/api/vault")).json()).toEqual({ secrets: [] });
});

test("two windows: the one that saves last is told that the other was first", async ({ page, vault }) => {
  await vault.add("OPENAI_API_KEY", newValue(), "mine");
  const second = await page.context().newPage();
  await second.goto(VAULT_PAGE);
  const writeDescription = async (window: typeof page, text: string) => {
    await new VaultPanel(window).choose("OPENAI_API_KEY", "Edit");
    await window.getByRole("dialog").getByLabel("Description").fill(text);
    await window.getByRole("dialog").getByRole("button", { name: "Save changes" }).click();
  };
  await writeDescription(second, "from the second window");
  const stored = async () =>
    (await (await page.request.get("/api/vault?key=OPENAI_API_KEY")).json()).description;
  await expect.poll(stored).toBe("from the second window");
  await writeDescription(page, "from the first window");
  const dialog = page.getByRole("dialog", { name: "Edit OPENAI_API_KEY" });
  await expect(dialog).toContainText("Someone else changed this first");
  await expect(dialog).toContainText("described as “from the second window”");
  await expect(dialog.getByLabel("Description")).toHaveValue("from the first window");
  expect(await stored()).toBe("from the second window");
  await expectAccessible(page);

  await dialog.getByRole("button", { name: "Keep theirs" }).click();
  await expect(new VaultPanel(page).row("OPENAI_API_KEY")).toContainText("from the second window");

  await writeDescription(second, "second again");
  await expect.poll(stored).toBe("second again");
  await writeDescription(page, "first again");
  await dialog.getByRole("button", { name: "Overwrite with mine" }).click();
  await expect.poll(stored).toBe("first again");
});

test("without a network, and after the session has ended, each action says what happened", async ({
  page,
  context,
  vault,
}) => {
  await vault.add("OPENAI_API_KEY", newValue());
  await vault.loadParts("OPENAI_API_KEY");
  await context.setOffline(true);
  await vault.show("OPENAI_API_KEY");
  await expect(page.getByText("The server can't be reached. Check your connection")).toBeVisible();
  await context.setOffline(false);
  await context.clearCookies();
  await vault.show("OPENAI_API_KEY");
  await expect(page.getByText("Your session has ended.")).toBeVisible();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL("/login");
});

test("everything works with the keyboard alone, and focus returns", async ({ page, vault }) => {
  const value = newValue();
  const add = vault.panel.getByRole("button", { name: "Add a secret" });
  await add.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Key name")).toBeFocused();
  await page.keyboard.type("openai");
  await expect(page.getByRole("option", { name: "OPENAI_API_KEY" })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Key name")).toHaveValue("OPENAI_API_KEY");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Value", { exact: true })).toBeFocused();
  await page.keyboard.type(value);
  await page.keyboard.press("Tab"); // a file
  await page.keyboard.press("Tab"); // show what is entered
  await page.keyboard.press("Tab"); // the provider's page
  await page.keyboard.press("Tab"); // use only
  await expect(page.getByLabel("Use only")).toBeFocused();
  await page.keyboard.press("Tab"); // category
  await page.keyboard.press("Tab"); // the date, whose parts are stops of their own
  const description = page.getByLabel("Description");
  const isThere = () => description.evaluate((field) => field === document.activeElement);
  for (let stop = 0; stop < 6 && !(await isThere()); stop++) await page.keyboard.press("Tab");
  await expect(description).toBeFocused();
  await page.keyboard.type("by keyboard");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(add).toBeFocused();

  const more = vault.more("OPENAI_API_KEY");
  await more.focus();
  await page.keyboard.press("Space");
  await expect(page.getByRole("menuitem", { name: "Show" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(vault.value("OPENAI_API_KEY")).toHaveText(value);
  await expect(more).toBeFocused();
  for (const press of ["Enter", "End"]) await page.keyboard.press(press);
  await expect(page.getByRole("menuitem", { name: "Delete" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(more).toBeFocused();
});

test("the dashboard is accessible empty, filled, revealed and with each dialog", async ({ page, vault }) => {
  await expectAccessible(page);
  await vault.add("OPENAI_API_KEY", newValue(), "For the evaluation");
  await vault.add("RESEND_API_KEY", "re_test_not_real");
  await expectAccessible(page);
  await vault.show("OPENAI_API_KEY");
  await expect(vault.value("OPENAI_API_KEY")).toHaveText(/value-not-real/);
  await expectAccessible(page);
  await vault.choose("OPENAI_API_KEY", "Edit");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await vault.choose("OPENAI_API_KEY", "Delete");
  await expectAccessible(page);
});

for (const width of [320, 768, 1440]) {
  test(`nothing is wider than a window of ${width} pixels`, async ({ page, vault }) => {
    await page.setViewportSize({ width, height: 900 });
    await vault.add(`A${"_VERY_LONG_NAME".repeat(4)}`, newValue(), "word ".repeat(20));
    await vault.show(`A${"_VERY_LONG_NAME".repeat(4)}`);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
  });
}

test("another person sees and changes nothing of it", async ({ page, vault, browser }) => {
  await vault.add("OPENAI_API_KEY", newValue());
  const stranger = await (await browser.newContext()).newPage();
  await newcomer(stranger);
  await expect(new VaultPanel(stranger).panel).toContainText("Add your ANTHROPIC_API_KEY");
  for (const query of ["", "&reveal=true"]) {
    expect((await stranger.request.get(`/api/vault?key=OPENAI_API_KEY${query}`)).status()).toBe(404);
  }
  expect((await stranger.request.delete("/api/vault?key=OPENAI_API_KEY")).status()).toBe(404);
  await page.reload();
  await expect(vault.row("OPENAI_API_KEY")).toBeVisible();
});
