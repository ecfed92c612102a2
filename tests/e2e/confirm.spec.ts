import { LINKS as LINKS_OF_AUTH } from "../../lib/auth/links";
import { newPerson, send, sessionCookie } from "./api/client";
import { enter, expect, test } from "./fixtures";
import { SIGNED_IN } from "./way-in";

// Where the link of a confirmation e-mail leads. tests/faults/auth.spec.ts has the same with the auth server away.

const NOT_VALID = "This link isn't valid.";
const LINKS: [string, string, string][] = [
  ["a code that is none", "code=junk", NOT_VALID],
  ["an empty code", "code=", NOT_VALID],
  ["a token hash that is none", "token_hash=junk&type=email", NOT_VALID],
  ["an empty token hash", "token_hash=", NOT_VALID],
  ["a token hash of no type", `token_hash=${"0".repeat(56)}`, NOT_VALID],
  ["a token hash of an unknown type", `token_hash=${"0".repeat(56)}&type=sms`, NOT_VALID],
  ["a token hash for a password that is none", "token_hash=junk&type=invite", NOT_VALID],
  [
    "a code of another browser",
    `code=${crypto.randomUUID()}`,
    "Your e-mail address is probably confirmed already.",
  ],
  [
    "Supabase's report of an expired link",
    "error=access_denied&error_code=otp_expired&error_description=Buy+here",
    "This link no longer works",
  ],
  ["its report of a fault", "error=server_error&error_code=unexpected_failure", "couldn't be checked"],
  [
    "a report that is not known",
    "error=Buy+here&error_code=Buy+here",
    "The sign-in server refused this link.",
  ],
  ["a report beside a code", `error=access_denied&code=${crypto.randomUUID()}`, "refused this link"],
  [
    "a report behind the #",
    "#error=access_denied&error_code=otp_expired&error_description=Buy+here",
    "This link no longer works",
  ],
];

for (const [what, link, sentence] of LINKS) {
  test(`a confirmation link says what came of it: ${what}`, async ({ page }) => {
    const address = `/auth/confirm${link.startsWith("#") ? link : `?${link}`}`;
    await page.goto(address);
    await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
    expect(page.url()).not.toMatch(/Buy|#/);
    await expect(page.locator("body")).not.toContainText("Buy here");
    // Somebody who is signed in stays so, and is told as well.
    const { session, ...person } = await newPerson();
    // Without what signing up has left for a link in the same browser.
    await enter(page.context(), { ...person, session, cookie: sessionCookie(session) });
    await page.goto(address);
    await expect(page.getByRole("heading", { name: "You're signed in" })).toBeVisible();
    await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
    await page.getByRole("link", { name: "Go to your dashboard" }).click();
    await expect(page).toHaveURL(SIGNED_IN);
  });
}

test("a session behind the # of a link signs nobody in, and is in the address no more", async ({ page }) => {
  const { session } = await newPerson();
  await page.goto(`/auth/confirm#access_token=${session.access_token}&refresh_token=x&type=signup`);
  await expect(
    page.getByRole("alert").filter({ hasText: "Your e-mail address is confirmed." }),
  ).toBeVisible();
  await expect(page).toHaveURL("/login");
  expect(await page.context().cookies()).toEqual([]);
});

for (const path of ["/forgot-password", "/new-password", "/app/nothing", "/invite", "/login?mode=sign-up"]) {
  test(`a session or a report behind the # of any page is taken out of its address: ${path}`, async ({
    page,
  }) => {
    const { session } = await newPerson();
    const live = `access_token=${session.access_token}&refresh_token=not-real`;
    for (const [fragment, sentence] of [
      [`${live}&type=recovery`, "Links don't sign you in here."],
      ["error=access_denied&error_code=otp_expired&error_description=Buy+here", "This link no longer works"],
    ] as const) {
      await page.goto(`${path}#${fragment}`);
      await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
      expect(page.url()).not.toMatch(/#|token|Buy/);
      const left = () => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie;
      expect(await page.evaluate(left)).not.toMatch(/access_token|refresh_token/);
      await page.goto("about:blank");
    }
  });
}

for (const [type, { title, sentence, button, choosesPassword }] of Object.entries(LINKS_OF_AUTH)) {
  test(`a link of the type ${type} has its own page, and says what came of it`, async ({ page }) => {
    await page.goto(`/auth/confirm?token_hash=${"0".repeat(56)}&type=${type}`);
    await expect(page.getByRole("heading")).toHaveText(title);
    await expect(page.getByText(sentence)).toBeVisible();
    await page.getByRole("button", { name: button }).click();
    // None has this hash; the embedded server doesn't know all types. Nobody with a password to choose is sent to sign up.
    const notice = choosesPassword ? "reset-" : "";
    await expect(page).toHaveURL(new RegExp(`/login\\?notice=${notice}(expired|invalid)$`));
    expect(await page.context().cookies()).toEqual([]);
  });
}

test("a link that leads to another page than it should is led on", async ({ page }) => {
  const code = crypto.randomUUID();
  const hash = "0".repeat(56);
  for (const [stray, sentence] of [
    [`/?code=${code}`, "Your e-mail address is probably confirmed already."],
    [`/login?code=${code}`, "Your e-mail address is probably confirmed already."],
    ["/dashboard?error=access_denied&error_code=otp_expired", "This link no longer works"],
  ] as const) {
    await page.goto(stray);
    await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
    expect(page.url()).not.toContain("code=");
  }
  for (const stray of [
    `/app/auth/confirm?token_hash=${hash}&type=email`,
    `//auth/confirm?token_hash=${hash}&type=email`,
  ]) {
    await page.goto(new URL(page.url()).origin + stray);
    await expect(page.getByRole("heading")).toHaveText("Confirm your e-mail address");
  }
});

test("a confirmation link is opened by GET alone", async () => {
  for (const method of ["HEAD", "POST", "PUT", "OPTIONS"]) {
    const reply = await send(`/auth/confirm?code=${crypto.randomUUID()}`, { method });
    expect([method, reply.status]).toEqual([method, 405]);
  }
});

test("a link that a foreign page loads as a picture or a frame asks the auth server nothing", async () => {
  for (const dest of ["image", "iframe", "empty", "script"]) {
    const path = `/auth/confirm?token_hash=${"0".repeat(40)}&type=signup`;
    const reply = await send(path, { headers: { "Sec-Fetch-Dest": dest, "Sec-Fetch-Site": "cross-site" } });
    expect([reply.status, reply.headers.location]).toEqual([303, "/login"]);
  }
});
