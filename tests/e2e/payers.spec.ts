import type { Browser, Page } from "@playwright/test";
import { createClient } from "@supabase/supabase-js";
import type { Database } from "../../types/database";
import { PLATFORM_KEY, TEST_SECRET_KEY } from "../support/keys";
import { SUPABASE_URL } from "../support/ports";
import {
  alive,
  comeBack,
  expect,
  expectAccessible,
  newcomer,
  newKey,
  newSession,
  newTeam,
  RevealPanel,
  receivedWith,
  store,
  test,
  VaultPanel,
} from "./fixtures";

const KEY = "ANTHROPIC_API_KEY";

/** How often the platform paid for this prompt. */
const paidByPlatform = async (prompt: string) => (await receivedWith(PLATFORM_KEY, prompt)).length;

test("a member uses the team's key, sees that it is there, and neither its value nor a way to change it", async ({
  page,
  browser,
}) => {
  const admin = await browser.newPage();
  await newcomer(admin);
  await newSession(page);
  const team = await newTeam("Research", admin, page);
  const key = newKey();
  await store(admin, KEY, key, team);

  await page.goto(`/dashboard?team=${team}`);
  const vault = new VaultPanel(page);
  const reveal = new RevealPanel(page);
  await expect(vault.row(KEY)).toContainText("In use");
  await expect(reveal.payer).toHaveText(`The team's ${KEY} will be used. Without it: the platform's.`);
  for (const action of ["Copy", "Select"]) {
    await expect(vault.panel.getByRole("button", { name: new RegExp(`^${action}`) })).toHaveCount(0);
  }
  await vault.more(KEY).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Check", "Use my own instead"]);
  await page.keyboard.press("Escape");
  await expect(vault.panel.getByRole("button", { name: "Add a secret" })).toHaveCount(0);
  await expectAccessible(page);

  await reveal.run();
  await expect(reveal.panel).toContainText("Paid with the team's key");
  await expect(reveal.panel).toContainText(/about (less than )?\$0\.\d+/);
  await expect(vault.row(KEY)).toContainText(/Worked (just now|\d+ seconds? ago)/);
  expect(await receivedWith(key)).toHaveLength(1);
  expect(await page.content()).not.toContain(key);

  const refused = await page.request.get(`/api/vault?key=${KEY}&reveal=true&team_id=${team}`);
  expect(refused.status()).toBe(403);
  await admin.close();
});

test("a refused key of one's own stops the run; the team's pays this once, and only if one says so", async ({
  page,
}) => {
  await newSession(page);
  const team = await newTeam("Solo", page);
  const mine = newKey("refused");
  const ours = newKey();
  await store(page, KEY, mine);
  await store(page, KEY, ours, team);
  await page.goto(`/dashboard?team=${team}`);
  const reveal = new RevealPanel(page);
  await expect(reveal.payer).toHaveText(
    `Your ${KEY} will be used. Without it: the team's, then the platform's.`,
  );
  await reveal.run();
  await expect(reveal.alert).toContainText("Anthropic doesn't accept your key");
  expect(await receivedWith(ours)).toHaveLength(0);
  await expectAccessible(page);

  await reveal.alert.getByRole("button", { name: "Use the team's key this time" }).click();
  await expect(reveal.panel).toContainText("Paid with the team's key");
  expect(await receivedWith(ours)).toHaveLength(1);

  await reveal.run();
  await expect(reveal.alert).toContainText("Anthropic doesn't accept your key");
  expect(await receivedWith(mine)).toHaveLength(2);
  expect(await receivedWith(ours)).toHaveLength(1);

  await reveal.panel.getByRole("tab", { name: "Analyze" }).click();
  const analysis = reveal.panel.getByRole("tabpanel", { name: "Analyze" });
  await analysis.getByLabel("Text").fill("One sentence. And another one.");
  await analysis.getByRole("button", { name: "Analyze" }).click();
  await analysis.getByRole("button", { name: "Use the team's key this time" }).click();
  await expect(analysis).toContainText("Paid with the team's key");
  await page.goto("/dashboard");
  await expect(new VaultPanel(page).row(KEY)).toContainText("Refused by Anthropic");
});

