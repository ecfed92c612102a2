import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { NO_PLATFORM_KEY_URL } from "../support/ports";
import { newPerson, type Person } from "./api/client";
import {
  test as base,
  clipboardText,
  enter,
  expect,
  expectAccessible,
  newcomer,
  newKey,
  newTeam,
  RevealPanel,
  receivedWith,
  signOut,
  store,
} from "./fixtures";
import { holdScripts } from "./way-in";

// What Reveal keeps of runs in the browser, and what it says about them.

const KEY = "ANTHROPIC_API_KEY";
const NOTICE = "This is a simulation";
const RECEIPT = /claude-sonnet-5-5 · Paid with your key · (about )?[\d,]+ tokens in, .*\d out/;

/** Somebody new with a key of their own, on their dashboard. */
const test = base.extend<{ person: Person; reveal: RevealPanel }>({
  person: async ({ page }, use) => use(await newcomer(page)),
  reveal: async ({ page, person }, use) => {
    expect(person.id).toBeTruthy();
    await store(page, KEY, newKey());
    await use(new RevealPanel(page));
  },
});

/** Everything that this browser keeps for our pages, as far as this tab sees it. */
const kept = (page: Page) =>
  page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));

/** What one can tell of a run without a key that answers. */
const withKey = (page: Page, what: string) => {
  const key = newKey(what);
  return store(page, KEY, key).then(() => key);
};

async function runToEnd(reveal: RevealPanel, prompt: string): Promise<void> {
  await reveal.run(prompt);
  await expect(reveal.answer).toContainText(prompt.slice(0, 20));
  await expect(reveal.button()).toBeVisible();
}

/** Begins a slow answer, and waits for some of it. */
async function runSlowly(page: Page, reveal: RevealPanel): Promise<string> {
  const key = await withKey(page, "slow");
  await reveal.run("Take your time");
  await expect(reveal.answer).toContainText("And so on.");
  return key;
}

test("what was typed, and what was answered, survives a trip to Usage, a reload and the back button", async ({
  page,
  reveal,
}) => {
  await runToEnd(reveal, "A first question");
  await expect(reveal.panel).toContainText(RECEIPT);
  const receipt = await reveal.panel.getByText(RECEIPT).first().textContent();
  await reveal.prompt.fill("Half a thought");
  const isThere = async () => {
    await expect(reveal.prompt).toHaveValue("Half a thought");
    await expect(reveal.answer).toContainText("A first question");
    await expect(reveal.panel.getByText(receipt ?? "")).toBeVisible();
    await expect(reveal.lines).toHaveCount(1);
  };
  await page.getByRole("link", { name: "Usage" }).click();
  await page.waitForURL("**/usage");
  await page.getByRole("link", { name: "Dashboard" }).click();
  await page.waitForURL("**/dashboard");
  await isThere();
  await page.reload();
  await isThere();
  await page.goto("/usage");
  await page.goBack();
  await isThere();
  await expectAccessible(page);
  // In another tab there is nothing of it.
  const other = new RevealPanel(await page.context().newPage());
  await other.page.goto("/dashboard");
  await expect(other.button()).toBeEnabled();
  await expect(other.prompt).toHaveValue("");
  await expect(other.runs).toBeHidden();
});

test("each workspace has its own runs and drafts", async ({ page, reveal }) => {
  const team = await newTeam("Ours", page);
  await runToEnd(reveal, "My own question");
  await reveal.prompt.fill("My own draft");
  await page.goto(`/dashboard?team=${team}`);
  await expect(reveal.button()).toBeEnabled();
  await expect(reveal.prompt).toHaveValue("");
  await runToEnd(reveal, "Our question");
  await expect(reveal.lines).toHaveCount(1);
  await page.goto("/dashboard");
  await expect(reveal.prompt).toHaveValue("My own draft");
  await expect(reveal.answer).toContainText("My own question");
  await expect(reveal.runs).not.toContainText("Our question");
});

