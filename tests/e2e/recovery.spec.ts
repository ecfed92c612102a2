import { readFileSync } from "node:fs";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { mailsTo, waitForMail } from "../support/mailbox";
import { SERVER_LOG } from "../support/paths";
import { APP_URL } from "../support/ports";
import { as, cookiesFrom, newPerson, type Person, send } from "./api/client";
import { enter, expect, expectAccessible, signOut, test } from "./fixtures";
import { fill, SIGNED_IN } from "./way-in";

// From a forgotten password to the dashboard, by the mails that the embedded Supabase catches.

const NEW_PASSWORD = "another-long-test-password";
const SUBJECT = "Reset your password";

const FORM_TYPE = { "Content-Type": "application/x-www-form-urlencoded" };
const post = (path: string, fields: Record<string, string>, headers = {}) =>
  send(path, {
    method: "POST",
    headers: { ...FORM_TYPE, ...headers },
    body: new URLSearchParams(fields).toString(),
  });

/** Asks for a link as the form does by JavaScript. */
const askFor = (email: string) =>
  post("/api/auth/forgot-password", { email }, { Accept: "application/json" });

/** The newest link to a new password. */
async function linkFor({ email }: Person): Promise<URL> {
  await askFor(email);
  return new URL((await waitForMail(email, SUBJECT)).link);
}

const fieldsOf = (link: URL) => Object.fromEntries(link.searchParams);

/** The cookies of a browser that belong to a session. */
const sessionsIn = async (context: BrowserContext) =>
  (await context.cookies()).filter(({ name }) => name.includes("auth-token"));

