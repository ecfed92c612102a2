import type { Page } from "@playwright/test";
import { PHONE_CODE } from "../support/hosted/factors";
import { waitForMail } from "../support/mailbox";
import { APP_URL, NO_PLATFORM_KEY_URL } from "../support/ports";
import { as, expectProblem, newPerson, post } from "./api/client";
import { enter, expect, expectAccessible, signOut, test } from "./fixtures";
import { authenticator, directly, enrolled, port, signedIn, signedUp, wrongCode } from "./second-factors";
import { fill } from "./way-in";

// The app that has second factors; see tests/support/hosted-auth.ts.
test.use({ baseURL: NO_PLATFORM_KEY_URL });

async function expectAccessibleEverywhere(page: Page): Promise<void> {
  for (const width of [320, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  }
}

test("a second factor is set up, asked for at sign-in, and removed", async ({ page }) => {
  const account = await newPerson();
  await page.goto("/login");
  await fill(page, account);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/dashboard");
  const card = page.getByRole("region", { name: "Two-factor authentication" });
  await page.goto("/account");
  await expect(card).toContainText("Off.");

  // Begun and left: the next time, it starts anew.
  await card.getByRole("button", { name: "Set up an authenticator app" }).click();
  const abandoned = await card.getByLabel("Key", { exact: true }).inputValue();
  await page.reload();
  await card.getByRole("button", { name: "Set up an authenticator app" }).click();
  const key = card.getByLabel("Key", { exact: true });
  await expect(key).toHaveValue(/^[A-Z2-7]{32}$/);
  const secret = await key.inputValue();
  expect(secret).not.toBe(abandoned);
  const picture = card.getByRole("img", { name: "QR code" });
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await expectAccessibleEverywhere(page);
  const next = authenticator(secret);
  const field = card.getByLabel("Code", { exact: true });
  await field.fill(wrongCode(next()));
  await card.getByRole("button", { name: "Turn on" }).click();
  await expect(card.getByText("Wrong code.")).toBeVisible();
  await expect(field).toBeFocused();
  await expect(field).toHaveValue("");
  await field.fill(next());
  await card.getByRole("button", { name: "Turn on" }).click();
  await expect(card).toContainText("On. You sign in with your password and a code.");
  await expect(card.getByRole("listitem")).toContainText(/Authenticator app\s*Added just now/);
  expect(await page.content()).not.toContain(secret);
  await expectAccessible(page);

  await signOut(page);
  await page.waitForURL("**/login");
  await page.goto("/usage");
  await fill(page, account);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/login/code?next=usage");
  await expect(page.getByText(`One more step to sign in as ${account.email}.`)).toBeVisible();
  const code = page.getByLabel("Code", { exact: true });
  await expect(code).toBeFocused();
  const enter = page.getByRole("button", { name: "Sign in" });
  for (const [text, sentence] of [
    ["12345", "Enter the 6-digit code from your authenticator app."],
    [wrongCode(next()), "Wrong code. Enter the one your authenticator app shows now."],
  ] as const) {
    await code.fill(text);
    await enter.click();
    await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
    await expect(code).toBeFocused();
    await expect(code).toHaveAttribute("aria-invalid", "true");
  }
  await expect(code).toHaveValue("");
  await expectAccessibleEverywhere(page);
  // Every page leads back here, and so does signing in.
  for (const path of ["/login?next=usage", "/usage"]) {
    await page.goto(path);
    await expect(page).toHaveURL("/login/code?next=usage");
  }
  await code.fill(next().replace(/(...)/, " $1 "));
  await enter.click();
  await page.waitForURL("**/usage");

  await page.goto("/account");
  await card.getByRole("button", { name: "Remove: Authenticator app" }).click();
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("you'll sign in with your password alone");
  // Some minutes after signing in, a session is not enough, and neither is the password.
  await page.context().clearCookies({ name: "vault-confirmed" });
  await question.getByRole("button", { name: "Remove" }).click();
  const proof = page.getByRole("dialog", { name: "Confirm it's you" });
  await proof.getByLabel("Password").fill(account.password);
  await proof.getByLabel("Code").fill(wrongCode(next()));
  await proof.getByRole("button", { name: "Confirm" }).click();
  await expect(proof.getByRole("alert")).toContainText("Wrong code.");
  await expect(proof.getByLabel("Code")).toBeFocused();
  await expectAccessibleEverywhere(page);
  await proof.getByLabel("Code").fill(next());
  await proof.getByRole("button", { name: "Confirm" }).click();
  await expect(card).toContainText("Off.");
  await signOut(page);
  await page.waitForURL("**/login");
  await fill(page, account);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/dashboard");
});

test("a link to a new password does not replace the code", async ({ page }) => {
  const { account, next } = await enrolled();
  await page.goto("/forgot-password");
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByRole("button", { name: "Send me a link" }).click();
  await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
  // The mail names the first of the two servers.
  const { link } = await waitForMail(account.email);
  await page.goto(new URL(link).pathname + new URL(link).search);
  await page.getByRole("button", { name: "Continue" }).click();
  const [password, code] = [page.getByLabel("New password"), page.getByLabel("Code", { exact: true })];
  const set = page.getByRole("button", { name: "Set new password" });
  const changed = { ...account, password: "another-long-test-password" };
  await password.fill(changed.password);
  await code.fill(wrongCode(next()));
  await set.click();
  await expect(page.getByText("Wrong code.")).toBeVisible();
  await expect(code).toBeFocused();
  await expectAccessibleEverywhere(page);
  await code.fill(next());
  await set.click();
  await expect(page).toHaveURL("/login?notice=password-changed");
  expect((await signedIn(changed)).to).toBe("/login/code");
});

test("a new password ends every session, this one and its copies too", async ({ page, context }) => {
  const { account, client } = await enrolled();
  const copy = client.cookie;
  const fields = copy.split("; ").map((pair) => {
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    return { name, value, url: NO_PLATFORM_KEY_URL };
  });
  await context.addCookies(fields);
  await page.goto("/account");
  const card = page.getByRole("region", { name: "Password" });
  await expect(card).toContainText("Changing it signs you out everywhere, including here.");
  await card.getByLabel("Current password").fill(account.password);
  await card.getByLabel("New password").fill("another-long-test-password");
  await card.getByRole("button", { name: "Change password" }).click();
  await expect(page).toHaveURL("/login?notice=password-changed");
  await expect(page.getByText("You were signed out everywhere.")).toBeVisible();
  expect((await as({ cookie: copy })("/api/vault", { port })).status).toBe(401);
  expect((await context.cookies()).filter(({ name }) => /auth-token|confirmed/.test(name))).toEqual([]);
  const changed = { ...account, password: "another-long-test-password" };
  expect((await signedIn(changed)).to).toBe("/login/code");
});

test("an account with another kind of second factor reads whom to ask, and can leave", async ({ page }) => {
  const { account, client } = await signedUp();
  const { id } = await directly(client, "", { factor_type: "phone", friendly_name: "Phone" });
  const challenge = await directly(client, `/${id}/challenge`, {});
  await directly(client, `/${id}/verify`, { challenge_id: challenge.id, code: PHONE_CODE });

  await page.goto("/login");
  await fill(page, account);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/login/code");
  await expect(page.getByRole("main")).toContainText("Ask the operator of this site");
  const { client: half } = await signedIn(account);
  expectProblem(await half.code("123456"), 404, "second_factor_not_found");
  await page.getByRole("button", { name: "Use a different account" }).click();
  await expect(page).toHaveURL("/login");
  expect((await page.context().cookies()).filter(({ name }) => name.includes("auth-token"))).toEqual([]);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the code is asked for, refused, and taken, and one can leave instead", async ({ page }) => {
    const { account, next } = await enrolled();
    const signIn = async () => {
      await page.goto("/login?next=usage");
      await fill(page, account);
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page).toHaveURL("/login/code?next=usage");
    };
    await signIn();
    await page.getByRole("button", { name: "Use a different account" }).click();
    await expect(page).toHaveURL("/login");
    await signIn();
    const code = page.getByLabel("Code", { exact: true });
    await code.fill(wrongCode(next()));
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL("/login/code?next=usage");
    await expect(page.getByText("Wrong code.")).toBeVisible();
    await expect(code).toHaveValue("");
    await code.fill(next());
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL("/usage");
  });
});

test("where the auth server has no second factors, there is no card, and the API says so", async ({
  page,
}) => {
  const person = await newPerson();
  await enter(page.context(), person);
  await page.goto(`${APP_URL}/account`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText("Two-factor authentication")).toHaveCount(0);
  const ask = as(person);
  expectProblem(await ask("/api/account/factors", post({})), 403, "second_factor_disabled");
});
