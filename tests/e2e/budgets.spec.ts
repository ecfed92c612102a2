import type { Browser, Page } from "@playwright/test";
import { as, expectOk, expectProblem, insertRows, newPerson, newTeam, type Person, post } from "./api/client";
import { alive, enter, expect, expectAccessible, newKey, RevealPanel, store, test } from "./fixtures";

const patch = (body: object) => ({ ...post(body), method: "PATCH" });

/** Writes what somebody spent on the team's key. */
const spent = (team_id: string, user_id: string, cost_usd: number) =>
  insertRows("reveal_runs", {
    team_id,
    user_id,
    kind: "run",
    model: "claude-sonnet-5-5",
    source: "team",
    status: "completed",
    input_tokens: 1000,
    cost_usd,
    cost_exact: true,
    is_counted: true,
  });

async function pageOf(browser: Browser, person: Person): Promise<Page> {
  const context = await browser.newContext();
  await enter(context, person);
  return context.newPage();
}

const card = (page: Page) => page.getByRole("region", { name: "Budget" });
const save = (page: Page) => card(page).getByRole("button", { name: "Save the budgets" });

test("an admin sets the budgets of the team and of a member, and a member reads theirs", async ({
  page,
  browser,
}) => {
  const [admin, member] = await Promise.all([newPerson(), newPerson()]);
  const team = await newTeam({ admin, member });
  await spent(team, member.id, 12.3);
  await enter(page.context(), admin);
  await page.goto(`/team?team=${team}`);
  await expect(card(page)).toContainText("Spent this month: $12.30, no budget");

  const ofTeam = card(page).getByLabel("Monthly team budget");
  await ofTeam.fill("12.345");
  await save(page).click();
  await expect(ofTeam).toBeFocused();
  await expect(ofTeam).toHaveAccessibleDescription(/at most two decimals/);
  await expectAccessible(page);
  await ofTeam.fill("10");
  await expect(ofTeam).toHaveAccessibleDescription(
    /^Less than what's already spent: runs .* until next month or until you raise it\.$/,
  );
  await ofTeam.fill("$1,000");
  await card(page).getByLabel("Default for each member").fill("20");
  await page.keyboard.press("Enter");
  await expect(card(page)).toContainText("Spent this month: $12.30 of $1,000.00 (1%)");
  await expect(card(page).getByRole("meter")).toHaveAttribute("aria-valuetext", "$12.30 of $1,000.00 (1%)");

  const row = page
    .getByRole("region", { name: "Members" })
    .getByRole("listitem")
    .filter({ hasText: member.email });
  await expect(row).toContainText("$12.30 of $20.00 this month");
  const button = row.getByRole("button", { name: `Set the budget for ${member.email}` });
  await button.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: `Budget for ${member.email}` });
  await expectAccessible(page);
  await dialog.getByLabel("Monthly budget").fill("5.005");
  await page.keyboard.press("Enter");
  await expect(dialog).toContainText("at most two decimals, or empty for the team's default.");
  await dialog.getByLabel("Monthly budget").fill("5");
  await expect(dialog).toContainText("Less than they've already spent");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(row).toContainText("$12.30 of $5.00 this month, used up");
  await expect(button).toBeFocused();

  const theirs = await pageOf(browser, member);
  await theirs.goto(`/team?team=${team}`);
  await expect(card(theirs)).toContainText("The team's budget is $1,000.00 a month.");
  await expect(card(theirs)).toContainText("You spent this month: $12.30 of $5.00 (246%)");
  await expect(card(theirs)).toContainText("Your budget is used up. Ask an admin to raise it");
  await expect(theirs.getByRole("button", { name: /budget/i })).toHaveCount(0);
  await expectAccessible(theirs);

  await button.click();
  await dialog.getByRole("button", { name: "Use the team's default" }).click();
  await expect(row).toContainText("$12.30 of $20.00 this month");

  // Where somebody else was faster, it is their budget that shows, whatever the page had.
  expectOk(await as(admin)(`/api/teams/${team}`, patch({ monthly_usd: 30 })));
  await save(page).click();
  await expect(page.getByText("No changes to save")).toBeVisible();
  await expect(ofTeam).toHaveValue("30");
});