async function expectGood(page: Page): Promise<void> {
  for (const width of [320, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBe(0);
    await expectAccessible(page);
  }
}

const isAlive = async ({ cookie }: Person) => (await as({ cookie })("/api/vault")).status === 200;

test("somebody who has forgotten the password gets back in, with the link opened on a phone", async ({
  page,
  browser,
}) => {
  const person = await newPerson();
  await page.goto("/login");
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await expect(page.getByRole("heading")).toHaveText("Forgot your password?");
  await expect(page).toHaveTitle(/Forgot your password/);
  await expect(page.getByLabel("E-mail")).toHaveValue(person.email);
  await expectGood(page);
  await page.getByRole("button", { name: "Send me a link" }).click();
  await expect(page.getByRole("heading")).toHaveText("Check your e-mail");
  await expect(page.getByText(`If there's an account for ${person.email}`)).toBeVisible();
  await expect(page.getByText("the link is in the terminal")).toBeVisible();
  expect(page.url()).not.toContain(person.email);
  await expectGood(page);

  const { link } = await waitForMail(person.email, SUBJECT);
  // Mail scanners open every link, and some follow where it leads.
  for (const method of ["GET", "GET", "GET", "GET", "GET", "HEAD"]) await fetch(link, { method });

  const phone = await (await browser.newContext({ baseURL: APP_URL })).newPage();
  const asked: string[] = [];
  phone.on("request", (request) => asked.push(new URL(request.url()).origin));
  const opened = await phone.goto(link);
  expect(opened?.headers()["cache-control"]).toContain("no-store");
  expect(opened?.headers()["referrer-policy"]).toBe("same-origin");
  expect(opened?.headers()["content-security-policy"]).toContain("frame-ancestors 'none'");
  await expect(phone.getByRole("heading")).toHaveText("Choose a new password");
  await expectGood(phone);
  await phone.getByRole("button", { name: "Continue" }).click();
  await expect(phone).toHaveURL("/new-password");
  await expect(phone.getByRole("heading")).toHaveText(`New password for ${person.email}`);
  expect(new Set(asked)).toEqual(new Set([APP_URL]));
  expect(await sessionsIn(phone.context())).toEqual([]);
  const [ticket] = (await phone.context().cookies()).filter(({ name }) => name === "new-password");
  expect(ticket).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  expect(Number(ticket?.expires) - Date.now() / 1_000).toBeLessThan(15 * 60 + 1);
  expect((await as({ cookie: `new-password=${ticket?.value}` })("/api/vault")).status).toBe(401);
  await expectGood(phone);

  const kept = (await phone.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const password = phone.getByLabel("New password");
  for (const [tried, sentence] of [
    ["short", "Use at least 10 characters"],
    ["qwertyuiop", "too easy to guess"],
    [person.email, "can't be your e-mail"],
  ] as const) {
    await password.fill(tried);
    await phone.getByRole("button", { name: "Set new password" }).click();
    await expect(password).toHaveAccessibleDescription(new RegExp(sentence));
    await expect(password).toBeFocused();
  }
  await expectGood(phone);
  await phone.reload();
  await password.fill(NEW_PASSWORD);
  const toggle = phone.getByRole("button", { name: "Show the new password" });
  await toggle.press("Enter");
  await expect(toggle).toHaveAttribute("aria-pressed", "true");
  await expect(password).toHaveAttribute("type", "text");
  await phone.getByRole("button", { name: "Set new password" }).click();
  await expect(phone).toHaveURL("/login?notice=password-changed");
  await expect(phone.getByText("You were signed out everywhere.")).toBeVisible();
  await expect(phone.getByLabel("E-mail")).toHaveValue(person.email);
  await expectGood(phone);
  expect(await sessionsIn(phone.context())).toEqual([]);
  expect((await phone.context().cookies()).filter(({ name }) => name === "new-password")).toEqual([]);
  // The session that was there before, and the one that the link brought.
  expect(await isAlive(person)).toBe(false);
  const left = await post(
    "/api/auth/new-password",
    { email: person.email, password: "a-third-long-password" },
    { Cookie: kept, Accept: "application/json" },
  );
  expect([left.status, left.json.code]).toEqual([401, "reset_link_ended"]);

  await phone.goBack();
  await expect(phone.getByRole("heading")).toHaveText("This page has expired");
  await expectGood(phone);
  await phone.goto(link);
  await phone.getByRole("button", { name: "Continue" }).click();
  await expect(phone.getByText("This link no longer works")).toBeVisible();
  await phone.getByRole("link", { name: "Request a new link" }).click();
  await expect(phone).toHaveURL("/forgot-password");

  await page.goto("/login");
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByLabel("Password")).toHaveAccessibleDescription("Wrong e-mail or password.");
  await expect(page.getByLabel("Password")).toBeFocused();
  await expect(page.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Password").fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(SIGNED_IN);
  const log = readFileSync(SERVER_LOG, "utf8");
  // The link itself is in the terminal of one's own machine, where it is looked for.
  for (const secret of [String(ticket?.value), NEW_PASSWORD]) expect(log).not.toContain(secret);
});

test("an address without an account gets the same answer, and no mail", async () => {
  const { email } = await newPerson();
  const stranger = `nobody-${email}`;
  const answers = [];
  for (const address of [email, stranger]) {
    const { status, headers, text } = await askFor(address);
    const { date: _, "set-cookie": cookies, ...rest } = headers;
    answers.push({
      status,
      text,
      rest,
      cookies: String(cookies)
        .replace(encodeURIComponent(address), "")
        .replace(/Expires=[^;]+/, ""),
    });
  }
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]).toMatchObject({ status: 200, text: '{"to":"/forgot-password?sent=true"}' });
  // Asked for later, and answered by then.
  await waitForMail(email, SUBJECT);
  const later = await newPerson();
  await linkFor(later);
  expect(await mailsTo(stranger)).toEqual([]);
});

