import type { Locator, Page } from "@playwright/test";
import { newPerson, type Person } from "./api/client";
import {
  alive,
  enter,
  expect,
  expectAccessible,
  newSession,
  newTeam,
  newValue,
  store,
  test,
  VaultPanel,
  WebhookPanel,
} from "./fixtures";
import { withWebhooks } from "./keyboard-help";

test("a dialog opens in the frame of the click, not when a timer ends", async ({ page }) => {
  const person = await newPerson();
  await enter(page.context(), person);
  await page.clock.install();
  await page.goto("/dashboard");
  await page.clock.pauseAt(Date.now() + 3_600_000);
  await alive(page);
  const { panel } = new VaultPanel(page);
  await panel.getByRole("button", { name: "Add a secret" }).click();
  await expect(page.getByRole("dialog", { name: "Add a secret" })).toBeVisible();
});

/** The question whether what was typed may be lost. */
const question = (page: Page) => page.getByRole("alertdialog", { name: "Discard what you typed?" });

/** Each way to close a dialog asks, and Keep editing leaves everything as it was; then it is discarded. */
async function expectToAsk(page: Page, dialog: Locator, field: Locator, typed: string): Promise<void> {
  const closeButton = dialog.getByRole("button", { name: "Close" });
  const isAlert = (await dialog.getAttribute("role")) === "alertdialog";
  const ways: [string, () => Promise<void>][] = [
    ["Escape", () => page.keyboard.press("Escape")],
    ["a click outside", () => page.mouse.click(3, 3)],
    ["the close button", () => closeButton.click()],
    ["Cancel", () => dialog.getByRole("button", { name: "Cancel" }).click()],
  ];
  for (const [way, close] of ways) {
    // An alert has neither.
    if (isAlert && /outside|button/.test(way)) continue;
    await field.focus();
    await close();
    await expect(question(page), way).toBeVisible();
    await expect(page.getByRole("button", { name: "Keep editing" }), way).toBeFocused();
    if (way === "Escape") {
      await expectAccessible(page);
      await page.keyboard.press("Escape");
    } else await page.getByRole("button", { name: "Keep editing" }).click();
    await expect(question(page), way).toBeHidden();
    await expect(field, way).toHaveValue(typed);
    if (way === "Escape") await expect(field).toBeFocused();
  }
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(question(page)).toBeHidden();
  await expect(dialog).toBeHidden();
}

test("no dialog of the vault loses what was typed without asking, and a typed value is kept nowhere", async ({
  page,
  vault,
}) => {
  const opener = vault.panel.getByRole("button", { name: "Add a secret" });
  const dialog = await vault.openAdd();
  await expect(dialog.getByLabel("Key name")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog, "nothing was typed").toBeHidden();

  const value = newValue();
  await vault.openAdd();
  const field = dialog.getByLabel("Value", { exact: true });
  await field.fill(value);
  await expectToAsk(page, dialog, field, value);
  await expect(opener).toBeFocused();
  await vault.openAdd();
  await expect(field).toHaveValue("");
  const kept = await page.evaluate(() =>
    JSON.stringify([
      document.documentElement.outerHTML,
      { ...sessionStorage },
      { ...localStorage },
      history.state,
    ]),
  );
  expect(kept).not.toContain(value);
  // What is put back as it was is no change.
  await dialog.getByLabel("Description").fill("typed");
  await dialog.getByLabel("Description").fill("");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await vault.add("MY_KEY", value);
  await expect(question(page), "after a save").toBeHidden();

  await vault.choose("MY_KEY", "Edit");
  const edit = page.getByRole("dialog", { name: "Edit MY_KEY" });
  await edit.getByLabel("Description").fill("For the shop");
  await expectToAsk(page, edit, edit.getByLabel("Description"), "For the shop");

  const importing = await vault.openImport();
  const text = importing.getByLabel("File contents");
  await text.fill("A_KEY=value-not-real");
  await expectToAsk(page, importing, text, "A_KEY=value-not-real");
  await vault.openImport();
  await text.fill("A_KEY=value-not-real");
  await importing.getByRole("button", { name: "Preview" }).click();
  await expect(importing.getByRole("row")).toHaveCount(2);
  await expect(importing.getByRole("button", { name: "Cancel" })).toBeEnabled();
  await page.keyboard.press("Escape");
  await expect(question(page), "what was read from the field").toBeVisible();
});

