import { readFile } from "node:fs/promises";
import { OPERATOR_EMAILS } from "../support/app-env";
import {
  as,
  confirmationOf,
  expectOk,
  expectProblem,
  fingerprint,
  insertRows,
  newAccount,
  newPerson,
  type Person,
  post,
  type Sending,
  send,
} from "./api/client";
import { alive, enter, expect, expectAccessible, openAccountMenu, test } from "./fixtures";

// The switch of the platform's key is in tests/faults/operator.spec.ts: here, other tests run on that key.

const MODEL = "claude-sonnet-5-5";

/** An operator whom no other test of this file has. */
async function newOperator(index: number): Promise<Person> {
  const email = OPERATOR_EMAILS[index];
  if (!email) throw new Error("There are too few addresses of operators.");
  return newPerson({ ...newAccount(), email });
}

/** Not today, whose limit in dollars counts for other tests. */
const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString();

const ran = (...runs: object[]) =>
  insertRows(
    "reveal_runs",
    runs.map((run) => ({
      ...{ kind: "run", model: MODEL, source: "env", status: "completed", input_tokens: 1000 },
      ...{ output_tokens: 100, is_counted: true, cost_exact: true, created_at: YESTERDAY },
      ...run,
    })),
  );

/** What a page is made of. Its parts come in the order in which they are ready, which nobody can foretell. */
const partsOf = (text: string) =>
  text
    .replaceAll(/"\]\)<\/script><script [^>]*>self\.__next_f\.push\(\[1,"/g, "")
    .split(/\\n|\n/)
    .sort();

const patch = (body: unknown): Sending => ({ ...post(body), method: "PATCH" });

test("for everybody but operators there is nothing, to the last byte", async () => {
  const person = await newPerson();
  const visitors = { nobody: {}, "somebody else": { Cookie: person.cookie } };
  const bodies: Record<string, Sending> = {
    "no body": {},
    "a body": post({ is_stopped: true }),
    "a long body": post("x".repeat(20_000)),
  };
  // Of the same length, and answered as an address that nobody has ever had.
  const elsewhere = (path: string) => path.replace("operator", "operatox");
  const answer = async (path: string, sending: Sending) => {
    const { text, ...rest } = fingerprint(await send(path, sending));
    return JSON.parse(
      JSON.stringify({ ...rest, parts: partsOf(text) })
        .replaceAll("operatox", "operator")
        .replaceAll(/nonce(\W+)\w{32}/g, "nonce$1"),
    );
  };
  const pages = ["/operator", "/operator?format=csv", "/operator/", "/operator/key", "//operator"];
  const addresses = [
    "/api/operator",
    ...["usage", "key", "limits", "events"].map((name) => `/api/operator/${name}`),
  ];
  for (const [who, headers] of Object.entries(visitors)) {
    for (const path of pages) {
      for (const more of [{}, { RSC: "1" }, { "Next-Router-Prefetch": "1", RSC: "1" }]) {
        for (const method of ["GET", "HEAD", "POST"]) {
          const sending = { method, headers: { ...headers, ...more } };
          expect(await answer(path, sending), `${who}: ${method} ${path}`).toEqual(
            await answer(elsewhere(path), sending),
          );
        }
      }
    }
    for (const path of addresses) {
      for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
        for (const [what, body] of Object.entries(bodies)) {
          const sending = { ...body, method, headers: { ...body.headers, ...headers } };
          expect(await answer(path, sending), `${who}: ${method} ${path} with ${what}`).toEqual(
            await answer(elsewhere(path), sending),
          );
        }
      }
    }
  }
  expect((await as(person)("/operator")).status).toBe(404);
  expectProblem(await as(person)("/api/operator/usage"), 404, "address_not_found");
});

