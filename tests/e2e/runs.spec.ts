import { newPerson } from "./api/client";
import { alive, enter, expect, expectAccessible, newTeam, RevealPanel, signOut } from "./fixtures";
import { kept, RECEIPT, runToEnd, test, withKey } from "./run-panel";

// What Reveal keeps of runs in the browser, and what it says about them.

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
  await alive(other, "textarea");
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
