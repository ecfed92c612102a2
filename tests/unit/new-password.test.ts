import { describe, expect, it } from "vitest";
import { isTooLong } from "../../lib/auth/fields.ts";
import { requireGoodPassword } from "../../lib/auth/new-password.ts";

const EMAIL = "Mary.Smith@example.com";

const faultOf = (password: string, email = EMAIL) => {
  try {
    requireGoodPassword(password, email);
    return "none";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("a new password", () => {
  it.each([
    "a-long-test-password",
    "correct horse battery staple",
    "Tr0ub4dor&3xq",
    "x".repeat(36) + "y".repeat(36),
    // Long enough, whatever is in it.
    "password-of-my-own-house",
    "83729182love9283746",
    "schöner Tag, heute",
    "日本語のパスワード一つ",
    "🙂🙃🙂🙃🙂🙃🙂🙂🙃🙃",
  ])("may be “%s”", (password) => {
    expect(faultOf(password)).toBe("none");
  });

  it.each(["short", "123456789", "🙂".repeat(9)])("is too short as “%s”", (password) => {
    expect(faultOf(password)).toBe("password_too_short");
  });

  it.each([
    ["73 letters", `${"ab1!".repeat(18)}x`, true],
    ["72 letters", "ab1!cd2?".repeat(9), false],
    ["36 letters of two bytes", "äöüßéè".repeat(6), false],
    ["37 letters of two bytes", `${"äöüßéè".repeat(6)}ñ`, true],
    ["19 emojis", "🙂".repeat(19), true],
    ["200 letters", "ab1!cd2?".repeat(25), true],
  ])("of %s is told by its bytes", (_, password, tooLong) => {
    expect(isTooLong(password)).toBe(tooLong);
    expect(faultOf(password) === "password_too_long").toBe(tooLong);
  });

  it.each([
    EMAIL,
    EMAIL.toLowerCase(),
    EMAIL.toUpperCase(),
    ` ${EMAIL} `,
    "mary.smith",
    "MARY.SMITH",
    "Mary.Smith2024!",
    "mary.smithmary.smith",
    "ｍary.smith",
  ])("is not the e-mail address, or a part of it: “%s”", (password) => {
    expect(faultOf(password)).toBe("password_is_email");
  });

  it.each([
    "1234567890",
    "qwertyuiop",
    "QWERTYUIOP",
    "1q2w3e4r5t",
    "passwordpassword",
    "Password2024!",
    "!!dragon1234",
    "letmein123456",
    "aaaaaaaaaa",
    "abcabcabcabc",
    "1212121212",
    "dragondragon",
    "Ｐassword1234",
  ])("is none of the first that are guessed: “%s”", (password) => {
    expect(faultOf(password)).toBe("password_common");
  });
});