test("a key whose account is out of credit says so in its row, and another one is offered once", async ({
  page,
}) => {
  await newSession(page);
  const team = await newTeam("Broke", page);
  await store(page, KEY, newKey("low-balance"));
  const ours = newKey("budget-429");
  await store(page, KEY, ours, team);
  await page.goto(`/dashboard?team=${team}`);
  const reveal = new RevealPanel(page);
  await reveal.run();
  await expect(reveal.alert).toContainText("The account behind your key has no credit left");
  // A gateway says the same in other words, with a status that means something else.
  await reveal.alert.getByRole("button", { name: "Use the team's key this time" }).click();
  await expect(reveal.alert).toContainText("The account behind the team's key has no credit left");
  await expect(new VaultPanel(page).row(KEY)).toContainText("Out of credit");
  await expect(reveal.alert.getByRole("button", { name: "Use the platform's key this time" })).toBeVisible();
  await expectAccessible(page);
  await page.goto("/dashboard");
  await expect(new VaultPanel(page).row(KEY)).toContainText("Out of credit");
});

test("a refused key of the team leads to those who can replace it, and the platform's is offered", async ({
  page,
}) => {
  await newSession(page);
  const team = await newTeam("Refused", page);
  await store(page, KEY, newKey("refused"), team);
  await page.goto(`/dashboard?team=${team}`);
  const reveal = new RevealPanel(page);
  await reveal.run();
  await expect(reveal.alert).toContainText("Anthropic doesn't accept the team's key");
  await expect(new VaultPanel(page).row(KEY)).toContainText("Refused by Anthropic");
  await expect(reveal.alert.getByRole("button", { name: "Use the platform's key this time" })).toBeVisible();
  await expectAccessible(page);
  await reveal.alert.getByRole("link", { name: "See the team's admins" }).click();
  await expect(page).toHaveURL(`/team?team=${team}`);
});

test("an unreadable key of one's own is closed, and the next one is offered", async ({ page, vault }) => {
  await vault.add(KEY, newKey());
  const { id } = await (await page.request.get(`/api/vault?key=${KEY}`)).json();
  const admin = createClient<Database>(SUPABASE_URL, TEST_SECRET_KEY);
  await admin.from("vault_secrets").update({ encrypted_value: "v1.x" }).eq("id", id).throwOnError();
  const prompt = newKey("prompt");
  const reveal = new RevealPanel(page);
  await reveal.run(prompt);
  await expect(reveal.alert).toContainText("can't be read");
  expect(await paidByPlatform(prompt)).toBe(0);
  await reveal.alert.getByRole("button", { name: "Use the platform's key this time" }).click();
  await expect(reveal.panel).toContainText("Paid with the platform's key");
  expect(await paidByPlatform(prompt)).toBe(1);
});

test("the team's rule says whose keys may pay, and a refusal names it and whom to ask", async ({
  page,
  browser,
}) => {
  const admin = await browser.newPage();
  const { email } = await newcomer(admin);
  await newcomer(page);
  const team = await newTeam("Rules", admin, page);
  const rule = async (key_policy: string) => {
    const reply = await admin.request.patch(`/api/teams/${team}`, { data: { key_policy } });
    expect(reply.ok()).toBe(true);
  };
  const reveal = new RevealPanel(page);
  const prompt = newKey("prompt");

  await rule("team");
  await page.goto(`/dashboard?team=${team}`);
  await expect(reveal.payer).toContainText("No key yet");
  await reveal.run(prompt);
  await expect(reveal.alert).toContainText("doesn't use the platform's key");
  await expect(reveal.alert).toContainText(email);

  await store(admin, KEY, newKey(), team);
  await rule("own");
  // Somebody else changed it: this window learns of it when it is come back to.
  await comeBack(page, (soon) => soon(reveal.payer).toContainText("everyone uses their own key"));
  await expect(reveal.payer.getByRole("link")).toHaveAttribute("href", "/dashboard#vault");
  await reveal.run(prompt);
  await expect(reveal.alert).toContainText("everyone uses their own key");
  await expect(reveal.alert).toContainText(email);
  for (const source of ["team", "env"]) {
    const reply = await page.request.post("/api/reveal/run", {
      data: { prompt, team_id: team, source },
    });
    expect(await reply.json()).toMatchObject({ code: "own_key_required" });
  }
  expect(await paidByPlatform(prompt)).toBe(0);
  await expectAccessible(page);

  await page.reload();
  await expect(new VaultPanel(page).row(KEY)).toContainText("Not in use");
  await admin.close();
});

