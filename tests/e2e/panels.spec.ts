import type { Page } from "@playwright/test";
import {
  alive,
  comeBack,
  expect,
  expectAccessible,
  newcomer,
  newTeam,
  newValue,
  RevealPanel,
  test,
  VaultPanel,
  WebhookPanel,
} from "./fixtures";
import { holdScripts } from "./way-in";

// In a window of less than 1,024 pixels the dashboard shows one panel at a time.

const PHONE = { width: 390, height: 800 };
const DESKTOP = { width: 1100, height: 800 };

const panels = (page: Page) => ({
  links: page.getByRole("navigation", { name: "Panels" }),
  link: (name: string) => page.getByRole("navigation", { name: "Panels" }).getByRole("link", { name }),
  vault: new VaultPanel(page).panel,
  reveal: new RevealPanel(page).panel,
  webhooks: new WebhookPanel(page).panel,
});

/** The regions, by what the links call them. */
const TITLES = { Vault: /keys$/, Reveal: /^Reveal$/, Webhooks: /webhooks$/ };
type Panel = keyof typeof TITLES;

async function expectVisible(page: Page, shown: Panel): Promise<void> {
  for (const [panel, name] of Object.entries(TITLES)) {
    const region = page.getByRole("region", { name, includeHidden: true });
    await expect(region).toBeVisible({ visible: panel === shown });
  }
}

/** The one panel that is shown, and whose link says so. */
async function expectOnly(page: Page, shown: Panel): Promise<void> {
  await expectVisible(page, shown);
  await expect(panels(page).links.locator("[aria-current]")).toHaveText(new RegExp(`^${shown}`));
}

test.use({ viewport: PHONE });
test.beforeEach(({ page }) => newcomer(page));

test("a small window opens the vault first, and each panel by its link", async ({ page }) => {
  await expectOnly(page, "Vault");
  for (const name of ["Reveal", "Webhooks", "Vault"] as const) {
    await panels(page).link(name).click();
    await expectOnly(page, name);
    await expect(panels(page)[name.toLowerCase() as "vault"]).toBeInViewport();
    await expectAccessible(page);
  }
  await page.goBack();
  await expectOnly(page, "Webhooks");
});

test("the panel that was used last opens first the next time, without a flash of another", async ({
  page,
}) => {
  await panels(page).link("Reveal").click();
  await expectOnly(page, "Reveal");
  const release = await holdScripts(page);
  await page.goto("/dashboard", { waitUntil: "commit" });
  await expectOnly(page, "Reveal");
  release();
  await alive(page, "#reveal button");
  await expectOnly(page, "Reveal");
  const cookies = await page.context().cookies(`${new URL(page.url()).origin}/dashboard`);
  expect(cookies.find(({ name }) => name === "panel")).toMatchObject({ value: "reveal", sameSite: "Lax" });
});

for (const value of ["", "operator", "vault%22%3E%3Cscript%3E", "__proto__"]) {
  test(`a cookie that names no panel opens the vault: “${value}”`, async ({ page }) => {
    const { origin } = new URL(page.url());
    await page.context().addCookies([{ name: "panel", value, url: `${origin}/dashboard` }]);
    await page.reload();
    await expectOnly(page, "Vault");
  });
}

test("an address with a panel's name opens it, before the scripts are there too", async ({ page }) => {
  for (const name of ["Webhooks", "Reveal", "Vault"] as const) {
    await page.goto("/usage");
    const release = await holdScripts(page);
    await page.goto(`/dashboard#${name.toLowerCase()}`, { waitUntil: "commit" });
    await expectVisible(page, name);
    release();
    await alive(page, `#${name.toLowerCase()} button`);
    await expectOnly(page, name);
    await page.unrouteAll();
  }
  // Before the scripts are there, the links work as well.
  await holdScripts(page);
  await page.goto("/dashboard", { waitUntil: "commit" });
  await panels(page).link("Webhooks").click();
  await expect(panels(page).webhooks).toBeVisible();
  await expect(panels(page).vault).toBeHidden();
});

