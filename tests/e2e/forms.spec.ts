import { createHmac } from "node:crypto";
import { TEST_JWT_SECRET } from "../support/keys";
import { APP_URL } from "../support/ports";
import { as, newAccount, newPerson, sessionCookie } from "./api/client";
import {
  alive,
  expect,
  expectAccessible,
  newSession,
  signOut,
  signUp,
  store,
  test,
  VaultPanel,
} from "./fixtures";
import { fill, goThrough, holdScripts, idle, SIGNED_IN } from "./way-in";

// The forms to sign in, up and out, as browsers send them that run no script of ours, not yet, or one of an older build.

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("one signs up, out and in again", async ({ page }) => {
    await goThrough(page);
  });

  test("a refusal leads back to the form, with the e-mail in it and nothing in the address", async ({
    page,
  }) => {
    const { email, password } = await newPerson();
    await page.goto("/login?next=usage");
    await fill(page, { email, password: "not-the-password" });
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL("/login?next=usage");
    await expect(page.getByText("Wrong e-mail or password.")).toBeVisible();
    await expect(page.getByLabel("E-mail")).toHaveValue(email);
    await expect(page.getByLabel("Password")).toHaveValue("");
    await page.getByRole("link", { name: "Create an account" }).click();
    await expect(page.getByText("is not right")).toHaveCount(0);
    await fill(page, { email: "Somebody@example.com", password: "somebody@EXAMPLE.com" });
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page).toHaveURL("/login?mode=sign-up&next=usage");
    await expect(page.getByLabel("Password")).toHaveAccessibleDescription(
      /The password can't be your e-mail address/,
    );
    await expect(page.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");
    const [kept] = (await page.context().cookies(`${APP_URL}/login`)).filter(({ name }) => /form/.test(name));
    expect(kept).toMatchObject({ path: "/", httpOnly: true, sameSite: "Lax" });
    expect(Number(kept?.expires) - Date.now() / 1_000).toBeLessThan(61);
    await page.goto("/login?next=usage");
    await fill(page, { email, password });
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL("/usage");
    expect(await page.context().cookies(`${APP_URL}/login`)).toEqual([
      expect.objectContaining({ name: "sb-127-auth-token" }),
      expect.objectContaining({ name: "vault-confirmed", httpOnly: true }),
    ]);
  });
});

test("before the scripts have loaded, one signs up, out and in again", async ({ page }) => {
  await holdScripts(page);
  await goThrough(page);
});

test("what was typed before the scripts had loaded is still there afterwards", async ({ page }) => {
  const release = await holdScripts(page);
  await page.goto("/login", { waitUntil: "commit" });
  const account = newAccount();
  await fill(page, account);
  release();
  await alive(page, "form");
  await expect(page.getByLabel("E-mail")).toHaveValue(account.email);
  await expect(page.getByLabel("Password")).toHaveValue(account.password);
});

test("a team's name that was typed before the scripts had loaded is the team's", async ({ page }) => {
  await newSession(page);
  const release = await holdScripts(page);
  await page.goto("/team/new", { waitUntil: "commit" });
  await page.getByLabel("Name").fill("Cartography");
  release();
  await alive(page, "main form");
  await page.getByRole("button", { name: "Create team" }).click();
  await page.waitForURL(/\/dashboard\?team=/);
  await expect(page.getByRole("button", { name: "Workspace: Cartography" })).toBeVisible();
});

test("the address that is kept does not join what somebody is about to type", async ({ page }) => {
  const typed = () => page.evaluate(() => sessionStorage.getItem("typed-email"));
  const field = page.getByLabel("E-mail");
  await page.goto("/login");
  await field.fill("kept@example.com");
  await expect.poll(typed).toBe("kept@example.com");
  const release = await holdScripts(page);
  await page.goto("/login", { waitUntil: "commit" });
  await field.focus();
  release();
  await alive(page, "form");
  // What React does once it has taken the form over is done when there is nothing left to do.
  await idle(page);
  await page.keyboard.type("other@example.com");
  await expect(field).toHaveValue("other@example.com");
  await expect.poll(typed).toBe("other@example.com");
  // Nobody is in it: there it is.
  await page.goto("/forgot-password");
  await expect(field).toHaveValue("other@example.com");
});