test("an operator finds the page in the menu, and nobody else does", async ({ page, browser }) => {
  const operator = await newOperator(0);
  await enter(page.context(), operator);
  await page.goto("/dashboard");
  await openAccountMenu(page);
  await page.getByRole("link", { name: "Operator" }).click();
  await expect(page.getByRole("heading", { name: "Operator", level: 1 })).toBeVisible();
  await expect(page).toHaveTitle("Operator — Command Center");
  await expect(page.getByRole("link", { name: "Operator", includeHidden: true })).toHaveAttribute(
    "aria-current",
    "page",
  );

  const other = await (await browser.newContext()).newPage();
  await enter(other.context(), await newPerson());
  await other.goto("/dashboard");
  await openAccountMenu(other);
  await expect(other.getByRole("link", { name: "Account" })).toBeVisible();
  await expect(other.getByRole("link", { name: "Operator" })).toHaveCount(0);
  await other.context().close();

  // Signed out elsewhere, while the page is open.
  await alive(page);
  await operator.signOut();
  await page.getByRole("button", { name: "Stop the key now" }).click();
  await expect(page.getByText("Your session has ended, or you're no longer an operator")).toBeVisible();
  await expect(page.getByRole("heading", { name: /^This page doesn't exist/ })).toBeVisible();
});

test("the page shows sums, people, refusals and what operators did, in both themes", async ({ page }) => {
  const operator = await newOperator(1);
  const [ann, ben] = [await newPerson(), await newPerson()];
  await ran(
    // The highest cost of all tests, so that she comes first.
    { user_id: ann.id, cost_usd: 900 },
    { user_id: ben.id, model: "a-model-of-ben", cost_usd: 800 },
    { user_id: ben.id, source: "user", model: "an-own-model", cost_usd: 1 },
    ...Array.from({ length: 20 }, (_, index) => ({ user_id: ann.id, model: `m-${index}`, cost_usd: 1 })),
  );
  const day = new Date().toISOString().slice(0, 10);
  await insertRows("platform_refusals", {
    day,
    user_id: ben.id,
    reason: "platform_budget_spent",
    times: 9_000,
  });
  await enter(page.context(), operator);
  await page.goto("/operator");

  await expect(page.locator("dl").first()).toContainText("Today (UTC)");
  const people = page.getByRole("table", { name: "Usage by person" });
  await expect(people.getByRole("row").nth(1)).toContainText(`${ann.email}2123,100$920.00100,000 (default)`);
  await expect(people.getByRole("row").nth(2)).toContainText(ben.email);
  const models = page.getByRole("region", { name: "By model", exact: true });
  await expect(models).toContainText("a-model-of-ben");
  await expect(models.getByRole("row")).toHaveCount(21);
  await models.getByRole("button", { name: "Show more" }).focus();
  await page.keyboard.press("Enter");
  await expect(models.getByRole("row").nth(21)).toBeFocused();
  const refused = page.getByRole("region", { name: "Refused runs", exact: true });
  await expect(refused).toContainText("Not enough of their daily tokens left");
  await expect(refused.getByRole("row").nth(1)).toContainText(`${ben.email}Not enough of their daily tokens`);
  await expect(page.getByRole("table", { name: "The newest sign-ups" })).toContainText(ann.email);
  await page.getByText("Show as a table").click();
  await expect(page.getByRole("table", { name: /by day/ })).toBeVisible();
  await expect(page.locator(".recharts-bar-rectangle path").first()).toBeVisible();
  expect(await page.content()).not.toContain("an-own-model");
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
  await page.setViewportSize({ width: 320, height: 800 });
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);

  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^platform-usage-.+\.csv$/);
  const file = await readFile(await download.path(), "utf8");
  expect(file).toContain(
    `${YESTERDAY.slice(0, 10)},env,a-model-of-ben,${ben.email},1,1000,100,0,0,800,0,0\r\n`,
  );
});

test("a person's limit is changed by the keyboard, counts at once, and is an event", async ({
  page,
  browser,
}) => {
  const operator = await newOperator(2);
  const person = await newPerson();
  await ran({ user_id: person.id, cost_usd: 700 });
  await enter(page.context(), operator);
  await page.goto("/operator");

  const change = page
    .getByRole("table", { name: "Usage by person" })
    .getByRole("button", { name: `Change the limit for ${person.email}` });
  await change.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("radio", { name: "Default" })).toBeChecked();
  await dialog.getByRole("radio", { name: "Default" }).press("ArrowDown");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Enter a whole number");
  await dialog.getByRole("textbox", { name: "Tokens per day" }).fill("5,000");
  await expectAccessible(page);
  await dialog.getByRole("textbox", { name: "Tokens per day" }).press("Enter");
  await expect(dialog).toBeHidden();
  await expect(change).toBeFocused();
  const own = page.getByRole("region", { name: "Custom limits" }).first();
  await expect(own.getByRole("row").filter({ hasText: person.email })).toContainText("5,000");
  const events = page.getByRole("region", { name: "Operator activity" });
  await expect(events).toContainText(`You let ${person.email} use 5,000 tokens per day`);

  const theirs = await (await browser.newContext()).newPage();
  await enter(theirs.context(), person);
  await theirs.goto("/dashboard");
  await expect(theirs.getByText(/of your 5,000 tokens for today/)).toBeVisible();

  await own.getByRole("button", { name: "Set a limit" }).click();
  await dialog.getByLabel("Account e-mail").fill(`nobody-${person.email}`);
  await dialog.getByRole("radio", { name: "No tokens" }).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert")).toContainText("No account has this e-mail address or id.");
  await dialog.getByLabel("Account e-mail").fill(person.email);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(own.getByRole("row").filter({ hasText: person.email })).toContainText("No tokens");
  const refused = await as(person)("/api/reveal/run", post({ prompt: "Sing" }));
  expectProblemOfRun(refused.json);
  await theirs.context().close();
});

function expectProblemOfRun(problem: unknown): void {
  expect(problem).toMatchObject({ status: 429, code: "platform_budget_spent", source: "env" });
}

test("limits need the password, as other sensitive actions do", async ({ page }) => {
  const operator = await newOperator(3);
  const person = await newPerson();
  const stolen = as({ cookie: operator.sessionCookie });
  const limit = patch({ user_id: person.id, daily_tokens: 1 });
  expectProblem(await stolen("/api/operator/limits", limit), 403, "confirmation_required");
  expectProblem(
    await as(operator)("/api/operator/limits", {
      ...limit,
      headers: { ...limit.headers, Origin: "https://evil.test" },
    }),
    403,
    "cross_origin",
  );
  const old = confirmationOf(operator, Date.now() - 16 * 60_000);
  const late = as({ cookie: `${operator.sessionCookie}; ${old}` });
  expectProblem(await late("/api/operator/key", patch({ is_stopped: false })), 403, "confirmation_required");
  expect(expectOk(await as(operator)("/api/operator/limits", limit))).toEqual({
    user_id: person.id,
    own_limit: { daily_tokens: 1 },
  });

  // In the browser, the dialog for the password comes on top.
  await enter(page.context(), { ...operator, cookie: operator.sessionCookie });
  await page.goto("/operator");
  await page.getByRole("button", { name: "Set a limit" }).click();
  await page.getByLabel("Account e-mail").fill(person.email);
  await page.getByRole("radio", { name: "Default" }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByLabel("Password").fill(operator.password);
  await page.getByLabel("Password").press("Enter");
  await expect(page.getByText(`${person.email} now has the default limit`)).toBeVisible();
});
