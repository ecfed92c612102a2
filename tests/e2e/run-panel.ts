import type { Page } from "@playwright/test";
import type { Person } from "./api/client";
import { test as base, expect, newcomer, newKey, RevealPanel, store } from "./fixtures";

const KEY = "ANTHROPIC_API_KEY";

export const RECEIPT = /claude-sonnet-5-5 · Paid with your key · (about )?[\d,]+ tokens in, .*\d out/;

/** Somebody new with a key of their own, on their dashboard. */
export const test = base.extend<{ person: Person; reveal: RevealPanel }>({
  person: async ({ page }, use) => use(await newcomer(page)),
  reveal: async ({ page, person }, use) => {
    expect(person.id).toBeTruthy();
    await store(page, KEY, newKey());
    await use(new RevealPanel(page));
  },
});

/** Everything that this browser keeps for our pages, as far as this tab sees it. */
export const kept = (page: Page) =>
  page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));

/** What one can tell of a run without a key that answers. */
export const withKey = (page: Page, what: string) => {
  const key = newKey(what);
  return store(page, KEY, key).then(() => key);
};

export async function runToEnd(reveal: RevealPanel, prompt: string): Promise<void> {
  await reveal.run(prompt);
  await expect(reveal.answer).toContainText(prompt.slice(0, 20));
  await expect(reveal.button()).toBeVisible();
}

/** Begins a slow answer, and waits for some of it. */
export async function runSlowly(page: Page, reveal: RevealPanel): Promise<string> {
  const key = await withKey(page, "slow");
  await reveal.run("Take your time");
  await expect(reveal.answer).toContainText("And so on.");
  return key;
}
