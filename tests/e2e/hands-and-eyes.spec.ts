import type { Locator, Page } from "@playwright/test";
import {
  expect,
  expectAccessible,
  newcomer,
  newTeam,
  newValue,
  openAccountMenu,
  RevealPanel,
  store,
  test,
} from "./fixtures";
import { focusByKeyboard, withWebhooks } from "./keyboard-help";

// What people need who use a keyboard, the system's own colors, more contrast, a magnified page or a screen reader.

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