test("a page of an older build works: its scripts are gone, its forms are not", async ({ page }) => {
  await page.route(/\/(login|dashboard)(\?|$)/, async (route) => {
    if (route.request().method() !== "GET") return route.continue();
    const response = await route.fetch({ maxRedirects: 0 });
    const body = (await response.text()).replaceAll("/_next/static/chunks/", "/_next/static/chunks/older-");
    await route.fulfill({ response, body });
  });
  await goThrough(page);
});

test("a page that was open during a deployment works, though nothing else of it can be loaded", async ({
  page,
}) => {
  const account = await signUp(page);
  await page.route("**/_next/**", (route) => route.abort());
  await signOut(page);
  await expect(page).toHaveURL("/login");
  await page.unrouteAll();
  await page.reload();
  await page.route("**/_next/**", (route) => route.abort());
  await fill(page, account);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(SIGNED_IN);
});

test("with JavaScript, a refusal and a lost connection keep what was typed", async ({ page, context }) => {
  const { email, password } = await newPerson();
  await page.goto("/login?mode=sign-up");
  await fill(page, { email, password });
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByLabel("E-mail")).toHaveAccessibleDescription(/There's already an account/);
  await expect(page.getByLabel("E-mail")).toBeFocused();
  await expect(page.getByLabel("Password")).toHaveValue(password);
  await page.goto("/login");
  await alive(page);
  await context.setOffline(true);
  await fill(page, { email, password });
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "The server can't be reached." })).toBeVisible();
  await expectAccessible(page);
  await context.setOffline(false);
  // Made before the request: the button may say that it is under way before the request gets here.
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await page.route("**/api/auth/sign-in", async (route) => {
    await released;
    await route.continue();
  });
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("button", { name: "Signing in…" })).toHaveAttribute("aria-busy", "true");
  release();
  await expect(page).toHaveURL(SIGNED_IN);
});

test("something in between that answers in the server's place is no success", async ({ page }) => {
  const { email, password } = await newPerson();
  await page.goto("/login");
  for (const [status, body] of [
    [200, "<html>Welcome</html>"],
    [200, '{"to":7}'],
    [502, "<html>Bad gateway</html>"],
    [503, "null"],
  ] as const) {
    await page.route("**/api/auth/sign-in", (route) => route.fulfill({ status, body }));
    await fill(page, { email, password });
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.locator("#login-error")).toHaveText(/Something went wrong on the server/);
    await expect(page.getByLabel("Password")).toHaveValue(password);
    await page.reload();
    await page.unrouteAll();
  }
});

test("a password beyond 72 bytes is told at its field, before it is sent", async ({ page }) => {
  await page.goto("/login?mode=sign-up");
  let sent = 0;
  page.on("request", (asked) => {
    if (asked.url().includes("/api/auth/")) sent += 1;
  });
  const password = page.getByLabel("Password");
  const say = /the limit is 72 bytes/;
  await page.getByLabel("E-mail").fill(newAccount().email);
  for (const long of [`${"ab1!".repeat(18)}x`, "ab1!".repeat(50), "🙂".repeat(19)]) {
    await password.fill(long);
    await expect(password).toHaveAccessibleDescription(say);
    await password.press("Enter");
    await expect(password).toHaveValue(long);
    await password.fill("ab1!".repeat(18));
    await expect(password).not.toHaveAccessibleDescription(say);
  }
  expect(sent).toBe(0);
  await password.fill(`${"ä".repeat(36)}x`);
  await expectAccessible(page);
  await password.fill("äöüßéè".repeat(6));
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL(SIGNED_IN);
});

test("a cookie of a sibling host's making shows no text of its own", async ({ page, context }) => {
  const say = (content: unknown) => JSON.stringify(content);
  for (const value of [
    say({ mode: "sign-in", code: "Buy here", email: "" }),
    say({ mode: "sign-in", code: "__proto__", email: "a@example.com" }),
    say({ mode: "sign-in", code: "toString", email: "a@example.com" }),
    say({ mode: "sign-in", email: "a".repeat(255) }),
    say({ mode: "sign-in", email: "a\u0000b" }),
    say({ mode: "sign-in", email: ["Buy here"] }),
    say(null),
    "Buy here",
    "{",
  ]) {
    await context.addCookies([
      { name: "sign-in-form", value: encodeURIComponent(value), url: `${APP_URL}/login` },
    ]);
    await page.goto("/login");
    await expect(page.getByLabel("E-mail")).toHaveValue("");
    await expect(page.locator("form")).not.toContainText("Buy here");
    await expect(page.locator("#login-error")).toHaveCount(0);
    await context.clearCookies();
  }
  // What is no address may stay in its field, and is in no sentence.
  const kept = say({ mode: "forgot-password", email: "your mailbox is full: see example.com" });
  await context.addCookies([
    { name: "sign-in-form", value: encodeURIComponent(kept), url: `${APP_URL}/login` },
  ]);
  await page.goto("/forgot-password?sent=true");
  await expect(page.getByText("If there's an account for this address,")).toBeVisible();
});