test("who has spent their budget is refused before and after they ask, and told whom to ask", async ({
  page,
  browser,
}) => {
  const [admin, member] = await Promise.all([newPerson(), newPerson()]);
  const team = await newTeam({ admin, member });
  const admins = await pageOf(browser, admin);
  await store(admins, "ANTHROPIC_API_KEY", newKey(), team);
  const ask = as(admin);
  const [ofTeam, ofMember] = [`/api/teams/${team}`, `/api/teams/${team}/members/${member.id}`];
  expectOk(await ask(ofMember, patch({ monthly_usd: 20 })));
  await spent(team, member.id, 5);

  await enter(page.context(), member);
  await page.goto(`/dashboard?team=${team}`);
  const reveal = new RevealPanel(page);
  await expect(reveal.payer).toContainText("25% of your $20.00 budget for this month is used.");
  // Lowered by somebody else, while the page is open.
  expectOk(await ask(ofMember, patch({ monthly_usd: 5.01 })));
  await reveal.run();
  const alert = reveal.panel.getByRole("alert");
  await expect(alert).toContainText("$0.01 of your budget of $5.01 for ");
  await expect(alert).toContainText(`Ask a team admin (${admin.email}) to raise it`);
  await expect(alert.getByRole("link")).toHaveText(["Open your personal vault"]);
  await expectAccessible(page);

  await expect(reveal.payer).toContainText("Not enough of your budget in this team for this month is left");
  expectOk(await ask(ofMember, patch({ monthly_usd: null })));
  expectOk(await ask(ofTeam, patch({ monthly_usd: 4 })));
  await page.reload();
  await expect(reveal.payer).toHaveText(
    `The team's budget for this month is used up. Ask an admin (${admin.email}) to raise it, or add ANTHROPIC_API_KEY to your personal vault.`,
  );
  await admins.goto(`/dashboard?team=${team}`);
  const theirs = new RevealPanel(admins);
  await expect(theirs.payer).toContainText("The team's budget for this month is used up. Raise the budget");
  await theirs.run();
  await expect(theirs.panel.getByRole("alert").getByRole("link")).toHaveText([
    "Raise the budget",
    "Open your personal vault",
  ]);
  await expectAccessible(admins);

  expectOk(await ask(ofTeam, patch({ monthly_usd: null })));
  await reveal.run();
  await expect(reveal.panel).toContainText("Paid with the team's key");
});

test("the usage page says what is spent of each budget, to admins and to each member", async ({
  page,
  browser,
}) => {
  const [admin, member] = await Promise.all([newPerson(), newPerson()]);
  const team = await newTeam({ admin, member });
  expectOk(await as(admin)(`/api/teams/${team}`, patch({ monthly_usd: 50, member_monthly_usd: 10 })));
  await spent(team, member.id, 9);
  await spent(team, admin.id, 3.3);
  await enter(page.context(), admin);
  await page.goto(`/usage?team=${team}`);
  const budgets = page.getByRole("region", { name: /^Budget for / });
  await expect(budgets).toContainText("Spent this month: $12.30 of $50.00 (24%)");
  await expect(budgets.getByRole("listitem")).toHaveText([
    `${member.email}: $9.00 of $10.00 (90%)`,
    `${admin.email}: $3.30 of $10.00 (33%)`,
  ]);
  await expectAccessible(page);

  const theirs = await pageOf(browser, member);
  await theirs.goto(`/usage?team=${team}&range=last-month`);
  await expect(theirs.getByText("No runs last month.")).toBeVisible();
  const own = theirs.getByRole("region", { name: /^Budget for / });
  await expect(own).toContainText("You spent this month: $9.00 of $10.00 (90%)");
  await expect(own).not.toContainText("12.30");
  expect(await theirs.content()).not.toContain(admin.email);
  await expectAccessible(theirs);
});

