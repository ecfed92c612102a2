import { readFile } from "node:fs/promises";
import { clipboardText, expect, expectAccessible, receivedWith } from "./fixtures";
import { kept, RECEIPT, runSlowly, runToEnd, test, withKey } from "./run-panel";

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

const NOTICE = "This is a simulation";

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
