import type { Locator } from "@playwright/test";
import { schemeFor } from "../../components/vault/ui/followTheme";
import { expect, expectAccessible, newValue, test } from "../e2e/fixtures";

// What the vault's parts look like depends on the app's theme, on its Tailwind, and on how it switches to dark.

const LONG_NAME = `A${"_VERY_LONG_NAME".repeat(4)}`;

test("the panel and its dialogs fit into 320 pixels, and can be read in both themes", async ({
  page,
  vault,
}) => {
  await page.setViewportSize({ width: 320, height: 800 });
  const expectFit = async () => {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    await expectAccessible(page);
  };
  const expectDialogFit = async () => {
    const dialog = page.getByRole("dialog").or(page.getByRole("alertdialog"));
    const { x, right } = await dialog.evaluate((dialog) => dialog.getBoundingClientRect());
    expect([x >= 0, right <= 320]).toEqual([true, true]);
    expect(await dialog.evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth)).toBe(0);
    await expectFit();
  };
  await expectFit();
  await vault.openAdd();
  await expectDialogFit();
  await page.keyboard.press("Escape");
  await vault.add(LONG_NAME, newValue(), "word ".repeat(20));
  await vault.openImport();
  await expectDialogFit();
  await page.keyboard.press("Escape");
  await vault.show(LONG_NAME);
  await expect(vault.value(LONG_NAME)).toBeVisible();
  await expectFit();
  await vault.choose(LONG_NAME, "Edit");
  await expectDialogFit();
  await page.keyboard.press("Escape");
  await vault.more(LONG_NAME).click();
  await expectFit();
  await page.keyboard.press("Escape");
  await vault.choose(LONG_NAME, "Delete");
  await expectDialogFit();
});

test("the panel is as dark as the app", async ({ page, vault }) => {
  const colors = async (colorScheme: "light" | "dark") => {
    await page.emulateMedia({ colorScheme });
    const brightness = (element: Element) => {
      const context = new OffscreenCanvas(1, 1).getContext("2d");
      if (!context) throw new Error("There is no canvas.");
      context.fillStyle = getComputedStyle(element).backgroundColor;
      context.fillRect(0, 0, 1, 1);
      return context.getImageData(0, 0, 1, 1).data[0] ?? 0;
    };
    return {
      page: await page.locator("body").evaluate(brightness),
      dialog: await page.getByRole("dialog").evaluate(brightness),
    };
  };
  await vault.openAdd();
  const [light, dark] = [await colors("light"), await colors("dark")];
  expect([light.page > 200, light.dialog > 200]).toEqual([true, true]);
  expect([dark.page < 60, dark.dialog < 60]).toEqual([true, true]);
});

/** Whether what the browser draws itself, such as a check box, is light or dark there, and the text of the app. */
const schemesOf = async (part: Locator) => {
  const colors = await part.evaluate((part) => {
    const drawn = part.appendChild(
      Object.assign(document.createElement("i"), { style: "color: CanvasText" }),
    );
    const colors = [getComputedStyle(drawn).color, getComputedStyle(part).color];
    drawn.remove();
    return colors;
  });
  const [browser, app] = colors.map(schemeFor);
  return { browser, app };
};

test("what the browser draws is dark where the app's theme is", async ({ page, vault }) => {
  const expectFollowed = async (part: Locator) => {
    for (const colorScheme of ["light", "dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      await expect.poll(() => schemesOf(part)).toEqual({ browser: colorScheme, app: colorScheme });
    }
  };
  await expectFollowed(vault.panel);
  const dialog = await vault.openAdd();
  await expectFollowed(dialog.locator("[data-slot=dialog-body]"));
});
