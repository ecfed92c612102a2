import { newTeam } from "./api/client";
import { expect, expectAccessible, loadAnew, newValue } from "./fixtures";
import { noOverflow, numbered, STATES, seed, test, WIDTHS } from "./panel-rows";

test("a row says what there is to know of its key, at every width", async ({ page, vault, own }) => {
  await own(...STATES);
  for (const [key, said] of [
    ["OPENAI_API_KEY", "Evaluation runs"],
    ["OPENROUTER_API_KEY", "Works · checked 2 hours ago"],
    ["OPENROUTER_API_KEY", "Acme Inc. · $12.34 left"],
    ["GROQ_API_KEY", "Refused · checked"],
    ["DEEPSEEK_API_KEY", "Out of credit · checked"],
    ["CLOUDFLARE_API_TOKEN", "Expires in 10 days"],
    ["GITHUB_TOKEN", "Expires in 2 days"],
    ["VERCEL_TOKEN", "Expired 2 days ago"],
    ["STRIPE_SECRET_KEY", "Use only"],
    ["A_VERY_OLD_KEY", "Over 90 days old, not used in 90 days"],
  ] as const) {
    await expect(vault.row(key)).toContainText(said);
  }
  await expect(vault.row("GROQ_API_KEY")).toContainText("••••AbCd");
  await expect(vault.row("GROQ_API_KEY")).toContainText("ends in AbCd");
  await expect(vault.row("A_VERY_OLD_KEY")).not.toContainText("••••");
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    expect(await noOverflow(page), `${width} px`).toBe(true);
    await expectAccessible(page);
  }
});

test("a key that is use only offers neither to show nor to copy it", async ({ page, vault, own }) => {
  await own({ key: "STRIPE_SECRET_KEY", details: { use_only: true } });
  await expect(vault.row("STRIPE_SECRET_KEY").getByRole("button", { name: /^Copy/ })).toHaveCount(0);
  await vault.more("STRIPE_SECRET_KEY").click();
  await expect(page.getByRole("menuitem")).toHaveText(["Check", "Edit", "Activity", "Delete"]);
});

test("the menu works by the keyboard, and leads back to its button", async ({ page, vault, own }) => {
  await own({ key: "OPENAI_API_KEY" }, { key: "GROQ_API_KEY" });
  const more = vault.more("OPENAI_API_KEY");
  const item = (name: string) => page.getByRole("menuitem", { name, exact: true });
  await more.press("Enter");
  await expect(page.getByRole("menu", { name: "Actions for OPENAI_API_KEY" })).toBeVisible();
  await expect(more).toHaveAttribute("aria-expanded", "true");
  await expect(item("Show")).toBeFocused();
  await expectAccessible(page);
  for (const [press, name] of [
    ["ArrowDown", "Check"],
    ["End", "Delete"],
    ["ArrowDown", "Show"],
    ["ArrowUp", "Delete"],
    ["Home", "Show"],
    ["e", "Edit"],
    ["a", "Activity"],
  ] as const) {
    await page.keyboard.press(press);
    await expect(item(name)).toBeFocused();
  }
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(more).toBeFocused();
  await expect(more).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.press("Space");
  await expect(item("Show")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("menu")).toHaveCount(0);

  // Another row's button, which the menu may cover, and a click beside it, close it as well.
  await more.click();
  await vault.more("GROQ_API_KEY").press("Enter");
  await expect(page.getByRole("menu", { name: "Actions for GROQ_API_KEY" })).toBeVisible();
  await expect(page.getByRole("menu")).toHaveCount(1);
  await vault.more("GROQ_API_KEY").press("Enter");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await more.click();
  await page.getByRole("heading", { level: 2 }).first().click();
  await expect(page.getByRole("menu")).toHaveCount(0);
  await vault.choose("OPENAI_API_KEY", "Activity");
  await expect(page).toHaveURL(/\/activity.*key=OPENAI_API_KEY/);
});

test("the menu is in the window wherever its row is", async ({ page, vault, own }) => {
  await own(...numbered(40));
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 500 });
    for (const key of ["KEY_00", "KEY_39"]) {
      await vault.more(key).click();
      await expect(page.getByRole("menuitem", { name: "Delete" })).toBeInViewport({ ratio: 1 });
      await expect(page.getByRole("menuitem", { name: "Show" })).toBeInViewport({ ratio: 1 });
      await page.keyboard.press("Escape");
    }
  }
  await vault.more("KEY_00").click();
  await page.mouse.wheel(0, 3000);
  await expect(page.getByRole("menu")).toHaveCount(0);
});

test("the focus stays in the row when its value hides", async ({ page, vault }) => {
  await loadAnew(page);
  await vault.add("OPENAI_API_KEY", newValue());
  await vault.show("OPENAI_API_KEY");
  await expect(vault.row("OPENAI_API_KEY").getByRole("timer")).toHaveText(/^Hides in \d+ s$/);
  await expect(vault.row("OPENAI_API_KEY").getByRole("timer")).toHaveAttribute("aria-live", "off");
  await expectAccessible(page);
  await vault.more("OPENAI_API_KEY").click();
  await expect(page.getByRole("menuitem").first()).toHaveText("Hide");
  await page.keyboard.press("Escape");
  await vault.panel.getByRole("button", { name: "Hide the value of OPENAI_API_KEY" }).press("Enter");
  await expect(vault.value("OPENAI_API_KEY")).toHaveCount(0);
  await expect(vault.more("OPENAI_API_KEY")).toBeFocused();
});

test("sixty keys are one tab stop, and lie within 3,300 pixels", async ({ page, vault, own }) => {
  await own(
    ...numbered(60).map((row, index) => ({
      ...row,
      category: (["LLM", "Hosting", "General"] as const)[index % 3],
    })),
  );
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect(vault.panel.getByRole("button", { name: /^More actions/ })).toHaveCount(60);
  // All rows are as high as they are, and not as they are thought to be while out of sight.
  await page.addStyleTag({ content: "#vault li { content-visibility: visible !important }" });
  const { height } = (await vault.panel.boundingBox()) ?? { height: 0 };
  expect(height).toBeGreaterThan(2000);
  expect(height).toBeLessThanOrEqual(3300);
  await vault.panel.getByRole("button", { name: "Select", exact: true }).focus();
  await page.keyboard.press("Tab");
  await expect(vault.panel.getByRole("button", { name: /^LLM/ })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(vault.row("KEY_00").locator(":focus")).toHaveCount(1);
  await page.keyboard.press("Tab");
  await expect(vault.panel.locator(":focus")).toHaveCount(0);
});

test("a team's row says who added its value", async ({ page, person, vault }) => {
  const team = await newTeam({ admin: person });
  await page.goto(`/dashboard?team=${team}`);
  await seed(page, { owner_type: "team", owner_id: team }, [
    { key: "OPENAI_API_KEY", details: { added_by: person.id } },
    { key: "OTHER_KEY", details: { added_by: "00000000-0000-4000-8000-000000000000" } },
  ]);
  await expect(vault.row("OPENAI_API_KEY")).toContainText(`Added by ${person.email}`);
  await expect(vault.row("OTHER_KEY")).not.toContainText("Added by");
});
