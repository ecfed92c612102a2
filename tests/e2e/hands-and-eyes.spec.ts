import type { Locator, Page } from "@playwright/test";
import { newPerson, type Person } from "./api/client";
import {
  alive,
  enter,
  expect,
  expectAccessible,
  newcomer,
  newTeam,
  newValue,
  openAccountMenu,
  RevealPanel,
  store,
  test,
  VaultPanel,
  WebhookPanel,
} from "./fixtures";

// What people need who use a keyboard, the system's own colors, more contrast, a magnified page or a screen reader.

/** What has the focus, by its name. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute("aria-label") ?? activeElement?.textContent ?? "";
  });

/** Stores webhooks at these addresses through the API, and shows them. */
async function withWebhooks(page: Page, ...hosts: string[]): Promise<WebhookPanel> {
  for (const host of hosts) {
    const reply = await page.request.post("/api/webhooks", {
      data: { url: `https://${host}.example.com/hook` },
    });
    expect(reply.status()).toBe(201);
  }
  await page.reload();
  await alive(page);
  return new WebhookPanel(page);
}

test("a list of webhooks is one tab stop, and arrow keys lead through its rows and their buttons", async ({
  page,
}) => {
  await newcomer(page);
  const webhooks = await withWebhooks(page, "one", "two", "three");
  const order = await webhooks.rows
    .locator("[data-action=edit]")
    .evaluateAll((buttons) =>
      buttons.map((button) => button.getAttribute("aria-label")?.replace("Edit ", "")),
    );
  const [first, second, last] = order;
  await webhooks.panel.getByRole("button", { name: "Add a webhook" }).focus();
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe(`Send a test to ${first}`);
  await page.keyboard.press("ArrowRight");
  expect(await focused(page)).toBe(`Deliveries to ${first}`);
  await page.keyboard.press("ArrowDown");
  expect(await focused(page)).toBe(`Deliveries to ${second}`);
  await page.keyboard.press("End");
  expect(await focused(page)).toBe(`Deliveries to ${last}`);
  await page.keyboard.press("ArrowDown");
  expect(await focused(page), "there is no row below the last").toBe(`Deliveries to ${last}`);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  expect(await focused(page), "nothing is left of the first control").toBe(`Send a test to ${first}`);

  // One Tab leaves the list, and one leads back to where the focus was.
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  expect(await webhooks.panel.locator(":focus").count()).toBe(0);
  await page.keyboard.press("Shift+Tab");
  expect(await focused(page)).toBe(`Send a test to ${second}`);

  // A row that goes takes the tab stop to its neighbor, and a button that replaces another keeps it.
  await webhooks.panel.getByRole("button", { name: `Delete ${second}` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(webhooks.rows).toHaveCount(2);
  await expect.poll(() => focused(page)).toBe(`Delete ${last}`);
  expect(await webhooks.panel.locator("li [tabindex='0']").count()).toBe(1);
  await page.keyboard.press("ArrowUp");
  expect(await focused(page)).toBe(`Delete ${first}`);

  const list = webhooks.panel.getByRole("list");
  await expect(list).toHaveAccessibleDescription("Use the arrow keys to move between rows.");
  await expectAccessible(page);
});

test("a webhook that is added belongs to the list's one tab stop", async ({ page }) => {
  await newcomer(page);
  const webhooks = await withWebhooks(page);
  await webhooks.add("https://one.example.com/hook");
  await webhooks.done();
  await expect(webhooks.rows).toHaveCount(1);
  expect(await webhooks.panel.locator("li [tabindex='0']").count()).toBe(1);
  expect(await webhooks.panel.locator("li [tabindex='-1']").count()).toBeGreaterThan(2);
});

/** Puts the focus there as the keyboard does, which is when browsers show it. */
async function focusByKeyboard(page: Page, control: Locator): Promise<void> {
  await page.keyboard.press("Shift");
  await control.focus();
}

interface Look {
  outline: string;
  background: string;
  border: string;
  color: string;
}

/** What forced colors leave of how a control looks. An outline that cannot be seen is "none". */
const lookOf = (control: Locator): Promise<Look> =>
  control.evaluate((element) => {
    // A radio button or a file's field may lie unseen in its label, which then shows the focus.
    const label = element.closest("label");
    const isHidden = element.matches(".sr-only, .opacity-0");
    const style = getComputedStyle(isHidden && label ? label : element);
    const { outlineStyle, outlineWidth, outlineColor, forcedColorAdjust } = style;
    const isDrawn = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1;
    // A transparent outline gets a color, except in what is exempt from forced colors.
    const isColored = forcedColorAdjust === "auto" || !/^rgba\(.*, 0\)$/.test(outlineColor);
    return {
      outline: isDrawn && isColored ? outlineStyle : "none",
      background: style.backgroundColor,
      border: style.borderTopColor,
      color: style.color,
    };
  });

/** Finds that a control shows the focus in forced colors, and only then. */
async function expectVisibleFocus(page: Page, what: string, control: Locator): Promise<void> {
  await focusByKeyboard(page, page.locator("main"));
  expect((await lookOf(control)).outline, `${what} without the focus`).toBe("none");
  await focusByKeyboard(page, control);
  expect((await lookOf(control)).outline, `${what} with the focus`).not.toBe("none");
}

test("in forced colors the focus is visible on every kind of control", async ({ page, vault }) => {
  await store(page, "OPENAI_API_KEY", newValue());
  await page.emulateMedia({ forcedColors: "active" });
  const webhooks = await withWebhooks(page, "one");
  const reveal = new RevealPanel(page);
  const pages = page.getByRole("navigation", { name: "Pages" });
  const controls: Record<string, Locator> = {
    "a link of the header": pages.getByRole("link", { name: "Usage" }),
    "the current page": pages.getByRole("link", { name: "Dashboard" }),
    "the workspaces' button": page.getByRole("button", { name: /^Workspace:/ }),
    "the account's button": page.getByRole("button", { name: /^Account: / }),
    "a button": vault.panel.getByRole("button", { name: "Add a secret" }),
    "an outlined button": vault.panel.getByRole("button", { name: "Import a .env file" }),
    "a row's button": webhooks.button(/^Edit/),
    "a search field": vault.panel.getByLabel("Find a secret"),
    "a disclosure": vault.panel.getByRole("button", { name: /^LLM/ }),
    "the selected tab": reveal.panel.getByRole("tab", { name: "Run" }),
    "a text area": reveal.prompt,
    "a select": reveal.model,
  };
  for (const [what, control] of Object.entries(controls)) await expectVisibleFocus(page, what, control);

  await openAccountMenu(page);
  await focusByKeyboard(page, page.getByRole("link", { name: "Account", exact: true }));
  const entry = page.getByRole("link", { name: "Account", exact: true });
  expect((await lookOf(entry)).outline, "an entry of a menu").not.toBe("none");
  const theme = page.getByRole("radio", { name: "System" });
  await focusByKeyboard(page, theme);
  expect((await lookOf(theme)).outline, "a chosen radio button").not.toBe("none");
  await page.keyboard.press("Escape");

  await webhooks.panel.getByRole("button", { name: "Add a webhook" }).click();
  const { dialog } = webhooks;
  for (const [what, control] of Object.entries({
    "a field": dialog.getByLabel("Address"),
    "a checkbox": dialog.getByRole("checkbox").first(),
    "a dialog's close button": dialog.getByRole("button", { name: "Close" }),
  })) {
    await focusByKeyboard(page, control);
    expect((await lookOf(control)).outline, what).not.toBe("none");
  }
  await page.keyboard.press("Escape");

  const add = await vault.openAdd();
  await add.getByLabel("Key name").fill("groq");
  await page.keyboard.press("ArrowDown");
  const option = page.getByRole("option").first();
  await expect(option).toHaveAttribute("data-highlighted");
  expect((await lookOf(option)).outline, "a highlighted suggestion").not.toBe("none");
});

test("in forced colors the current page, the selected tab and what is chosen differ from the others", async ({
  page,
}) => {
  await newcomer(page);
  await page.emulateMedia({ forcedColors: "active" });
  const pages = page.getByRole("navigation", { name: "Pages" });
  const differ = async (what: string, one: Locator, other: Locator) => {
    const [chosen, not] = [await lookOf(one), await lookOf(other)];
    expect([chosen.background, chosen.color], what).not.toEqual([not.background, not.color]);
    expect(chosen.background, what).not.toBe(chosen.color);
  };
  await differ(
    "pages",
    pages.getByRole("link", { name: "Dashboard" }),
    pages.getByRole("link", { name: "Usage" }),
  );
  await differ("tabs", page.getByRole("tab", { name: "Run" }), page.getByRole("tab", { name: "Analyze" }));
  await openAccountMenu(page);
  await differ(
    "themes",
    page.getByRole("radio", { name: "System" }),
    page.getByRole("radio", { name: "Dark" }),
  );
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 390, height: 800 });
  const panels = page.getByRole("navigation", { name: "Panels" });
  await differ(
    "panels",
    panels.getByRole("link", { name: "Vault" }),
    panels.getByRole("link", { name: "Reveal" }),
  );
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto("/account");
  await openAccountMenu(page);
  const current = page.getByRole("link", { name: "Account", exact: true });
  await expect(current).toHaveAttribute("aria-current", "page");
  await differ("entries of a menu", current, page.getByRole("button", { name: "Sign out", exact: true }));
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`those who want more contrast get it, in the ${colorScheme} theme`, async ({ page, vault }) => {
    /** The contrast of muted text, of a card's border and of a field's border with what is around them. */
    const contrasts = () =>
      vault.panel.evaluate((panel) => {
        const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
        const luminance = (color: string) => {
          if (!context) return 0;
          context.fillStyle = color;
          context.fillRect(0, 0, 1, 1);
          const [r = 0, g = 0, b = 0] = [...context.getImageData(0, 0, 1, 1).data].map((byte) => {
            const share = byte / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ratio = (one: string, other: string) => {
          const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
          return (high + 0.05) / (low + 0.05);
        };
        const field = document.querySelector("textarea") ?? panel;
        const card = getComputedStyle(panel);
        const muted = getComputedStyle(panel.querySelector(".text-muted-foreground") ?? panel);
        return {
          text: ratio(muted.color, card.backgroundColor),
          border: ratio(card.borderTopColor, card.backgroundColor),
          field: ratio(getComputedStyle(field).borderTopColor, card.backgroundColor),
        };
      });
    await page.emulateMedia({ colorScheme, contrast: "no-preference" });
    const usual = await contrasts();
    await page.emulateMedia({ colorScheme, contrast: "more" });
    const more = await contrasts();
    expect(more.text).toBeGreaterThan(7);
    expect(more.border).toBeGreaterThan(3);
    expect(more.field).toBeGreaterThan(4.5);
    expect(usual.text).toBeLessThan(more.text);
    expect(usual.border).toBeLessThan(3);
    await expectAccessible(page);
  });
}

/** The pages, and those that only somebody who is signed out sees. */
const PAGES = ["/dashboard", "/usage", "/activity", "/account", "/team/new", "/no-such-page"];
const OUTSIDE = ["/login", "/login?mode=sign-up", "/forgot-password", "/invite", "/new-password"];

test("on every page the first tab stop skips to its content", async ({ page, browser }) => {
  await newcomer(page);
  const outside = await (await browser.newContext()).newPage();
  const visit = async (page: Page, path: string) => {
    await page.goto(path);
    await alive(page, "body > a");
    const link = page.getByRole("link", { name: "Skip to content" });
    const first = page.locator(":is(a[href], button, input, select, textarea):not([type=hidden])").first();
    await expect(first, path).toHaveText("Skip to content");
    // Some pages begin in their only field.
    await focusByKeyboard(page, link);
    await expect(link, path).toBeInViewport({ ratio: 1 });
    await page.keyboard.press("Enter");
    await expect(page.getByRole("main"), path).toBeFocused();
    expect(new URL(page.url()).hash, path).toBe("");
  };
  for (const path of PAGES) await visit(page, path);
  for (const path of OUTSIDE) await visit(outside, path);
});

for (const width of [390, 1280]) {
  test(`the dashboard's second tab stop skips to the prompt, ${width} pixels wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await newcomer(page);
    const { prompt, panel } = new RevealPanel(page);
    await expect(panel).toBeVisible({ visible: width > 1024 });
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    const link = page.getByRole("link", { name: "Skip to Reveal" });
    await expect(link).toBeInViewport({ ratio: 1 });
    await expectAccessible(page);
    await page.keyboard.press("Enter");
    await expect(prompt).toBeFocused();
    await expect(prompt).toBeInViewport();
    // Where the other form is open, its text is what one came for.
    await panel.getByRole("tab", { name: "Analyze" }).click();
    await link.focus();
    await page.keyboard.press("Enter");
    await expect(panel.getByLabel("Text", { exact: true })).toBeFocused();
  });
}

test("skipping to the content leaves the panel open that a small window shows", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await newcomer(page);
  await page.goto("/dashboard#webhooks");
  const { panel } = new WebhookPanel(page);
  await expect(panel).toBeVisible();
  await page.getByRole("link", { name: "Skip to content" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await expect(panel).toBeVisible();
});

/** How often Tab is pressed from the start of the page until this has the focus. */
async function tabStopsTo(page: Page, target: Locator): Promise<number> {
  await page.reload();
  await alive(page);
  for (let count = 1; count <= 100; count += 1) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) return count;
  }
  return Number.POSITIVE_INFINITY;
}

test("the prompt is at most 12 tab stops away, with 60 keys and some webhooks", async ({ page }) => {
  await newcomer(page);
  const rows = Array.from({ length: 60 }, (_, index) => ({ key: `KEY_${index}`, value: "value-not-real" }));
  const reply = await page.request.post("/api/vault/import", {
    data: { secrets: rows.map((row) => ({ ...row, category: "General", if_updated_at: null })) },
  });
  expect(reply.ok(), await reply.text()).toBe(true);
  await withWebhooks(page, "one", "two", "three", "four", "five");
  await expect(new VaultPanel(page).panel.getByText("KEY_59", { exact: true })).toBeVisible();
  expect(await tabStopsTo(page, new RevealPanel(page).prompt)).toBeLessThanOrEqual(12);
});

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
  const person: Person = await newcomer(page);
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

test("every page's title names the page and the workspace", async ({ page, browser }) => {
  await newcomer(page);
  const team = await newTeam("Cartography", page);
  const titles: Record<string, string> = {
    "/dashboard": "Dashboard · Personal",
    "/usage": "Usage · Personal",
    "/activity": "Activity · Personal",
    [`/dashboard?team=${team}`]: "Dashboard · Cartography",
    [`/usage?team=${team}`]: "Usage · Cartography",
    [`/activity?team=${team}`]: "Activity · Cartography",
    [`/team?team=${team}`]: "Team · Cartography",
    "/team/new": "New team",
    "/account": "Account",
    "/no-such-page": "Page not found",
    "/dashboard?team=00000000-0000-4000-8000-000000000000": "Page not found",
  };
  for (const [path, title] of Object.entries(titles)) {
    await page.goto(path);
    await expect(page, path).toHaveTitle(`${title} — Command Center`);
  }
  const outside = await (await browser.newContext()).newPage();
  for (const [path, title] of Object.entries({
    "/login": "Sign in",
    "/login?mode=sign-up": "Create your account",
    "/forgot-password": "Forgot your password?",
    "/new-password": "New password",
    "/invite": "Invitation",
  })) {
    await outside.goto(path);
    await expect(outside, path).toHaveTitle(`${title} — Command Center`);
  }
});

test("there is one typeface, and a second one for names of keys, values and code", async ({
  page,
  vault,
}) => {
  await vault.add("MY_KEY", newValue(), "For the shop");
  await withWebhooks(page, "one");
  const families = () =>
    page.evaluate(() => {
      const found = new Map<string, Set<string>>();
      for (const element of document.querySelectorAll("body *")) {
        const text = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
        const words = text
          .map(({ textContent }) => textContent?.trim())
          .join(" ")
          .trim();
        if (words === "" || element.matches("script, style, noscript *, .sr-only")) continue;
        const { fontFamily } = getComputedStyle(element);
        found.set(fontFamily, (found.get(fontFamily) ?? new Set()).add(words));
      }
      return [...found].map(([family, words]) => ({ family, words: [...words] }));
    });
  for (const path of ["/dashboard", "/usage", "/activity", "/account", "/login?mode=sign-up"]) {
    await page.goto(path);
    const all = await families();
    const mono = all.filter(({ family }) => /mono/.test(family));
    expect(all.length - mono.length, path).toBe(1);
    for (const word of mono.flatMap(({ words }) => words))
      expect(word, path).toMatch(/^([A-Z][A-Z0-9_]*|•+ .{4})$/);
  }
});