for (const moment of ["before", "after"] as const) {
  test(`a link that is clicked right ${moment} Next first writes the address opens its panel, and a reload too`, async ({
    page,
  }) => {
    await page.goto("/usage");
    await page.addInitScript((moment) => {
      if (sessionStorage.clicked) return;
      sessionStorage.clicked = "yes";
      const write = history.replaceState;
      history.replaceState = function (...now) {
        history.replaceState = write;
        if (moment === "before") location.hash = "webhooks";
        write.apply(this, now);
        if (moment === "after") location.hash = "webhooks";
      };
    }, moment);
    await page.goto("/dashboard");
    await expectOnly(page, "Webhooks");
    // What makes Next write the address again: an update of the page.
    await page.getByRole("button", { name: "Hide the first steps" }).click();
    await expect(page.getByRole("region", { name: "First steps" })).toHaveCount(0);
    await comeBack(page, (soon) => soon(page).toHaveURL(/#webhooks$/));
    await page.reload();
    await expectOnly(page, "Webhooks");
  });
}

test("a member has no webhooks to open, and an address that leads to them opens the vault", async ({
  page,
  browser,
}) => {
  const admin = await browser.newPage();
  await newcomer(admin);
  const team = await newTeam("Small", admin, page);
  await page.goto(`/dashboard?team=${team}#webhooks`);
  await expect(panels(page).vault).toBeVisible();
  await expect(panels(page).reveal).toBeHidden();
  await expect(panels(page).links.getByRole("link")).toHaveText(["Vault", "Reveal"]);
  await page.reload();
  await alive(page, "nav[aria-label=Panels] a");
  expect((await page.context().cookies()).some(({ name }) => name === "panel")).toBe(false);
  await admin.close();
});

test("a link in one panel that leads to another opens it", async ({ page }) => {
  const team = await newTeam("Linked", page);
  const rule = await page.request.patch(`/api/teams/${team}`, { data: { key_policy: "team" } });
  expect(rule.ok()).toBe(true);
  await page.goto(`/dashboard?team=${team}#reveal`);
  await panels(page).reveal.getByRole("link", { name: "the team's vault" }).click();
  await expectOnly(page, "Vault");
  await expect(page).toHaveURL(/#vault$/);
  await panels(page).vault.getByRole("button", { name: "Add a secret" }).click();
  await expect(page.getByRole("dialog", { name: "Add a secret" })).toBeVisible();
});

test("what is typed and what is answered in a panel goes on while another is shown, and is said", async ({
  page,
}) => {
  const { link, links, reveal } = panels(page);
  await link("Reveal").click();
  await alive(page, "#reveal button");
  // The answer waits until the panel is out of sight.
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await page.route("**/api/reveal/run", async (route) => {
    await released;
    await route.continue();
  });
  await new RevealPanel(page).run("Keep this text");
  await expect(reveal.getByRole("button", { name: "Stop" })).toBeVisible();
  await link("Vault").click();
  await expectOnly(page, "Vault");
  release();
  await expect(link("Reveal")).toHaveAccessibleName("Reveal (the run has ended)");
  await expect(links.getByRole("status")).toHaveText("Reveal: the run has ended.");
  await expectAccessible(page);
  await link("Reveal").click();
  await expect(link("Reveal")).toHaveAccessibleName("Reveal");
  await expect(reveal.getByLabel("Prompt")).toHaveValue("Keep this text");
  await expect(reveal).toContainText("Paid with the platform's key");

  // All of them from 1,024 pixels on, and the same one again below.
  await page.setViewportSize(DESKTOP);
  for (const panel of [panels(page).vault, reveal, panels(page).webhooks]) await expect(panel).toBeVisible();
  await expect(links).toBeHidden();
  await page.setViewportSize(PHONE);
  await expectOnly(page, "Reveal");
  await expect(reveal.getByLabel("Prompt")).toHaveValue("Keep this text");
});

test("a panel that a link opened stays open, and is still named, when the page's data is renewed", async ({
  page,
}) => {
  for (const name of ["Reveal", "Webhooks"] as const) {
    await panels(page).link(name).click();
    await expectOnly(page, name);
    // Next then writes the address again.
    await page.evaluate(() => {
      const { router } = (window as unknown as { next: { router: { refresh(): void } } }).next;
      const write = history.replaceState;
      const { promise, resolve } = Promise.withResolvers<void>();
      history.replaceState = (...entry) => {
        write.apply(history, entry);
        history.replaceState = write;
        resolve();
      };
      router.refresh();
      return promise;
    });
    await expect(page).toHaveURL(new RegExp(`#${name.toLowerCase()}$`));
    await expectOnly(page, name);
  }
  await page.goBack();
  await expectOnly(page, "Reveal");
});

test("the keyboard goes from a panel's link into that panel, and nothing with the focus is covered", async ({
  page,
}) => {
  for (let index = 0; index < 40; index++) {
    const reply = await page.request.post("/api/vault", { data: { key: `KEY_${index}`, value: newValue() } });
    expect(reply.status()).toBe(201);
  }
  await page.reload();
  await alive(page);
  await panels(page).link("Reveal").focus();
  await page.keyboard.press("Enter");
  await expectOnly(page, "Reveal");
  await page.keyboard.press("Tab");
  await expect(panels(page).reveal.getByRole("tab", { name: "Run" })).toBeFocused();

  await panels(page).link("Vault").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(panels(page).vault.locator(":focus")).toHaveCount(1);
  // To the end of the list, and back up, where the bar could lie over what has the focus.
  await panels(page)
    .vault.getByRole("button", { name: /^More actions for KEY_9/ })
    .focus();
  for (let step = 0; step < 30; step++) {
    await page.keyboard.press("ArrowUp");
    const covered = await page.evaluate(() => {
      const bar = document.querySelector("nav[aria-label=Panels]")?.getBoundingClientRect().bottom ?? 0;
      return (document.activeElement as HTMLElement).getBoundingClientRect().top < bar - 1;
    });
    expect(covered).toBe(false);
  }
});

test("a webhook that paused itself is marked while another panel is shown", async ({ page }) => {
  const webhook = {
    id: crypto.randomUUID(),
    address: "https://example.com/…",
    description: "",
    events: [],
    failures: 5,
    last_delivered_at: null,
    pause_reason: "failures",
    pause_is_unseen: true,
  };
  await page.route(/\/api\/webhooks(\?|$)/, (route) => route.fulfill({ json: { webhooks: [webhook] } }));
  await comeBack(page, (soon) =>
    soon(panels(page).link("Webhooks")).toHaveAccessibleName("Webhooks (newly paused)"),
  );
  await expectAccessible(page);
});

for (const width of [320, 768, 1023, 1024]) {
  test(`the links to the panels fit a window of ${width} pixels, and a finger`, async ({ page }) => {
    await page.setViewportSize({ width, height: 700 });
    const { links } = panels(page);
    await expect(links).toBeVisible({ visible: width < 1024 });
    if (width < 1024) {
      for (const link of await links.getByRole("link").all()) {
        const box = await link.boundingBox();
        expect(box?.height).toBeGreaterThanOrEqual(24);
        expect(box?.width).toBeGreaterThanOrEqual(24);
      }
    }
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
  });
}

test("a panel is titled by whose it is, and a long name wraps", async ({ page }) => {
  const titles = () => page.getByRole("main").getByRole("heading", { level: 2, includeHidden: true });
  await expect(titles()).toContainText(["Your webhooks", "Your keys"]);
  const name = "W".repeat(80);
  const team = await newTeam(name, page);
  await page.setViewportSize({ width: 320, height: 700 });
  for (const [panel, title] of [
    ["vault", `${name}'s keys`],
    ["webhooks", `${name}'s webhooks`],
  ]) {
    await page.goto(`/dashboard?team=${team}#${panel}`);
    await expect(page.getByRole("region", { name: title, exact: true })).toBeVisible();
    const overflow = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    expect(overflow).toBe(0);
  }
});