test("an address gets three links a minute, no matter how it is written, and the answers do not say so", async () => {
  const { email } = await newPerson();
  const spellings = [email, email.toUpperCase(), ` ${email}`, email, `${email} `];
  for (const spelling of spellings) {
    const { status, json } = await askFor(spelling);
    expect([status, json]).toEqual([200, { to: "/forgot-password?sent=true" }]);
  }
  // Asked for later, and answered by then.
  await linkFor(await newPerson());
  await expect.poll(async () => (await mailsTo(email)).length).toBe(3);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("one asks for a link, is refused a bad password, and gets back in", async ({ page }) => {
    const person = await newPerson();
    await page.goto("/login");
    await expect(page.getByRole("button", { name: "Show the password" })).toHaveCount(0);
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await page.getByLabel("E-mail").fill(person.email);
    await page.getByRole("button", { name: "Send me a link" }).click();
    await expect(page.getByRole("heading")).toHaveText("Check your e-mail");
    await page.goto((await waitForMail(person.email, SUBJECT)).link);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByLabel("New password").fill("short");
    await page.getByRole("button", { name: "Set new password" }).click();
    await expect(page).toHaveURL("/new-password");
    await expect(page.getByLabel("New password")).toHaveAccessibleDescription(/at least 10 characters/);
    await expect(page.getByLabel("New password")).toBeFocused();
    await page.getByLabel("New password").fill(NEW_PASSWORD);
    await page.getByRole("button", { name: "Set new password" }).click();
    await expect(page.getByText("Your new password is set.")).toBeVisible();
    await expect(page.getByLabel("E-mail")).toHaveValue(person.email);
    await page.getByLabel("Password").fill(NEW_PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(SIGNED_IN);
    // Chromium shows it where scripts are off, but not where they are off for a test alone.
    expect(await page.content()).toContain("The dashboard needs JavaScript.");
  });
});

/** The cookies that a used link leaves. */
async function spend(link: URL): Promise<{ location: string; cookie: string }> {
  const reply = await post("/api/auth/links", fieldsOf(link));
  expect(reply.status).toBe(303);
  return { location: reply.headers.location ?? "", cookie: cookiesFrom(reply) };
}

test("a link is good once, in whichever of two windows, and for the account that is shown alone", async () => {
  const [ada, bob] = [await newPerson(), await newPerson()];
  const link = await linkFor(ada);
  const both = await Promise.all([spend(link), spend(link)]);
  expect(both.map(({ location }) => location).sort()).toEqual([
    "/login?notice=reset-expired",
    "/new-password",
  ]);
  const { cookie } = await spend(await linkFor(bob));
  const set = (email: string, password: string, jar = cookie) =>
    post("/api/auth/new-password", { email, password }, { Cookie: jar, Accept: "application/json" });
  // Ada's page, after Bob's link was opened.
  const replaced = await set(ada.email, NEW_PASSWORD);
  expect([replaced.status, replaced.json.code]).toEqual([409, "reset_link_replaced"]);
  expect(await isAlive(bob)).toBe(true);
  // As it was: that is said, and the sessions end all the same.
  const kept = await set(bob.email, bob.password);
  expect(kept.json).toEqual({ to: "/login?notice=password-kept" });
  expect(await isAlive(bob)).toBe(false);
  for (const jar of ["new-password=junk", "new-password=a.b.c", ""]) {
    const refused = await set(bob.email, NEW_PASSWORD, jar);
    expect([refused.status, refused.json.code]).toEqual([401, "reset_link_ended"]);
  }
  expect(await isAlive(ada)).toBe(true);
});

test("an opened link ends where somebody signs in or out in the same browser instead", async ({ page }) => {
  const { email, password } = await newPerson();
  const isOver = async () => {
    await page.goto("/new-password");
    await expect(page.getByRole("heading")).toHaveText("This page has expired");
    const left = (await page.context().cookies()).map(({ name }) => name);
    expect(left.filter((name) => ["new-password", "vault-link"].includes(name))).toEqual([]);
  };
  const open = async () => {
    await page.goto((await linkFor(await newPerson())).href);
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page).toHaveURL("/new-password");
  };
  await open();
  await page.goto("/login");
  await fill(page, { email, password });
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(SIGNED_IN);
  await isOver();
  await open();
  await page.goto("/dashboard");
  await signOut(page);
  await expect(page).toHaveURL("/login");
  await isOver();
});

