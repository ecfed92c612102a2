import { as, insertRows, post } from "./api/client";
import { expect, expectAccessible } from "./fixtures";
import { switcher, test } from "./team-page";

test("the switcher stays on the page, survives reload and back, and works by keyboard", async ({
  page,
  scene,
}) => {
  await as(scene.admin)(
    "/api/teams",
    post({ name: "A team with a name of eighty characters, more than any button has room for, so" }),
  );
  await page.goto(`/usage?team=${scene.team}`);
  await switcher(page).focus();
  await page.keyboard.press("Enter");
  const menu = page.getByRole("navigation", { name: "Workspaces" });
  await expect(menu).toBeVisible();
  await expect(menu.getByRole("link", { name: "Test team" })).toHaveAttribute("aria-current", "true");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await expect(switcher(page)).toBeFocused();

  await page.keyboard.press("Enter");
  const place = await menu.boundingBox();
  const button = await switcher(page).boundingBox();
  expect(place?.y, "the menu opens below its button").toBeGreaterThan(
    (button?.y ?? 0) + (button?.height ?? 0),
  );
  await menu.getByRole("link", { name: "Personal" }).click();
  await expect(page).toHaveURL("/usage");
  await page.goBack();
  await expect(page).toHaveURL(`/usage?team=${scene.team}`);
  await expect(switcher(page)).toContainText("Test team");
  await page.reload();
  await expect(switcher(page)).toContainText("Test team");

  // A page that the other workspace does not have leads to its dashboard.
  await page.goto(`/team?team=${scene.team}`);
  await switcher(page).click();
  await menu.getByRole("link", { name: "Personal" }).click();
  await expect(page).toHaveURL("/dashboard");
  await page.goto("/team");
  await expect(page).toHaveURL("/dashboard");
  await page.goto(`/team?team=${scene.team}&team=${scene.team}`);
  await expect(page.getByRole("heading", { name: /you don't have access to it/ })).toBeVisible();
});

test("on the smallest phone nothing is cut off, with thirty teams and the longest names", async ({
  page,
  scene,
}) => {
  const rows = Array.from({ length: 30 }, (_, index) => ({
    name: `${index} ${"W".repeat(77)}`,
    created_by: scene.admin.id,
  }));
  const team = (await insertRows("teams", rows)).at(-1);
  await page.setViewportSize({ width: 320, height: 600 });
  for (const path of [`/team?team=${team?.id}`, `/dashboard?team=${team?.id}`, "/team/new"]) {
    await page.goto(path);
    await expect(page.getByRole("main").last()).not.toHaveAttribute("aria-busy");
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(320);
  }
  await switcher(page).click();
  const menu = page.getByRole("navigation", { name: "Workspaces" });
  await expect(menu.getByRole("link", { name: "New team" })).toBeInViewport();
  await expect(menu.locator("[aria-current]")).toBeInViewport();
});
