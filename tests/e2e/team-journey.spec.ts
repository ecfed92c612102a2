import { expect, newKey, RevealPanel, receivedWith, signUp, test, VaultPanel } from "./fixtures";

const KEY = "ANTHROPIC_API_KEY";

// The whole purpose in one story, by two people in two browsers, with nothing but what they see.
test("a team's key: lent without being seen, its use seen by both, and taken back at once", async ({
  browser,
}) => {
  const adminContext = await browser.newContext();
  const memberContext = await browser.newContext();
  const admin = await adminContext.newPage();
  const member = await memberContext.newPage();
  const ofTeam = newKey();
  const own = newKey();
  let everythingTheMemberGot = "";
  member.on("response", async (response) => {
    everythingTheMemberGot += await response.text().catch(() => "");
  });

  // The admin makes a team, stores its key and invites.
  const adminAccount = await signUp(admin);
  await admin.getByRole("button", { name: /^Workspace:/ }).click();
  await admin.getByRole("link", { name: "New team" }).click();
  await admin.getByLabel("Name").fill("Cartography");
  await admin.getByRole("button", { name: "Create team" }).click();
  await admin.waitForURL(/\/dashboard\?team=/);
  const teamAddress = admin.url();
  await new VaultPanel(admin).add(KEY, ofTeam);
  await admin.getByRole("link", { name: "Team", exact: true }).click();
  await admin.getByRole("button", { name: "Create link" }).click();
  const link = await admin.getByLabel("New invite link").inputValue();

  // The member has no account yet, follows the link, and joins.
  await member.goto(link);
  await expect(member).toHaveURL(/\/invite$/);
  await member.getByRole("link", { name: "Create an account" }).click();
  const memberAccount = {
    email: `member-${crypto.randomUUID()}@example.com`,
    password: "a-long-test-password",
  };
  await member.getByLabel("E-mail").fill(memberAccount.email);
  await member.getByLabel("Password").fill(memberAccount.password);
  await member.getByRole("button", { name: "Create account" }).click();
  await expect(member.getByRole("main")).toContainText(
    `${adminAccount.email} invited you to join Cartography`,
  );
  await member.getByRole("button", { name: "Join" }).click();
  await member.waitForURL(teamAddress);

  // The member runs on the team's key, and never sees it.
  const vault = new VaultPanel(member);
  const reveal = new RevealPanel(member);
  await expect(vault.row(KEY)).toContainText("In use");
  await expect(reveal.payer).toHaveText(`The team's ${KEY} will be used. Without it: the platform's.`);
  await reveal.run("How long is the coast of Britain?");
  await expect(reveal.panel).toContainText("Paid with the team's key");
  expect(await receivedWith(ofTeam)).toHaveLength(1);

  // Both see who paid.
  await member.getByRole("link", { name: "Usage" }).click();
  await expect(member.getByRole("main")).toContainText("Your runs in this team");
  await expect(member.getByRole("main")).toContainText("with the team's key");
  await admin.goto(teamAddress);
  await admin.getByRole("link", { name: "Usage" }).click();
  await expect(admin.getByRole("row").filter({ hasText: memberAccount.email }).first()).toBeVisible();

  // The member brings a key of their own, in their own workspace, and that one pays from then on.
  await member.getByRole("button", { name: /^Workspace:/ }).click();
  await member.getByRole("link", { name: "Personal" }).click();
  await member.waitForURL(/\/usage$/);
  await member.getByRole("link", { name: "Dashboard" }).click();
  await vault.add(KEY, own);
  await member.goto(teamAddress);
  await expect(vault.row(KEY)).toContainText("Overridden by yours");
  await expect(reveal.payer).toHaveText(
    `Your ${KEY} will be used. Without it: the team's, then the platform's.`,
  );
  await reveal.run("And that of Norway?");
  await expect(reveal.panel).toContainText("Paid with your key");
  expect(await receivedWith(own)).toHaveLength(1);
  expect(await receivedWith(ofTeam)).toHaveLength(1);

  // The admin removes the member, whose open page learns of it with its next request.
  await admin.getByRole("link", { name: "Team", exact: true }).click();
  await admin.getByRole("button", { name: `Remove ${memberAccount.email}` }).click();
  await admin.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await expect(admin.getByRole("alertdialog")).toBeHidden();
  await reveal.run("And that of Chile?");
  await expect(reveal.alert).toContainText("There's no such team, or you're not in it.");
  await member.reload();
  await expect(member.getByRole("heading")).toContainText("you don't have access to it");
  for (const path of ["/api/vault?", "/api/usage?", "/api/vault/events?", "/api/reveal/payers?"]) {
    const team = new URL(teamAddress).searchParams.get("team");
    expect((await member.request.get(`${path}team_id=${team}`)).status()).toBe(404);
  }

  // Alone, on the own key only; what was run in the team is still in the member's own ledger.
  await member.getByRole("link", { name: "Go to your personal workspace" }).click();
  await expect(reveal.payer).toHaveText(`Your ${KEY} will be used. Without it: the platform's.`);
  await reveal.run("And that of Chile?");
  await expect(reveal.panel).toContainText("Paid with your key");
  expect(await receivedWith(own)).toHaveLength(2);
  expect(await receivedWith(ofTeam)).toHaveLength(1);
  await member.getByRole("button", { name: /^Workspace:/ }).click();
  await expect(member.getByRole("link", { name: "Cartography" })).toHaveCount(0);
  await member.keyboard.press("Escape");
  await member.getByRole("link", { name: "Usage" }).click();
  await expect(member.getByRole("main")).toContainText("with a team's key");

  expect(everythingTheMemberGot).not.toContain(ofTeam);
  await adminContext.close();
  await memberContext.close();
});