test("what is left of the day's tokens on the platform's key is said, and their end too", async ({
  page,
  account,
}) => {
  const reveal = new RevealPanel(page);
  await expect(reveal.payer).toContainText("0% of your 100,000 tokens for today are used.");

  const admin = createClient<Database>(SUPABASE_URL, TEST_SECRET_KEY);
  const { data: person } = await admin
    .from("profiles")
    .select("user_id")
    .eq("email", account.email)
    .single()
    .throwOnError();
  const run = { kind: "run", model: "claude-sonnet-5-5", source: "env", status: "completed" } as const;
  const use = (input_tokens: number) =>
    admin
      .from("reveal_runs")
      .insert({ ...run, user_id: person.user_id, input_tokens })
      .throwOnError();
  await use(82_000);
  await reveal.run("A question of some length, so that it counts.");
  await expect(reveal.panel).toContainText("Paid with the platform's key");
  await expect(reveal.payer).toContainText("82% of your 100,000 tokens for today are used.");
  await use(18_000);
  const prompt = newKey("prompt");
  await reveal.run(prompt);
  await expect(reveal.alert).toContainText("are used up");
  await expect(reveal.alert).toContainText("ask the operator of this site");
  await expect(reveal.payer).toContainText("Your tokens for today are used up.");
  const reply = await page.request.post("/api/reveal/analyze", { data: { text: prompt } });
  expect(reply.status()).toBe(429);
  expect(Number(reply.headers()["retry-after"])).toBeGreaterThan(0);
  expect(await paidByPlatform(prompt)).toBe(0);
});

test("who was removed while a page of the team was open is told so, and can go on alone", async ({
  page,
  browser,
}) => {
  const admin = await browser.newPage();
  await newcomer(admin);
  await newSession(page);
  const team = await newTeam("Short", admin, page);
  await page.goto(`/dashboard?team=${team}`);
  const { members } = await (await admin.request.get(`/api/teams/${team}`)).json();
  const member = members.find(({ is_you }: { is_you: boolean }) => !is_you);
  expect((await admin.request.delete(`/api/teams/${team}/members/${member.user_id}`)).ok()).toBe(true);

  const reveal = new RevealPanel(page);
  await reveal.run();
  await expect(reveal.alert).toContainText("There's no such team, or you're not in it.");
  await expect(page.getByText("You're no longer in this team", { exact: true })).toBeVisible();
  await expect(reveal.payer).toContainText("You're no longer in this team, so you can't run anything here.");
  await expect(reveal.payer.getByRole("link")).toHaveAttribute("href", "/dashboard");
  await expect(reveal.panel.getByLabel("Prompt")).toHaveValue("Hello");
  await expect(new VaultPanel(page).panel).toBeHidden();
  await expectAccessible(page);
  await page.getByRole("main").getByRole("link", { name: "Go to your personal workspace" }).first().click();
  await expect(page).toHaveURL(/\/dashboard$/);
  await page.goto(`/dashboard?team=${team}`);
  await expect(
    page.getByRole("heading", { name: "This page doesn't exist, or you don't have access to it" }),
  ).toBeVisible();
  await admin.close();
});

