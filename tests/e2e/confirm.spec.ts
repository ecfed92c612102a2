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