test("a budget over HTTP is an amount in dollars, or null, and an admin's to set", async () => {
  const [admin, member] = await Promise.all([newPerson(), newPerson()]);
  const team = await newTeam({ admin, member });
  const [ofTeam, ofMember] = [`/api/teams/${team}`, `/api/teams/${team}/members/${member.id}`];
  const ask = as(admin);
  expect(expectOk(await ask(ofTeam, patch({ monthly_usd: 999_999.99 })))).toMatchObject({
    monthly_usd: 999_999.99,
    member_monthly_usd: null,
  });
  expect(expectOk(await ask(ofTeam, patch({ member_monthly_usd: 0.1 })))).toMatchObject({
    monthly_usd: 999_999.99,
    member_monthly_usd: 0.1,
    own_monthly_usd: 0.1,
  });
  expect(expectOk(await ask(ofMember, patch({ monthly_usd: 0 })))).toEqual({
    user_id: member.id,
    monthly_usd: 0,
  });
  const rule =
    "A budget is an amount in US dollars from 0 to 999,999.99 with at most two decimals, or null for none.";
  for (const wrong of [-1, 1_000_000, 0.001, "20", true, [], {}]) {
    for (const [path, name] of [
      [ofTeam, "monthly_usd"],
      [ofTeam, "member_monthly_usd"],
      [ofMember, "monthly_usd"],
    ] as const) {
      const reply = await ask(path, patch({ [name]: wrong }));
      expectProblem(reply, 400, "invalid_request");
      expect(JSON.parse(reply.text).detail, `${name}: ${wrong}`).toBe(rule);
    }
  }
  for (const path of [ofTeam, ofMember]) {
    expectProblem(await as(member)(path, patch({ monthly_usd: 1 })), 403, "team_role_required");
  }
  const seen = expectOk(await as(member)(ofTeam));
  expect(seen.budgets).toEqual({ own: { monthly_usd: 0, spent_usd: 0, held_usd: 0 } });
  expect(seen.team).toMatchObject({ monthly_usd: 999_999.99, own_monthly_usd: 0 });
  expect(seen.team).not.toHaveProperty("member_monthly_usd");
});

test("a refusal by a limit leads to where something can be done about it", async ({ page }) => {
  const admin = await newPerson();
  const team = await newTeam({ admin });
  await enter(page.context(), admin);
  await page.goto(`/dashboard?team=${team}`);
  await alive(page, "#reveal button");
  const reveal = new RevealPanel(page);
  for (const [code, source, links] of [
    ["too_many_runs", undefined, ["See your runs"]],
    ["platform_limit_reached", "env", ["Open your personal vault"]],
    ["model_price_unknown", "env", ["Open your personal vault"]],
    ["model_price_unknown", "team", ["Change budgets", "Open your personal vault"]],
    ["member_budget_spent", "team", ["Raise the budget", "Open your personal vault"]],
  ] as const) {
    await page.route("**/api/reveal/run", (route) =>
      route.fulfill({
        status: 429,
        contentType: "application/problem+json",
        json: { type: "about:blank", status: 429, code, detail: `Refused: ${code} (${source}).`, source },
      }),
    );
    await reveal.run();
    await expect(reveal.alert).toContainText(`Refused: ${code} (${source}).`);
    await expect(reveal.alert.getByRole("link")).toHaveText([...links]);
    await page.unroute("**/api/reveal/run");
  }
  await reveal.alert.getByRole("link", { name: "Raise the budget" }).click();
  await expect(page).toHaveURL(new RegExp(`/team\\?team=${team}$`));
  await expect(card(page)).toBeVisible();
});