test.describe("a page of a team that is open meanwhile", () => {
  /** An admin's and a member's window, and the team, whose key pays. */
  async function openTeam(page: Page, browser: Browser, key = newKey()) {
    const admin = await browser.newPage();
    await newcomer(admin);
    const member = await newSession(page);
    const team = await newTeam("Open", admin, page);
    await store(admin, KEY, key, team);
    await page.goto(`/dashboard?team=${team}`);
    await alive(page);
    const reveal = new RevealPanel(page);
    await expect(reveal.payer).toContainText(`The team's ${KEY} will be used.`);
    return { admin, member, team, reveal };
  }

  async function expectOut(page: Page, reveal: RevealPanel, soon = expect) {
    await soon(reveal.payer).toHaveText(
      "You're no longer in this team, so you can't run anything here. Go to your personal workspace to use your own key.",
    );
    await expect(page.getByText("You're no longer in this team", { exact: true })).toBeVisible();
    await expect(new VaultPanel(page).panel).toBeHidden();
  }

  test("says so to somebody who was removed, once it is come back to", async ({ page, browser }) => {
    const { admin, member, team, reveal } = await openTeam(page, browser);
    expect((await admin.request.delete(`/api/teams/${team}/members/${member.id}`)).ok()).toBe(true);
    await comeBack(page, (soon) => expectOut(page, reveal, soon));
    await expectAccessible(page);
    await admin.close();
  });

  test("says so after any request of the vault that is refused", async ({ page, browser }) => {
    const { admin, member, team, reveal } = await openTeam(page, browser);
    expect((await admin.request.delete(`/api/teams/${team}/members/${member.id}`)).ok()).toBe(true);
    await new VaultPanel(page).check(KEY);
    await expectOut(page, reveal);
    await admin.close();
  });

  test("says so when the team is deleted", async ({ page, browser }) => {
    const { admin, team, reveal } = await openTeam(page, browser);
    expect((await admin.request.delete(`/api/teams/${team}`)).ok()).toBe(true);
    await comeBack(page, (soon) => expectOut(page, reveal, soon));
    await admin.close();
  });

  test("says that another rule applies, and that the budget is used up", async ({ page, browser }) => {
    const { admin, team, reveal } = await openTeam(page, browser);
    const change = async (data: object) =>
      expect((await admin.request.patch(`/api/teams/${team}`, { data })).ok()).toBe(true);
    await change({ monthly_usd: 0 });
    await comeBack(page, (soon) =>
      soon(reveal.payer).toContainText(/budget for this month is used up|is left for a run/),
    );
    await change({ key_policy: "own" });
    await comeBack(page, (soon) => soon(reveal.payer).toContainText("everyone uses their own key"));
    await admin.close();
  });

  test("becomes a member's where an admin is one no longer", async ({ page, browser }) => {
    const { admin, member, team } = await openTeam(page, browser);
    const role = async (role: string) => {
      const path = `/api/teams/${team}/members/${member.id}`;
      expect((await admin.request.patch(path, { data: { role } })).ok()).toBe(true);
    };
    await role("admin");
    await page.reload();
    await alive(page);
    const vault = new VaultPanel(page);
    await expect(vault.panel.getByRole("button", { name: "Add a secret" })).toBeVisible();
    await role("member");
    await vault.show(KEY);
    await expect(page.getByText("Only a team admin can do this.")).toBeVisible();
    await expect(vault.panel.getByRole("button", { name: "Add a secret" })).toHaveCount(0);
    await expect(page.getByRole("region", { name: /webhooks$/ })).toHaveCount(0);
    await admin.close();
  });
});

test("a key that another window has deleted pays nothing, once the page is come back to", async ({
  page,
  vault,
  context,
}) => {
  const reveal = new RevealPanel(page);
  await vault.add(KEY, newKey());
  await expect(reveal.payer).toContainText(`Your ${KEY} will be used.`);
  expect((await context.request.delete(`/api/vault?key=${KEY}`)).status()).toBe(204);
  await comeBack(page, (soon) => soon(reveal.payer).toContainText(`The platform's ${KEY} will be used.`));
  await expect(vault.more(KEY)).toHaveCount(0);
});