test("a prompt that is typed before the scripts are there is neither lost nor stuck", async ({
  page,
  reveal,
}) => {
  const key = await withKey(page, "works");
  const release = await holdScripts(page);
  await page.goto("/dashboard", { waitUntil: "commit" });
  await reveal.prompt.fill("Typed early");
  await reveal.model.selectOption("claude-opus-4-5");
  release();
  await reveal.button().click();
  await expect(reveal.answer).toContainText("Typed early");
  await expect(reveal.panel).toContainText("claude-opus-4-5 · Paid with your key");
  expect(await receivedWith(key, "Typed early")).toHaveLength(1);
});

test("an empty and a too long text are refused at the field, in a sentence", async ({ page, reveal }) => {
  await reveal.button().click();
  await expect(reveal.prompt).toBeFocused();
  await expect(reveal.prompt).toHaveAccessibleDescription("Enter a prompt first.");
  await expectAccessible(page);
  await reveal.prompt.fill(" \n");
  await expect(reveal.panel).not.toContainText("Enter a prompt first.");
  await reveal.prompt.press("ControlOrMeta+Enter");
  await expect(reveal.prompt).toHaveAccessibleDescription("Enter a prompt first.");
  await reveal.prompt.fill("a".repeat(20_010));
  await expect(reveal.prompt).toHaveAccessibleDescription("20,010 of 20,000 characters: shorten it by 10.");
  await reveal.button().click();
  await expect(reveal.prompt).toBeFocused();
  expect(await (await page.request.get("/api/usage/runs")).json()).toMatchObject({ runs: [] });
  // The counter is right for a text that was put back, too.
  await page.reload();
  await expect(reveal.prompt).toHaveAccessibleDescription("20,010 of 20,000 characters: shorten it by 10.");
  await reveal.panel.getByRole("tab", { name: "Analyze" }).click();
  await reveal.button("Analyze").click();
  await expect(reveal.panel.getByLabel("Text", { exact: true })).toHaveAccessibleDescription(
    "Enter some text first.",
  );
});

test("a session that expired costs neither the prompt nor the answers", async ({ page, person, reveal }) => {
  await runToEnd(reveal, "Before it expired");
  await page.context().clearCookies();
  await reveal.run("After it expired");
  await reveal.alert.getByRole("link", { name: "Sign in" }).click();
  await page.waitForURL("**/login");
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/dashboard");
  await expect(reveal.prompt).toHaveValue("After it expired");
  await expect(reveal.answer).toContainText("Before it expired");
});

test("another account in the same tab sees nothing of it, and it is gone", async ({ page, reveal }) => {
  await runToEnd(reveal, "A secret question");
  await reveal.runs.getByLabel("Keep these runs in this browser").check();
  await reveal.prompt.fill("A secret draft");
  await page.goto("/usage");
  expect(await kept(page)).toContain("A secret draft");
  await page.context().clearCookies();
  await enter(page.context(), await newPerson());
  await page.goto("/dashboard");
  await expect.poll(() => kept(page)).not.toContain("secret");
  await expect(reveal.prompt).toHaveValue("");
  await expect(reveal.panel).not.toContainText("secret");
});

test("signing out forgets it in every tab, whatever page it shows", async ({ page, context, reveal }) => {
  await runToEnd(reveal, "A secret question");
  await reveal.runs.getByLabel("Keep these runs in this browser").check();
  await reveal.prompt.fill("A secret draft");
  const elsewhere = await context.newPage();
  await elsewhere.goto("/dashboard");
  const second = new RevealPanel(elsewhere);
  await expect(second.answer).toContainText("A secret question");
  await second.prompt.fill("Another secret draft");
  await elsewhere.goto("/usage");
  expect(await kept(elsewhere)).toContain("Another secret draft");
  const third = await context.newPage();
  await third.goto("/account");
  await signOut(third);
  await expect(third).toHaveURL("/login");
  for (const tab of [page, elsewhere, third]) {
    await expect.poll(() => kept(tab)).not.toContain("secret");
  }
  await expect(reveal.prompt).toHaveValue("");
  await expect(reveal.panel).not.toContainText("secret");
  // The page that was left open keeps nothing of it when it goes.
  await page.reload();
  expect(await kept(page)).not.toContain("secret");
});