test("the dialogs of webhooks, teams and the account ask before they lose what was typed", async ({
  page,
}) => {
  const person: Person = await newSession(page);
  const webhooks = await withWebhooks(page, "one");
  await webhooks.panel.getByRole("button", { name: "Add a webhook" }).click();
  const address = webhooks.dialog.getByLabel("Address");
  await address.fill("https://two.example.com");
  await expectToAsk(page, webhooks.dialog, address, "https://two.example.com");
  await webhooks.button(/^Edit/).click();
  await webhooks.dialog.getByRole("button", { name: "Show the address" }).click();
  await expect(address).toHaveValue(/one\.example\.com/);
  await page.keyboard.press("Escape");
  await expect(webhooks.dialog, "an address that was only shown").toBeHidden();
  await webhooks.button(/^Edit/).click();
  await webhooks.dialog.getByRole("checkbox").first().click();
  await page.keyboard.press("Escape");
  await expect(question(page), "an event that was unticked").toBeVisible();
  await page.getByRole("button", { name: "Discard" }).click();

  const team = await newTeam("Cartography", page);
  await page.goto(`/team?team=${team}`);
  await page.getByRole("button", { name: new RegExp(`budget.*${person.email}`, "i") }).click();
  const budget = page.getByRole("dialog").getByLabel("Monthly budget");
  await budget.fill("7");
  await expectToAsk(page, page.getByRole("dialog"), budget, "7");

  await page.goto("/account");
  await page.getByRole("button", { name: "Delete account" }).click();
  const remove = page.getByRole("alertdialog", { name: "Delete your account?" });
  await remove.getByLabel("Password", { exact: true }).fill("not-the-password");
  await expectToAsk(page, remove, remove.getByLabel("Password", { exact: true }), "not-the-password");
});

test("a dialog neither moves nor changes its size when suggestions open or an error comes", async ({
  page,
  vault,
}) => {
  await page.setViewportSize({ width: 1280, height: 620 });
  const dialog = await vault.openAdd();
  const box = () => dialog.boundingBox();
  const top = async () => (await box())?.y;
  const [first, before] = [await top(), await box()];
  const name = dialog.getByLabel("Key name");
  await name.press("ArrowDown");
  const list = page.getByRole("listbox");
  await expect(list).toBeVisible();
  expect(await box()).toEqual(before);
  // It lies over the dialog, and is not cut off by it.
  const options = list.getByRole("option");
  await options.first().hover();
  expect(await box()).toEqual(before);
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "Add secret" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  expect(await top()).toBe(first);
  await name.fill("OPENAI_API_KEY");
  await page.keyboard.press("Escape");
  await expect(dialog.getByRole("link", { name: /provider/ })).toBeVisible();
  expect(await top()).toBe(first);
});

test("in a window of 640 by 400 pixels a long dialog keeps its title and its buttons in sight", async ({
  page,
  vault,
}) => {
  await page.setViewportSize({ width: 640, height: 400 });
  const expectInSight = async (dialog: Locator, ...buttons: string[]) => {
    const seen = [dialog.getByRole("heading").first()];
    for (const name of buttons) seen.push(dialog.getByRole("button", { name, exact: true }));
    const scroll = (to: "top" | "bottom") =>
      dialog.locator("[data-slot=dialog-body]").evaluate((body, to) => {
        body.scrollTop = to === "top" ? 0 : body.scrollHeight;
        // What lies over a button would be clicked in its place.
        const kinds = "[data-slot$=-footer] button, [data-slot$=-title]";
        const description = to === "top" ? ", [data-slot$=-description]" : "";
        const covered = [...body.querySelectorAll(kinds + description)].filter((element) => {
          const { left, top, width, height } = element.getBoundingClientRect();
          const hit = document.elementFromPoint(left + width / 2, top + height / 2);
          return !element.contains(hit);
        });
        return covered.map((element) => element.textContent);
      }, to);
    for (const to of ["top", "bottom"] as const) {
      expect(await scroll(to), to).toEqual([]);
      for (const each of seen) await expect(each, to).toBeInViewport({ ratio: 1 });
    }
    // Whatever gets the focus is between the two.
    const field = dialog.getByRole("textbox").first();
    if (await field.count()) {
      await dialog.getByRole("button", { name: buttons[0], exact: true }).focus();
      await field.focus();
      await expect(field).toBeInViewport({ ratio: 1 });
    }
  };
  await store(page, "MY_KEY", newValue());
  await page.reload();
  await alive(page);
  const add = await vault.openAdd();
  await expectInSight(add, "Cancel", "Add secret");
  await page.keyboard.press("Escape");
  const importing = await vault.openImport();
  await importing
    .getByLabel("File contents")
    .fill(Array.from({ length: 30 }, (_, index) => `KEY_${index}=value-not-real`).join("\n"));
  await importing.getByRole("button", { name: "Preview" }).click();
  await expect(importing.getByRole("button", { name: "Cancel" })).toBeEnabled();
  await expectInSight(importing, "Cancel", "Store 30 secrets");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Discard" }).click();
  await vault.choose("MY_KEY", "Delete");
  await expectInSight(page.getByRole("alertdialog"), "Cancel", "Delete");
  await page.keyboard.press("Escape");
  await page.goto("/dashboard#webhooks");
  const webhooks = new WebhookPanel(page);
  await alive(page);
  await webhooks.panel.getByRole("button", { name: "Add a webhook" }).click();
  await expectInSight(webhooks.dialog, "Cancel", "Add webhook");
});