test("after signing out, nothing of the old page is left in it for the back button", async ({ page }) => {
  await newSession(page);
  await store(page, "A_KEY_OF_MINE", "value-not-real");
  await page.goto("/dashboard");
  const vault = new VaultPanel(page);
  await expect(vault.row("A_KEY_OF_MINE")).toBeVisible();
  const { secrets } = await (await page.request.get("/api/vault")).json();
  const left = () =>
    page.evaluate(() => document.documentElement.outerHTML + JSON.stringify({ ...sessionStorage }));
  expect(await left()).toContain("A_KEY_OF_MINE");
  await page.evaluate(() => sessionStorage.setItem("vault-draft", "A_KEY_OF_MINE"));
  // The page as a browser keeps it when it leaves; in one go, because nothing can be asked of a page that is leaving.
  const kept = await page.evaluate(() => {
    window.addEventListener("submit", (event) => event.preventDefault(), { once: true });
    document.querySelector<HTMLElement>("form[action='/api/auth/sign-out'] button")?.click();
    window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    return document.documentElement.outerHTML;
  });
  expect(kept).not.toContain("<main");
  for (const text of ["A_KEY_OF_MINE", secrets[0].id]) expect(kept).not.toContain(text);
  await page.reload();
  await signOut(page);
  await expect(page).toHaveURL("/login");
  for (const go of [() => page.goBack(), () => page.goForward(), () => page.reload()]) {
    await go().catch(() => {});
    await expect(page).toHaveURL("/login");
    for (const text of ["A_KEY_OF_MINE", secrets[0].id]) expect(await left()).not.toContain(text);
  }
});

test("a sign-out has the browser clear what our pages left, and renews an expired session to end it", async () => {
  const person = await newPerson();
  const expired = sessionCookie({ ...person.session, expires_at: 1 });
  const reply = await as({ cookie: expired })("/api/auth/sign-out", { method: "POST" });
  expect([reply.status, reply.headers.location]).toEqual([303, "/login"]);
  expect(reply.headers["clear-site-data"]).toBe('"cache", "storage"');
  expect(reply.headers["cache-control"]).toBe("private, no-store");
  expect(reply.headers["set-cookie"]).toEqual([
    expect.stringMatching(/^sb-127-auth-token=;.*Expires=Thu, 01 Jan 1970/),
  ]);
  expect((await as(person)("/api/vault")).status).toBe(401);
  // Who has no session, or no more, is signed out all the same.
  for (const cookie of [
    person.cookie,
    "",
    "sb-127-auth-token=garbage",
    sessionCookie({ access_token: "x" }),
  ]) {
    const again = await as({ cookie })("/api/auth/sign-out", { method: "POST" });
    expect([again.status, again.headers.location]).toEqual([303, "/login"]);
  }
});

test("a sign-out ends the session also where the auth server's clock says that its token has expired", async () => {
  const person = await newPerson();
  const [header = "", payload = ""] = person.session.access_token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const late = Buffer.from(JSON.stringify({ ...claims, exp: claims.iat - 1, iat: claims.iat - 2 })).toString(
    "base64url",
  );
  const text = `${header}.${late}`;
  const signature = createHmac("sha256", TEST_JWT_SECRET).update(text).digest("base64url");
  const cookie = sessionCookie({ ...person.session, access_token: `${text}.${signature}` });
  const reply = await as({ cookie })("/api/auth/sign-out", { method: "POST" });
  expect([reply.status, reply.headers.location]).toEqual([303, "/login"]);
  expect((await as(person)("/api/vault")).status).toBe(401);
});
