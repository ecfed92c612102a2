import type { Browser, Page } from "@playwright/test";
import { startWebhookReceiver } from "../support/webhook-receiver";
import {
  expect,
  expectAccessible,
  newcomer,
  newKey,
  newTeam,
  RevealPanel,
  store,
  test,
  VaultPanel,
} from "./fixtures";

// An admin who misbehaves is found out by the others from the page alone.

const KEY = "ANTHROPIC_API_KEY";

/** Somebody in a browser of their own. */
async function person(browser: Browser): Promise<{ page: Page; email: string; id: string }> {
  const page = await (await browser.newContext()).newPage();
  const { email, id } = await newcomer(page);
  return { page, email, id };
}

/** A team of a founder, whose pages find out, and two other admins. */
async function threeAdmins(page: Page, browser: Browser) {
  const founder = { page, ...(await newcomer(page)) };
  const [second, third] = [await person(browser), await person(browser)];
  const team = await newTeam("Cartography", page, second.page, third.page);
  for (const { id } of [second, third]) {
    const reply = await page.request.patch(`/api/teams/${team}/members/${id}`, { data: { role: "admin" } });
    expect(reply.ok()).toBe(true);
  }
  return { founder, second, third, team };
}

const entries = (page: Page) => page.getByRole("main").getByRole("listitem");

test("what somebody has seen stays on the list when the same value is stored again, and they leave nothing open", async ({
  page,
  browser,
}) => {
  const { second: leaver, third: other, team } = await threeAdmins(page, browser);
  const receiver = await startWebhookReceiver();
  const value = newKey();
  await store(page, KEY, value, team);
  const webhook = { team_id: team, url: `${receiver.url}/leaver`, events: ["vault.secret.created"] };
  expect((await leaver.page.request.post("/api/webhooks", { data: webhook })).status()).toBe(201);
  const invitation = await page.request.post(`/api/teams/${team}/invites`, { data: { role: "admin" } });
  const { url } = await invitation.json();

  await leaver.page.goto(`/dashboard?team=${team}`);
  const vault = new VaultPanel(leaver.page);
  await vault.show(KEY);
  await expect(vault.value(KEY)).toHaveText(value);
  await store(other.page, KEY, value, team);

  await page.goto(`/team?team=${team}`);
  await page.getByRole("button", { name: `Remove ${leaver.email}` }).click();
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("The team's open invite links will stop working");
  await question.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByText(`${leaver.email} removed. They've seen 1 of the team's keys.`)).toBeVisible();

  // The link of somebody else does not let them in again, and what they set up is closed.
  await leaver.page.goto(url);
  await expect(leaver.page.getByRole("main")).toContainText("This invitation isn't valid");
  await store(page, "OPENAI_API_KEY", newKey("other"), team);

  await page.goto(`/activity?team=${team}`);
  const rotate = page.getByRole("region", { name: /^Rotate these keys/ });
  await expect(rotate).toContainText(leaver.email);
  await expect(rotate).toContainText(KEY);
  await expect(page.getByRole("region", { name: /^These webhooks are paused/ })).toContainText(leaver.email);
  for (const sentence of [
    `You removed ${leaver.email}`,
    `${other.email} saved the same value of ${KEY} again`,
    `${leaver.email} revealed ${KEY}`,
  ]) {
    await expect(entries(page).filter({ hasText: sentence }).first()).toBeVisible();
  }
  await expectAccessible(page);
  expect(receiver.received).toEqual([]);
  await receiver.close();
});

test("a team that is deleted to hide what was done is brought back by another admin, with all of it", async ({
  page,
  browser,
}) => {
  const { founder, second: thief, third: other, team } = await threeAdmins(page, browser);
  const receiver = await startWebhookReceiver();
  const value = newKey();
  await store(page, KEY, value, team);
  const events = ["vault.secret.revealed", "team.deleted"];
  const data = { team_id: team, url: `${receiver.url}/team`, events };
  const webhook = await (await page.request.post("/api/webhooks", { data })).json();
  const own = { url: `${receiver.url}/own`, events };
  expect((await page.request.post("/api/webhooks", { data: own })).status()).toBe(201);

  const pause = { id: webhook.id, team_id: team, paused: true };
  expect((await thief.page.request.patch("/api/webhooks", { data: pause })).ok()).toBe(true);
  const revealed = await thief.page.request.get(`/api/vault?key=${KEY}&reveal=true&team_id=${team}`);
  expect(await revealed.json()).toEqual({ key: KEY, value });
  expect((await thief.page.request.delete(`/api/teams/${team}`)).status()).toBe(204);

  // Nobody can use it, and the others hear of it: by their own webhook, too.
  for (const { page } of [founder, other, thief]) {
    expect((await page.request.get(`/api/vault?team_id=${team}`)).status()).toBe(404);
  }
  await expect.poll(() => receiver.received.map(({ path }) => path)).toEqual(["/hook/own"]);

  // An old bookmark leads to where it is brought back.
  await page.goto(`/activity?team=${team}`);
  await expect(page).toHaveURL(/\/dashboard#deleted-teams$/);
  const notice = page.getByRole("region", { name: "A team was deleted" });
  await expect(notice).toContainText(`Cartography was deleted by ${thief.email}`);
  await expectAccessible(page);
  await notice.getByRole("button", { name: "Restore Cartography" }).click();
  await page.waitForURL(`**/activity?team=${team}`);
  await expect(page.getByText("Cartography restored. Its members have access again.")).toBeVisible();
  for (const sentence of [
    "You restored Cartography",
    `${thief.email} deleted Cartography`,
    `${thief.email} revealed ${KEY}`,
    `${thief.email} paused the webhook`,
  ]) {
    await expect(entries(page).filter({ hasText: sentence }).first()).toBeVisible();
  }
  expect((await other.page.request.get(`/api/vault?team_id=${team}`)).status()).toBe(200);
  await receiver.close();
});

test("an answer on the team's key breaks off within seconds once the person is removed", async ({
  page,
  browser,
}) => {
  await newcomer(page);
  const member = await person(browser);
  const team = await newTeam("Cartography", page, member.page);
  await store(page, KEY, newKey("slow"), team);
  await member.page.goto(`/dashboard?team=${team}`);
  const reveal = new RevealPanel(member.page);
  await reveal.run("How long is the coast of Britain?");
  await expect(reveal.panel.getByRole("button", { name: "Stop" })).toBeVisible();
  expect((await page.request.delete(`/api/teams/${team}/members/${member.id}`)).ok()).toBe(true);
  await expect(member.page.getByText("You're no longer in this team", { exact: true })).toBeVisible();
  const { runs } = await (await member.page.request.get("/api/usage/runs")).json();
  expect(runs).toMatchObject([{ status: "team_not_found" }]);
});
