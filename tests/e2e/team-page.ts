import type { Browser, Page } from "@playwright/test";
import { insertRows, newPerson, newTeam, type Person } from "./api/client";
import { test as base, enter, expect } from "./fixtures";

export async function pageOf(browser: Browser, person: Person): Promise<Page> {
  const context = await browser.newContext();
  await enter(context, person);
  return context.newPage();
}

interface Scene {
  admin: Person;
  second: Person;
  member: Person;
  team: string;
}

/** A team with two admins and a member; `page` is the first admin's, on the team's page. */
export const test = base.extend<{ scene: Scene }>({
  scene: async ({ page, context }, use) => {
    const [admin, second, member] = await Promise.all([newPerson(), newPerson(), newPerson()]);
    const team = await newTeam({ admin, member });
    await insertRows("team_members", { team_id: team, user_id: second.id, role: "admin" });
    await enter(context, admin);
    await page.goto(`/team?team=${team}`);
    await expect(members(page)).toBeVisible();
    await use({ admin, second, member, team });
  },
});

const members = (page: Page) => page.getByRole("region", { name: "Members" });

export const invites = (page: Page) => page.getByRole("region", { name: "Invite links" });

export const row = (page: Page, { email }: { email: string }) =>
  members(page).getByRole("listitem").filter({ hasText: email });

export const switcher = (page: Page) => page.getByRole("button", { name: "Workspace:" });

export async function newLink(page: Page): Promise<string> {
  await invites(page).getByRole("button", { name: "Create link" }).click();
  return page.getByLabel("New invite link").inputValue();
}

/** Nothing in the browser remembers the link. */
export async function expectForgotten(page: Page, link: string): Promise<void> {
  const secret = link.slice(link.indexOf("#") + 1);
  expect(secret).toHaveLength(43);
  const kept = await page.evaluate(async () => ({
    address: location.href,
    history: JSON.stringify(history.state),
    session: { ...sessionStorage },
    local: { ...localStorage },
    cookies: document.cookie,
    requests: performance.getEntriesByType("resource").map(({ name }) => name),
  }));
  expect(JSON.stringify(kept)).not.toContain(secret);
}