test("a stolen session is no link to a new password, under whichever name", async () => {
  const [ada, thief] = [await newPerson(), await newPerson()];
  const session = ada.sessionCookie.replaceAll("sb-127-auth-token", "new-password");
  const { cookie: ofThief } = await spend(await linkFor(thief));
  const proof = ofThief.split("; ").find((pair) => pair.startsWith("vault-link="));
  expect(proof).toBeDefined();
  const confirmed = ada.cookie.split("vault-confirmed=")[1];
  for (const jar of [
    session,
    // What proves another person's link, or another thing of this session.
    `${session}; ${proof}`,
    `${session}; vault-link=${confirmed}`,
    `${session}; vault-link=`,
  ]) {
    const fields = { email: ada.email, password: NEW_PASSWORD };
    const reply = await post("/api/auth/new-password", fields, { Cookie: jar, Accept: "application/json" });
    expect([reply.status, reply.json.code]).toEqual([401, "reset_link_ended"]);
    const page = await send("/new-password", { headers: { Cookie: jar } });
    expect(page.text).toContain("This page has expired");
    expect(page.text).not.toContain(ada.email);
  }
  expect(await isAlive(ada)).toBe(true);
});

test("a link of another type, or none, is not valid, and a foreign page cannot press the button", async () => {
  const ada = await newPerson();
  const link = await linkFor(ada);
  const hash = link.searchParams.get("token_hash") ?? "";
  for (const [type, notice] of [
    ["reauthentication", "invalid"],
    ["__proto__", "invalid"],
    ["", "invalid"],
    ["Recovery", "invalid"],
  ] as const) {
    const address = `token_hash=${hash}&type=${type}`;
    expect((await send(`/auth/confirm?${address}`)).headers.location).toBe(`/login?notice=${notice}`);
    expect((await spend(new URL(`/?${address}`, APP_URL))).location).toBe(`/login?notice=${notice}`);
  }
  expect((await send("/auth/confirm?token_hash=junk&type=recovery")).headers.location).toBe(
    "/login?notice=reset-invalid",
  );
  const foreign = await post("/api/auth/links", fieldsOf(link), { "Sec-Fetch-Site": "cross-site" });
  expect([foreign.status, foreign.json.code]).toEqual([403, "cross_origin"]);
  expect((await spend(link)).location).toBe("/new-password");
});

const DASHBOARD_LINKS: [string, string][] = [
  ["recovery", "Links don't sign you in here."],
  ["invite", "Links don't sign you in here."],
  ["magiclink", "Links don't sign you in here."],
  ["signup", "Your e-mail address is confirmed."],
];

test("a link from Supabase's own dashboard signs nobody in, and leads on", async ({ page, browser }) => {
  const { session } = await newPerson();
  for (const [type, sentence] of DASHBOARD_LINKS) {
    await page.goto(`/#access_token=${session.access_token}&refresh_token=not-real&type=${type}`);
    await expect(page.getByText(sentence)).toBeVisible();
    expect(page.url()).toBe(`${APP_URL}/login`);
    expect(await page.context().cookies()).toEqual([]);
    await page.goto("about:blank");
  }
  const ada = await signedIn(browser);
  for (const [type, sentence] of DASHBOARD_LINKS) {
    await ada.goto(`/#access_token=${session.access_token}&refresh_token=not-real&type=${type}`);
    await expect(ada.getByText(sentence)).toBeVisible();
    await expect(ada.getByRole("heading", { name: "You're signed in" })).toBeVisible();
    expect(ada.url()).not.toContain("#");
  }
});

async function signedIn(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ baseURL: APP_URL });
  await enter(context, await newPerson());
  return context.newPage();
}
