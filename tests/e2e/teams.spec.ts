import type { Page } from "@playwright/test";
import { as, expectOk, newAccount, newPerson, post } from "./api/client";
import { alive, expect, expectAccessible, signUp } from "./fixtures";
import { expectForgotten, invites, newLink, pageOf, row, switcher, test } from "./team-page";

test("a team begins with its name, and a second person joins by signing up", async ({
  page,
  browser,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const admin = await signUp(page);
  await switcher(page).click();
  await page.getByRole("link", { name: "New team" }).click();
  await page.waitForURL("**/team/new");
  await alive(page, "main form");
  await page.getByRole("button", { name: "Create team" }).click();
  await expect(page.getByText("A team's name has 1 to 80 characters.")).toBeVisible();
  await expect(page.getByLabel("Name")).toHaveAccessibleDescription(/1 to 80 characters/);
  await expectAccessible(page);
  await page.getByLabel("Name").fill("Research");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/dashboard?team=*");
  await expect(switcher(page)).toContainText("Research");

  // Going back does not lead into the form again, and a reload stays in the team.
  await page.goBack();
  await expect(page).toHaveURL("/dashboard");
  await page.goForward();
  await expect(page).toHaveURL(/team=/);
  await page.reload();
  await expect(switcher(page)).toContainText("Research");
  await page.getByRole("link", { name: "Team", exact: true }).click();
  await expect(row(page, admin)).toContainText("Admin");
  await expect(page.getByText("You're the only admin.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Leave team" })).toHaveCount(0);

  // An invitation, and somebody who has no account yet.
  const link = await newLink(page);
  await page.getByRole("button", { name: "Copy the link" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  const guestPage = await (await browser.newContext()).newPage();
  await guestPage.goto(link);
  await expect(guestPage).toHaveURL("/invite");
  await expect(guestPage.getByRole("heading", { name: "You're invited to a team" })).toBeVisible();
  await expectAccessible(guestPage);
  await guestPage.getByRole("link", { name: "Create an account" }).click();
  const guest = newAccount();
  await guestPage.getByLabel("E-mail").fill(guest.email);
  await guestPage.getByLabel("Password").fill(guest.password);
  await guestPage.getByRole("button", { name: "Create account" }).click();
  await expect(guestPage.getByRole("heading", { name: "Join Research" })).toBeVisible();
  await expect(guestPage.getByText(`${admin.email} invited you to join Research as a member.`)).toBeVisible();
  await expectAccessible(guestPage);
  await expectForgotten(guestPage, link);
  await guestPage.getByRole("button", { name: "Join", exact: true }).click();
  await guestPage.waitForURL("**/dashboard?team=*");
  await expect(switcher(guestPage)).toContainText("Research");
  await expectForgotten(guestPage, link);

  // The link has done its work, and whoever it let in is led to the team.
  await guestPage.goto(link);
  await expect(guestPage.getByRole("heading", { name: "You're already in Research" })).toBeVisible();
  await guestPage.getByRole("link", { name: "Open the team" }).click();
  await guestPage.waitForURL("**/dashboard?team=*");
  await page.reload();
  await expect(row(page, guest)).toContainText("Joined");
});

const dialog = (page: Page) => page.getByRole("alertdialog");

async function confirm(page: Page, action: string): Promise<void> {
  await dialog(page).getByRole("button", { name: action }).click();
  await expect(dialog(page)).toBeHidden();
}

test("a member goes up, down and out, and their next request knows", async ({ page, browser, scene }) => {
  const { member, team } = scene;
  const theirs = await pageOf(browser, member);
  await theirs.goto(`/team?team=${team}`);
  await expect(row(theirs, member)).toContainText("You");
  await expect(invites(theirs)).toHaveCount(0);
  await expect(theirs.getByRole("button", { name: /^(Make|Remove|Rename|Delete)/ })).toHaveCount(0);
  await expect(theirs.getByRole("radio")).toHaveCount(0);
  await expectAccessible(theirs);

  await page.getByRole("button", { name: `Make admin: ${member.email}` }).click();
  await confirm(page, "Make admin");
  await expect(row(page, member)).toContainText("Admin");
  await theirs.reload();
  await expect(invites(theirs)).toBeVisible();
  await page.getByRole("button", { name: `Make member: ${member.email}` }).click();
  await confirm(page, "Make member");
  await expect(row(page, member)).not.toContainText("Admin");
  await page.getByRole("button", { name: `Remove ${member.email}` }).click();
  await confirm(page, "Remove");
  await expect(row(page, member)).toHaveCount(0);
  await theirs.reload();
  await expect(theirs.getByRole("heading", { name: /you don't have access to it/ })).toBeVisible();
  await theirs.getByRole("link", { name: "Go to your personal workspace" }).click();
  await switcher(theirs).click();
  await expect(theirs.getByRole("link", { name: "New team" })).toBeVisible();
  await expect(theirs.getByRole("link", { name: "Test team" })).toHaveCount(0);
});

test("an admin becomes a member by their own hand, and manages nothing any more", async ({ page, scene }) => {
  await page.getByRole("button", { name: `Make member: ${scene.admin.email}` }).click();
  await expect(dialog(page).getByText("Only another admin can make you an admin again.")).toBeVisible();
  await confirm(page, "Make member");
  await expect(page.getByText("You're now a member")).toBeVisible();
  await expect(invites(page)).toHaveCount(0);
  await expect(page.getByRole("heading", { name: /^Members/ })).toBeFocused();
});

test("a team is deleted once its name is typed", async ({ page, scene }) => {
  for (const key of ["OPENAI_API_KEY", "STRIPE_SECRET_KEY"]) {
    const secret = { key, value: "value-not-real-1", team_id: scene.team };
    expectOk(await as(scene.admin)("/api/vault", post(secret)), 201);
  }
  await page.reload();
  await page.getByRole("button", { name: "Delete team" }).click();
  const question = dialog(page);
  await expect(
    question.getByText(
      "You won't be able to use the team or its 2 keys anymore. 2 other people lose access.",
    ),
  ).toBeVisible();
  await question.getByRole("button", { name: "Delete team" }).click();
  await expect(question.getByText("That doesn't match.")).toBeVisible();
  await expect(question.getByRole("textbox")).toBeFocused();
  await expectAccessible(page);
  await question.getByRole("textbox").fill("Test team");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === "/dashboard" && url.search === "");
  await expect(page.getByText("Test team was deleted.")).toBeVisible();
  await switcher(page).click();
  await expect(page.getByRole("link", { name: "New team" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Test team" })).toHaveCount(0);
});

test("everything is done with the keyboard, and the focus keeps its place", async ({ page, scene }) => {
  const remove = page.getByRole("button", { name: `Remove ${scene.member.email}` });
  await remove.focus();
  await page.keyboard.press("Enter");
  await expect(dialog(page)).toBeVisible();
  await expect(
    dialog(page).getByText("loses access to Test team and its keys from their next request on"),
  ).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();
  await expect(remove).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog(page).getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(row(page, scene.member)).toHaveCount(0);
  await expect(page.getByRole("button", { name: `Remove ${scene.second.email}` })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(row(page, scene.second)).toHaveCount(0);
  await expect(page.getByRole("heading", { name: /^Members/ })).toBeFocused();

  await page.getByRole("button", { name: "Create link" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("New invite link")).toBeFocused();
  await page.getByRole("button", { name: "Revoke" }).focus();
  await page.keyboard.press("Enter");
  await expect(invites(page).getByText("No open links.")).toBeVisible();
  await expect(page.locator("#invites :focus")).toContainText("Open links");
});

test("the focus keeps its place where one is faster than the page that is loaded anew", async ({
  page,
  scene,
}) => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await page.route(/_rsc=/, async (route) => {
    await released;
    await route.continue();
  });
  await page.getByRole("button", { name: `Remove ${scene.member.email}` }).click();
  await confirm(page, "Remove");
  await expect(row(page, scene.member)).toHaveCount(0);
  await expect(page.getByRole("button", { name: `Remove ${scene.second.email}` })).toBeFocused();
  await page.keyboard.press("Enter");
  await confirm(page, "Remove");
  const heading = page.getByRole("heading", { name: /^Members\s*1$/ });
  await expect(heading).toBeFocused();
  release();
  await page.unrouteAll({ behavior: "wait" });
  await page.waitForLoadState("networkidle");
  await expect(row(page, scene.second)).toHaveCount(0);
  await expect(heading).toBeFocused();
});

test("the name and who may pay are changed, and members read it", async ({ page, browser, scene }) => {
  const name = page.getByLabel("Team name");
  await name.fill("   ");
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(name).toHaveAccessibleDescription(/1 to 80 characters/);
  await name.fill("  Development ");
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByRole("heading", { name: "Development", level: 1 })).toBeVisible();
  await expect(switcher(page)).toContainText("Development");
  await expect(name).toHaveValue("Development");

  await expect(page.getByRole("radio", { name: /then platform/ })).toBeChecked();
  await page.getByRole("radio", { name: /Personal keys only/ }).check();
  await page.getByRole("button", { name: "Save which keys runs may use" }).click();
  await expect(page.getByText("It applies to new runs.")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("radio", { name: /Personal keys only/ })).toBeChecked();
  await expectAccessible(page);

  const theirs = await pageOf(browser, scene.member);
  await theirs.goto(`/team?team=${scene.team}`);
  const card = theirs.getByRole("region", { name: "Which keys runs may use" });
  await expect(card.getByText("Personal keys only")).toBeVisible();
  await expect(card.getByRole("button")).toHaveCount(0);
});

test.describe("what somebody else did meanwhile is said:", () => {
  test("a member has left, a link was taken back", async ({ page, scene }) => {
    const link = await newLink(page);
    const ask = as(scene.second);
    const { invites: open } = expectOk(await ask(`/api/teams/${scene.team}`));
    const remove = { method: "DELETE" };
    expectOk(await ask(`/api/teams/${scene.team}/members/${scene.member.id}`, remove));
    expectOk(await ask(`/api/teams/${scene.team}/invites/${open[0].id}`, remove), 204);
    expect(link).toContain("#");

    await page.getByRole("button", { name: `Make admin: ${scene.member.email}` }).click();
    await confirm(page, "Make admin");
    await expect(page.getByText("This person is no longer in the team.")).toBeVisible();
    await expect(row(page, scene.member)).toHaveCount(0);
    // The list was loaded anew, and the link with it.
    await expect(invites(page).getByText("No open links.")).toBeVisible();
  });

  test("a link was used", async ({ page, scene }) => {
    const link = await newLink(page);
    const token = link.slice(link.indexOf("#") + 1);
    const guest = await newPerson();
    expectOk(await as(guest)("/api/invites/accept", post({ token })));
    await page.getByRole("button", { name: "Revoke the link" }).click();
    await expect(page.getByText("This link was used or revoked in the meantime.")).toBeVisible();
    await expect(row(page, guest)).toBeVisible();
    expect(scene.team).toBeTruthy();
  });

  test("one is no longer an admin", async ({ page, scene }) => {
    const demote = { ...post({ role: "member" }), method: "PATCH" };
    expectOk(await as(scene.second)(`/api/teams/${scene.team}/members/${scene.admin.id}`, demote));
    await page.getByLabel("Team name").fill("Mine");
    await page.getByRole("button", { name: "Rename" }).click();
    await expect(page.getByText("You're no longer an admin of this team.")).toBeVisible();
    await expect(page.getByText("You're a member of this team")).toBeVisible();
    await expect(page.getByRole("button", { name: "Rename" })).toHaveCount(0);
  });

  test("the other admin has left, so that one cannot", async ({ page, scene }) => {
    await page.getByRole("button", { name: "Leave team" }).click();
    const leave = { method: "DELETE" };
    expectOk(await as(scene.second)(`/api/teams/${scene.team}/members/${scene.second.id}`, leave), 204);
    await dialog(page).getByRole("button", { name: "Leave" }).click();
    await expect(dialog(page).getByText("A team needs at least one admin.")).toBeVisible();
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await expect(page.getByRole("button", { name: "Leave team" })).toBeFocused();
  });

  test("the team is gone", async ({ page, scene }) => {
    expectOk(await as(scene.second)(`/api/teams/${scene.team}`, { method: "DELETE" }), 204);
    await page.getByRole("button", { name: "Create link" }).click();
    await expect(page.getByText("You're no longer in this team, or it was deleted.")).toBeVisible();
    await expect(page.getByRole("heading", { name: "A team was deleted" })).toBeVisible();
  });

  test("the session has ended", async ({ page, scene }) => {
    await scene.admin.signOut();
    await page.getByRole("button", { name: "Rename" }).click();
    const card = page.getByRole("region", { name: "Name" });
    await expect(card.getByText("Your session has ended.")).toBeVisible();
    await page.getByRole("button", { name: `Remove ${scene.member.email}` }).click();
    await dialog(page).getByRole("button", { name: "Remove" }).click();
    await dialog(page).getByRole("link", { name: "Sign in" }).click();
    await expect(page).toHaveURL(/\/login\?next=team&team=[0-9a-f-]{36}$/);
  });
});

test("leaving ends at one's own dashboard, without a way back", async ({ page, browser, scene }) => {
  expect(page.url()).toContain(scene.team);
  const theirs = await pageOf(browser, scene.member);
  await theirs.goto("/dashboard");
  await theirs.goto(`/team?team=${scene.team}`);
  await theirs.getByRole("button", { name: "Leave team" }).click();
  await dialog(theirs).getByRole("button", { name: "Leave" }).click();
  await theirs.waitForURL((url) => url.pathname === "/dashboard" && url.search === "");
  await expect(theirs.getByText("You left Test team.")).toBeVisible();
  await theirs.goBack();
  await expect(theirs).toHaveURL("/dashboard");
});

test("removing somebody who has seen keys says which to rotate", async ({ page, scene }) => {
  const secret = { key: "STRIPE_SECRET_KEY", value: "value-not-real-1", team_id: scene.team };
  expectOk(await as(scene.admin)("/api/vault", post(secret)), 201);
  expectOk(await as(scene.second)(`/api/vault?key=${secret.key}&reveal=true&team_id=${scene.team}`));
  await page.getByRole("button", { name: `Remove ${scene.second.email}` }).click();
  await confirm(page, "Remove");
  await expect(page.getByText("They've seen 1 of the team's keys.")).toBeVisible();
  const notice = page.getByRole("region", { name: /Rotate these keys/ });
  await expect(notice).toContainText(scene.second.email);
  await expect(notice).toContainText(secret.key);
  await expect(notice.getByRole("link")).toHaveAttribute(
    "href",
    new RegExp(`^/dashboard\\?team=${scene.team}`),
  );
  await expectAccessible(page);
});
