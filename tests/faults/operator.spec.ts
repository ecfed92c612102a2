import { test as base } from "@playwright/test";
import { as, newAccount, newPerson, type Person, post } from "../e2e/api/client";
import { enter, expect, expectAccessible } from "../e2e/fixtures";
import { OPERATOR_EMAILS } from "../support/app-env";
import { APP_URL, SUPABASE_URL } from "../support/ports";
import { dataFolder, fillWithTemplate, startApp, startDatabase } from "./servers";

// The switch of the platform's key, on servers of its own: everywhere else, other tests run on that key.

const test = base.extend<{ operator: Person }, { servers: undefined }>({
  baseURL: APP_URL,
  servers: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants it
    async ({}, use) => {
      const folder = dataFolder();
      fillWithTemplate(folder.path);
      const database = await startDatabase(folder.path);
      const app = await startApp(SUPABASE_URL);
      await use(undefined);
      await app.kill();
      await database.kill();
      folder.remove();
    },
    { scope: "worker", auto: true, timeout: 300_000 },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants it
  operator: async ({}, use) => {
    await use(await newPerson({ ...newAccount(), email: OPERATOR_EMAILS[0] ?? "" }));
  },
});

test("an operator stops the platform's key at once, without a password, and resumes it with one", async ({
  page,
  browser,
  operator,
}) => {
  const person = await newPerson();
  const run = async () => (await as(person)("/api/reveal/run", post({ prompt: "Sing" }))).json?.code;
  const theirs = await (await browser.newContext()).newPage();
  await enter(theirs.context(), person);
  await theirs.goto(`${APP_URL}/dashboard`);
  const payer = theirs.getByTestId("payer");
  await expect(payer).toContainText("The platform's ANTHROPIC_API_KEY will be used.");

  // As with a session whose password was entered long ago.
  await enter(page.context(), { ...operator, cookie: operator.sessionCookie });
  await page.goto("/operator");
  await expect(page.getByText("No runs in the last 30 days.")).toBeVisible();
  await expect(page.getByText("No refused runs")).toBeVisible();
  await expect(page.getByText("Nothing yet.")).toBeVisible();
  await expectAccessible(page);

  const key = page.getByRole("region", { name: /Platform's key/ });
  const button = key.getByRole("button");
  await expect(button).toHaveText("Stop the key now");
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(key).toContainText("Stopped by you, just now");
  await expect(button).toHaveText("Resume");
  await expect(button).toBeFocused();
  await expectAccessible(page);
  expect(await run()).toBe("platform_key_off");
  await theirs.reload();
  await expect(theirs.getByText(/No key yet/).first()).toBeVisible();

  await page.reload();
  const refused = page.getByRole("region", { name: "Refused runs", exact: true });
  await expect(refused).toContainText("The key was stopped 1 time, 1 person");
  await button.click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Resume" }).click();
  await page.getByLabel("Password").fill(operator.password);
  await page.getByLabel("Password").press("Enter");
  await expect(key).toContainText("Resumed by you");
  await expect(button).toHaveText("Stop the key now");
  await theirs.reload();
  await expect(payer).toContainText("The platform's ANTHROPIC_API_KEY will be used.");
  // No provider is there in these tests; but the run is not refused.
  expect(await run()).not.toBe("platform_key_off");
  const events = page.getByRole("region", { name: "Operator activity" }).getByRole("listitem");
  await expect(events).toContainText([/^You resumed the platform's key/, /^You stopped the platform's key/]);
});
