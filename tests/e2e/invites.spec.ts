import { waitForMail } from "../support/mailbox";
import { NO_PLATFORM_KEY_URL } from "../support/ports";
import { as, expectOk, newAccount, newPerson } from "./api/client";
import { expect, expectAccessible, newSession } from "./fixtures";
import { expectForgotten, invites, newLink, pageOf, row, test } from "./team-page";

test("an invitation goes out by mail, and open ones can be told apart", async ({ page, browser, scene }) => {
  const { email } = newAccount();
  const label = page.getByLabel("Label (optional)");
  await page.getByLabel("E-mail (optional)").fill("nobody");
  await page.getByRole("button", { name: "Create link" }).click();
  await expect(page.getByText("Enter one e-mail address, such as name@example.com.")).toBeVisible();
  await expect(page.getByLabel("E-mail (optional)")).toHaveAccessibleDescription(/such as name@example/);
  await page.getByLabel("E-mail (optional)").fill(email);
  await page.getByRole("button", { name: "Create link" }).click();
  await expect(page.getByText(`Sent to ${email}.`)).toBeVisible();
  await expect(page.getByLabel("E-mail (optional)")).toHaveValue("");
  await label.fill("The new designer");
  await page.getByRole("button", { name: "Create link" }).click();
  await expect(page.getByText("You won't be able to see it again.")).toBeVisible();
  await expect(invites(page).getByRole("listitem")).toContainText(["The new designer", email]);
  await page.setViewportSize({ width: 320, height: 800 });
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);

  const mail = await waitForMail(email, "Invitation to join “Test team”");
  expect(mail.text).toContain(`${scene.admin.email} invited you to join`);
  const guest = await pageOf(browser, await newPerson());
  await guest.goto(mail.link);
  await expect(guest.getByRole("heading", { name: "Join Test team" })).toBeVisible();

  // The page of caught mails is a developer's; and another server has no mail at all.
  expect((await page.request.get("/dev/mail")).status()).toBe(404);
  await page.goto(`${NO_PLATFORM_KEY_URL}/team?team=${scene.team}`);
  await expect(page.getByLabel("Label (optional)")).toBeVisible();
  await expect(page.getByLabel("E-mail (optional)")).toHaveCount(0);
  const refused = await page.request.post(`${NO_PLATFORM_KEY_URL}/api/teams/${scene.team}/invites`, {
    data: { email },
  });
  expect([refused.status(), (await refused.json()).code]).toEqual([409, "mail_unavailable"]);
});

test.describe("an invite link", () => {
  test("leads back through a sign-in that first fails, by either form", async ({ page, browser, scene }) => {
    const link = await newLink(page);
    const account = await newPerson();
    const guest = await (await browser.newContext()).newPage();
    await guest.goto(link);
    // Kept over a reload, as long as it is needed.
    await guest.reload();
    await guest.getByRole("link", { name: "Sign in" }).click();
    await expect(guest).toHaveURL("/login?next=invite");
    await guest.getByRole("link", { name: "Create an account" }).click();
    await expect(guest).toHaveURL("/login?mode=sign-up&next=invite");
    await guest.getByRole("link", { name: "Sign in" }).click();
    await expect(guest).toHaveURL("/login?next=invite");
    await guest.getByLabel("E-mail").fill(account.email);
    await guest.getByLabel("Password").fill("not-the-password");
    await guest.getByRole("button", { name: "Sign in" }).click();
    await expect(guest.getByText("Wrong e-mail or password.")).toBeVisible();
    await guest.getByLabel("Password").fill(account.password);
    await guest.getByRole("button", { name: "Sign in" }).click();
    await expect(guest.getByRole("heading", { name: "Join Test team" })).toBeVisible();
    await expectForgotten(guest, link);
    await guest.getByRole("button", { name: "Join", exact: true }).click();
    await guest.waitForURL(`**/dashboard?team=${scene.team}`);
    await page.reload();
    await expect(row(page, account)).toBeVisible();
    await expect(invites(page).getByText("No open links.")).toBeVisible();
  });

  test("that does not work says so, and a new one can be opened in its place", async ({
    page,
    browser,
    scene,
  }) => {
    const link = await newLink(page);
    const guest = await pageOf(browser, await newPerson());
    await guest.goto("/invite");
    await expect(guest.getByRole("heading", { name: "Open your link again" })).toBeVisible();
    await expectAccessible(guest);
    await guest.goto("/invite#not-a-link-of-ours");
    await expect(guest.getByRole("heading", { name: "This invitation isn't valid" })).toBeVisible();
    await expect(guest.getByText("It was used, was revoked, or has expired.")).toBeVisible();
    await expect(guest).toHaveURL("/invite");
    await expectAccessible(guest);
    await guest.goto(link);
    await expect(guest.getByRole("heading", { name: "Join Test team" })).toBeVisible();

    // Taken back while it is looked at.
    await page.getByRole("button", { name: "Revoke the link" }).click();
    await expect(page.getByText("Link revoked")).toBeVisible();
    await expect(page.getByLabel("New invite link")).toHaveCount(0);
    await guest.getByRole("button", { name: "Join", exact: true }).click();
    await expect(guest.getByRole("heading", { name: "This invitation isn't valid" })).toBeVisible();
    await guest.getByRole("link", { name: "Go to your workspace" }).click();
    await expect(guest).toHaveURL("/dashboard");
    const { members: people } = expectOk(await as(scene.admin)(`/api/teams/${scene.team}`));
    expect(people).toHaveLength(3);
  });

  test("is kept where the session ends before it is accepted", async ({ page, browser, scene }) => {
    expect(scene.team).toBeTruthy();
    const link = await newLink(page);
    const person = await newPerson();
    const guest = await pageOf(browser, person);
    await guest.goto(link);
    await expect(guest.getByRole("heading", { name: "Join Test team" })).toBeVisible();
    await person.signOut();
    await guest.getByRole("button", { name: "Join", exact: true }).click();
    await guest.getByRole("link", { name: "Create an account" }).click();
    const { email, password } = newAccount();
    await guest.getByLabel("E-mail").fill(email);
    await guest.getByLabel("Password").fill(password);
    await guest.getByRole("button", { name: "Create account" }).click();
    await guest.getByRole("button", { name: "Join", exact: true }).click();
    await guest.waitForURL(`**/dashboard?team=${scene.team}`);
  });
});

test("signing in leads to an invitation or the dashboard, and nowhere else", async ({ page, browser }) => {
  const account = await newSession(page);
  await page.goto("/login?next=invite");
  await expect(page).toHaveURL("/invite");
  for (const next of [
    "https://elsewhere.example",
    "//elsewhere.example",
    "/invite",
    "invite&next=invite",
    "",
  ]) {
    await page.goto(`/login?next=${next}`);
    await expect(page, next).toHaveURL("/dashboard");
  }
  const other = await (await browser.newContext()).newPage();
  await other.goto("/login?next=//elsewhere.example");
  await other.getByLabel("E-mail").fill(account.email);
  await other.getByLabel("Password").fill(account.password);
  await other.getByRole("button", { name: "Sign in" }).click();
  await expect(other).toHaveURL("/dashboard");
});