test("a sign-out before the scripts are there has the browser clear what tabs have stored", async ({
  page,
  context,
  reveal,
}) => {
  await runToEnd(reveal, "A secret question");
  await reveal.runs.getByLabel("Keep these runs in this browser").check();
  await reveal.prompt.fill("A secret draft");
  const other = await context.newPage();
  await other.goto("/dashboard");
  await new RevealPanel(other).prompt.fill("Another secret draft");
  await other.goto("/usage");
  expect(await kept(other)).toContain("Another secret draft");
  await page.route("**/_next/static/**/*.js", (route) =>
    page.url().endsWith("/usage") ? route.abort() : route.continue(),
  );
  await page.goto("/usage");
  expect(await kept(page)).toContain("A secret draft");
  await signOut(page);
  await expect(page).toHaveURL("/login");
  for (const tab of [page, other]) await expect.poll(() => kept(tab)).not.toContain("secret");
  // The browser does so for the reply alone.
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
});

test("deleting the account forgets it", async ({ page, person, reveal }) => {
  await runToEnd(reveal, "A secret question");
  await reveal.runs.getByLabel("Keep these runs in this browser").check();
  await page.goto("/account");
  await page.getByRole("button", { name: /^Delete/ }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByLabel("Password").fill(person.password);
  await dialog.getByRole("button", { name: "Delete account" }).click();
  await page.waitForURL("**/login?notice=account-deleted");
  await expect.poll(() => kept(page)).not.toContain("secret");
});

test("to run again adds a second answer, with the model that is chosen now, and asks before nothing is lost", async ({
  page,
  reveal,
}) => {
  await runToEnd(reveal, "The same question");
  await reveal.prompt.fill("Something else");
  await reveal.model.selectOption("claude-opus-4-5");
  await reveal.runs.getByRole("button", { name: /^Run The same question/ }).click();
  await expectAccessible(page);
  await reveal.runs.getByRole("button", { name: "Run again" }).click();
  await expect(reveal.prompt).toHaveValue("The same question");
  await expect(reveal.panel).toContainText("claude-opus-4-5 · Paid with your key");
  const { lines } = reveal;
  await expect(lines).toHaveCount(2);
  await expect(lines.nth(0)).toContainText("claude-opus-4-5");
  await expect(lines.nth(1)).toContainText("claude-sonnet-5-5");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(reveal.prompt).toHaveValue("Something else");
});

test("a table and a code sample are asked for, copied, and asked for again of another model: both answers stay", async ({
  page,
  context,
  reveal,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await runToEnd(reveal, "A table and a code sample, please");
  await expect(reveal.answer.getByRole("table")).toBeVisible();
  const code = await reveal.answer.locator("pre code").textContent();
  await reveal.answer.getByRole("button", { name: "Copy the code" }).click();
  await expect(reveal.answer.getByRole("button", { name: "Copied" })).toBeVisible();
  expect((await clipboardText(page)).trim()).toBe(code?.trim());

  await reveal.model.selectOption("claude-opus-4-5");
  await reveal.panel.getByRole("button", { name: "Run again" }).click();
  const { lines } = reveal;
  await expect(lines).toHaveCount(2);
  await page.reload();
  for (const [index, model] of ["claude-opus-4-5", "claude-sonnet-5-5"].entries()) {
    const line = lines.nth(index);
    await line.getByRole("button", { name: /^Run A table/ }).click();
    await expect(line.getByRole("table")).toBeVisible();
    await expect(line).toContainText(`${model} · Paid with your key`);
  }
});

test("a run that fails leaves the last answer in place, and is kept as failed", async ({ page, reveal }) => {
  await runToEnd(reveal, "A good question");
  await withKey(page, "overloaded");
  await reveal.run("A bad moment");
  await expect(reveal.alert).toContainText("overloaded");
  await expect(reveal.answer).toContainText("A good question");
  const { lines } = reveal;
  await expect(lines).toHaveCount(2);
  await expect(lines.first()).toContainText("failed");
  await lines
    .first()
    .getByRole("button", { name: /A bad moment/ })
    .click();
  await expect(lines.first()).toContainText("overloaded");
  await expect(lines.first().getByRole("button", { name: "Copy" })).toBeHidden();
  await page.reload();
  await expect(reveal.answer).toContainText("A good question");
  await expect(lines).toHaveCount(2);
});

test("to leave while an answer is written asks first; what was written is there afterwards, with its receipt", async ({
  page,
  reveal,
}) => {
  const questions: string[] = [];
  page.on("dialog", (dialog) => {
    questions.push(dialog.type());
    void dialog.accept();
  });
  await page.getByRole("link", { name: "Usage" }).click();
  await page.waitForURL("**/usage");
  await page.goto("/dashboard");
  expect(questions).toEqual([]);
  await runSlowly(page, reveal);
  await page.getByRole("link", { name: "Usage" }).click();
  await page.waitForURL("**/usage");
  expect(questions).toEqual(["beforeunload"]);
  await page.goBack();
  await expect(reveal.answer).toContainText("And so on.");
  await expect(reveal.panel).toContainText("Interrupted. claude-sonnet-5-5 · Paid with your key · ");
  await expect(reveal.button()).toBeEnabled();
  await expect(reveal.lines).toContainText("interrupted");
  await expectAccessible(page);
  await page.goto("/usage");
  expect(questions).toHaveLength(1);

  // A browser that kept the page for the back button brings back one that reads no more.
  await page.goto("/dashboard");
  await runSlowly(page, reveal);
  await page.evaluate(() => {
    window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  });
  await expect(reveal.button()).toBeVisible();
  await expect(reveal.panel).toContainText("Interrupted. claude-sonnet-5-5 · Paid with your key · ");
});

test("a stopped answer stays, and its receipt comes from the ledger", async ({ page, reveal }) => {
  await runSlowly(page, reveal);
  await reveal.button("Stop").click();
  await expect(reveal.panel).toContainText("Stopped. claude-sonnet-5-5 · Paid with your key · ");
  await expect(reveal.answer).toContainText("And so on.");
  await page.reload();
  await expect(reveal.panel).toContainText("Stopped. claude-sonnet-5-5 · Paid with your key · ");
  const { runs } = await (await page.request.get("/api/usage/runs")).json();
  expect(runs).toEqual([expect.objectContaining({ status: "cancelled" })]);
});

test("a run can be stopped before anything of it came", async ({ page, reveal }) => {
  await runToEnd(reveal, "A question with an answer");
  const key = await withKey(page, "silent");
  await reveal.run("Say nothing");
  await expect.poll(async () => (await receivedWith(key)).length).toBe(1);
  await reveal.button("Stop").click();
  await expect(reveal.button()).toBeVisible();
  await expect(reveal.lines.first()).toContainText("stopped");
  await expect(reveal.panel).toContainText(/Stopped\. claude-sonnet-5-5 · /);
  await expect(reveal.alert).toBeHidden();
  await expect(reveal.answer).toContainText("A question with an answer");
});

for (const [what, words] of [
  ["cut", "Interrupted."],
  ["errorevent", "Interrupted."],
  ["unfinished", "Interrupted."],
  ["reason-null", "The provider didn't confirm that the answer is complete."],
] as const) {
  test(`an answer that ends with ${what} keeps what was written, and its receipt`, async ({
    page,
    reveal,
  }) => {
    await withKey(page, what);
    await reveal.run("A question");
    await expect(reveal.panel).toContainText(`${words} claude-sonnet-5-5 · Paid with your key · `);
    await expect(reveal.answer).toContainText(NOTICE);
    await expect(reveal.alert).toHaveCount(what === "reason-null" ? 0 : 1);
    await page.reload();
    await expect(reveal.answer).toContainText(NOTICE);
    await expect(reveal.panel).toContainText(`${words} claude-sonnet-5-5 · Paid with your key · `);
  });
}

test("runs that are ticked to be kept are there in a new tab, and no more once that is taken back", async ({
  page,
  context,
  reveal,
}) => {
  await runToEnd(reveal, "Before the tick");
  const box = reveal.runs.getByLabel("Keep these runs in this browser");
  await expect(box).toHaveAccessibleDescription(/kept in this tab only, until you close it or sign out/);
  await box.check();
  await expect(box).toHaveAccessibleDescription(
    /kept in this browser only, until you delete them or sign out/,
  );
  await runToEnd(reveal, "After the tick");
  const other = new RevealPanel(await context.newPage());
  await other.page.goto("/dashboard");
  await expect(other.answer).toContainText("After the tick");
  await expect(other.lines).toHaveCount(2);
  await expect(other.prompt).toHaveValue("");
  const otherBox = other.runs.getByLabel("Keep these runs in this browser");
  await expect(otherBox).toBeChecked();
  // What is deleted in one tab is gone in the other.
  await other.runs.getByRole("button", { name: /^Run Before the tick/ }).click();
  await other.runs.getByRole("button", { name: "Delete" }).click();
  await expect(reveal.lines).toHaveCount(1);
  await otherBox.uncheck();
  await expect(box).not.toBeChecked();
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain("the tick");
  await page.reload();
  await expect(reveal.answer).toContainText("After the tick");
  const third = new RevealPanel(await context.newPage());
  await third.page.goto("/dashboard");
  await expect(third.button()).toBeEnabled();
  await expect(third.runs).toBeHidden();
});

test("a storage that is full or was tampered with stops nothing", async ({ page, reveal }) => {
  const errors: Error[] = [];
  page.on("pageerror", (error) => errors.push(error));
  await runToEnd(reveal, "The first question");
  await page.evaluate(() => {
    for (let size = 4_000_000; size > 100; size = Math.floor(size / 2)) {
      try {
        for (let n = 0; n < 10; n += 1) sessionStorage.setItem(`other-${size}-${n}`, "a".repeat(size));
      } catch {
        // Full, for texts of this size.
      }
    }
  });
  await runToEnd(reveal, "The second question");
  await expect(reveal.lines).toHaveCount(2);
  await reveal.prompt.fill("b".repeat(10_000));
  await page.reload();
  await expect(reveal.button()).toBeEnabled();
  await page.evaluate(() => {
    for (const name of Object.keys(sessionStorage))
      if (name.startsWith("other-")) sessionStorage.removeItem(name);
  });
  await runToEnd(reveal, "The third question");
  await page.evaluate(() => {
    for (const name of Object.keys(sessionStorage)) {
      const text = sessionStorage.getItem(name) ?? "";
      if (name.startsWith("reveal/run/"))
        sessionStorage.setItem(name, text.replace('"answer":"', '"answer":["'));
    }
    localStorage.setItem("reveal/model", "<img src=x>");
  });
  await page.reload();
  await expect(reveal.button()).toBeEnabled();
  await expect(reveal.runs).toBeHidden();
  await expect(reveal.model).toHaveValue("claude-sonnet-5-5");
  await runToEnd(reveal, "The fourth question");
  expect(errors).toEqual([]);
});

test("an answer can be copied, downloaded with its receipt, deleted, and brought back", async ({
  page,
  reveal,
}) => {
  await page
    .context()
    .grantPermissions(["clipboard-read", "clipboard-write"])
    .catch(() => {});
  await runToEnd(reveal, "What is a bridge?");
  await runToEnd(reveal, "And a tunnel?");
  await reveal.button("Copy").first().click();
  await expect(page.getByText("Copied as Markdown")).toBeVisible();
  const answer = await clipboardText(page);
  expect(answer).toMatch(/^This is a simulation.* “And a tunnel\?…”\n\n- .*\n- It is \*\*Markdown\*\*;/);
  await page.locator("#pasted").evaluate((field) => field.remove());
  const downloaded = page.waitForEvent("download");
  await reveal.button("Download").first().click();
  const file = await downloaded;
  expect(file.suggestedFilename()).toMatch(/^\d{4}-\d\d-\d\d-and-a-tunnel\.md$/);
  const text = await readFile(await file.path(), "utf8");
  expect(text.startsWith(`${answer}\n\n---\n\nRun of 20`)).toBe(true);
  expect(text).toMatch(RECEIPT);

  const { lines } = reveal;
  const line = (prompt: string) => reveal.runs.getByRole("button", { name: new RegExp(`^Run ${prompt}`) });
  await line("What is").click();
  await expect(lines.nth(1)).toContainText(NOTICE);
  await lines.nth(1).getByRole("button", { name: "Delete" }).click();
  await expect(lines).toHaveCount(1);
  await expect(line("And a tunnel")).toBeFocused();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(lines).toHaveCount(2);
  await reveal.runs.getByRole("button", { name: "Clear all" }).click();
  await expect(lines).toHaveCount(0);
  expect(await kept(page)).not.toContain("What is a bridge");
  await expectAccessible(page);
  await page.reload();
  await expect(reveal.button()).toBeEnabled();
  await expect(reveal.runs).toBeHidden();
});

test("an analysis is kept, too, and is downloaded as Markdown", async ({ page, reveal }) => {
  await reveal.panel.getByRole("tab", { name: "Analyze" }).click();
  const field = reveal.panel.getByLabel("Text", { exact: true });
  await field.fill("The bridge opened in 1932. Nobody knows who paid for it.");
  await reveal.button("Analyze").click();
  await expect(reveal.panel).toContainText(RECEIPT);
  await page.reload();
  await expect(reveal.panel.getByRole("tab", { name: "Analyze" })).toHaveAttribute("aria-selected", "true");
  await expect(field).toHaveValue(/^The bridge opened/);
  await expect(reveal.panel.locator("blockquote").first()).toContainText("The bridge opened in 1932.");
  const downloaded = page.waitForEvent("download");
  await reveal.button("Download").click();
  const text = await readFile(await (await downloaded).path(), "utf8");
  expect(text).toContain("# Simulated analysis");
  expect(text).toContain("> The bridge opened in 1932.");
  expect(text).toMatch(/\nAnalysis of .*Paid with your key/);
  await reveal.runs.getByRole("button", { name: /^Analysis The bridge/ }).click();
  await reveal.runs.getByRole("button", { name: "Run again" }).click();
  await expect(reveal.lines).toHaveCount(2);
});

test("the model is chosen before the run, is remembered, and falls back where it is not offered any more", async ({
  page,
  reveal,
}) => {
  const key = await withKey(page, "works");
  const { model } = reveal;
  await expect(model).toHaveValue("claude-sonnet-5-5");
  await expect(model.locator("option")).toHaveText([
    "claude-sonnet-5-5",
    "claude-opus-4-5",
    "model-without-a-price",
  ]);
  await reveal.prompt.fill("word ".repeat(3_200));
  await model.selectOption("claude-opus-4-5");
  await expect(reveal.panel).toContainText(/About 4,000 tokens in: about \$0\.\d\d, plus the answer\./);
  await model.selectOption("model-without-a-price");
  await expect(reveal.panel).toContainText("About 4,000 tokens in.");
  await reveal.prompt.fill("Short");
  await expect(reveal.panel).not.toContainText("About 4,000");
  await reveal.button().click();
  // Nothing is said of money where the price is not known.
  await expect(reveal.panel).toContainText(/model-without-a-price · Paid with your key · .* out · [\d.]+ s/);
  expect(await receivedWith(key)).toMatchObject([{ body: { model: "model-without-a-price" } }]);
  await page.reload();
  await expect(model).toHaveValue("model-without-a-price");

  await page.route("**/api/reveal/run", async (route) => {
    const data = { ...route.request().postDataJSON(), model: "taken-away" };
    await route.continue({ postData: JSON.stringify(data) });
  });
  await reveal.run("Who are you?");
  await expect(reveal.alert).toContainText("This site doesn't offer that model.");
  await page.unroute("**/api/reveal/run");
  await page.evaluate(() => localStorage.setItem("reveal/model", "taken-away"));
  await page.reload();
  await expect(model).toHaveValue("claude-sonnet-5-5");
  await runToEnd(reveal, "Who are you now?");
  await expect(reveal.panel).toContainText(RECEIPT);
});

test("a single model is shown as text", async ({ page }) => {
  await newcomer(page, NO_PLATFORM_KEY_URL);
  const reveal = new RevealPanel(page);
  await expect(reveal.panel.getByText("Model: claude-sonnet-5-5").first()).toBeVisible();
  await expect(reveal.panel.getByRole("combobox")).toHaveCount(0);
  await expectAccessible(page);
});

test("a double click and a shortcut that is pressed twice run once each", async ({ page, reveal }) => {
  const key = await withKey(page, "slow");
  await reveal.prompt.fill("Only once");
  await reveal.button().dblclick();
  await expect(reveal.answer).toContainText("And so on.");
  expect(await receivedWith(key, "Only once")).toHaveLength(1);
  await reveal.button("Stop").click();
  await expect(reveal.button()).toBeVisible();
  await reveal.prompt.fill("Once more");
  await reveal.prompt.press("ControlOrMeta+Enter");
  await reveal.prompt.press("ControlOrMeta+Enter");
  await expect(reveal.answer).toContainText("And so on.");
  expect(await receivedWith(key, "Once more")).toHaveLength(1);
  await expect(reveal.lines).toHaveCount(1);
});

// A phone, and a window of 1,280 by 800 pixels at 200 %.
for (const [width, height] of [
  [320, 568],
  [640, 400],
] as const) {
  test(`Stop and the receipt stay on a screen of ${width} by ${height} while a long answer is written`, async ({
    page,
    reveal,
  }) => {
    await page.setViewportSize({ width, height });
    await page.goto("/dashboard#reveal");
    await runSlowly(page, reveal);
    const box = reveal.answer.getByRole("group");
    await expect.poll(async () => (await box.boundingBox())?.height).toBeGreaterThan(200);
    await box.evaluate((element) => element.scrollIntoView({ block: "end" }));
    await expect(reveal.button("Stop")).toBeInViewport({ ratio: 1 });
    // Neither covers the other: the links to the panels stay at the top, too.
    for (const part of [reveal.button("Stop"), page.getByRole("link", { name: "Reveal", exact: true })]) {
      const isOnTop = part.evaluate((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
      });
      expect(await isOnTop).toBe(true);
    }
    await expect(reveal.panel.getByText("Answering…")).toBeAttached();
    await expect(reveal.panel).toContainText(RECEIPT, { timeout: 30_000 });
    const receipt = reveal.panel.getByText(RECEIPT).first();
    await receipt.evaluate((element) => element.scrollIntoView({ block: "end" }));
    await expect(box).toBeInViewport();
    await expect(receipt).toBeInViewport({ ratio: 0.9 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
}

test("ten runs are kept, and answers longer than failures", async ({ page, reveal }) => {
  await runToEnd(reveal, "An answer to keep");
  await withKey(page, "refused");
  for (let n = 1; n <= 11; n += 1) {
    await reveal.run(`Failure ${n}`);
    await expect(reveal.runs.getByRole("button", { name: new RegExp(`^Run Failure ${n}\\b`) })).toBeVisible();
  }
  await expect(reveal.lines).toHaveCount(10);
  await expect(reveal.lines.last()).toContainText("An answer to keep");
});
