import { describe, expect, it } from "vitest";
import { confirmationCookie, isConfirmed, signConfirmation } from "../../lib/auth/confirmation-cookie.ts";
import { TEST_SECRET_KEY } from "../support/keys.ts";

const SESSION = {
  id: "0a000000-0000-4000-8000-00000000000a",
  sessionId: "5e000000-0000-4000-8000-000000000001",
};
const AT = Date.parse("2026-03-05T12:00:00.750Z");
const MINUTE = 60_000;
const RULE = { siteOrigin: "http://localhost:3000", secretKey: TEST_SECRET_KEY, minutes: 15 };
const VALUE = signConfirmation(TEST_SECRET_KEY, SESSION, AT);
const COOKIE = `vault-confirmed=${VALUE}`;

/** Whether a request with this header is confirmed at that time. */
const at = (now: number, header: string | null = COOKIE, rule = RULE, session: object = SESSION) =>
  isConfirmed(header, rule, session as typeof SESSION, now);

describe("a confirmation", () => {
  it("is valid from the second it was made in until its minutes are over", () => {
    expect([0, MINUTE, 14 * MINUTE, 15 * MINUTE - 751].map((after) => at(AT + after))).toEqual(
      Array(4).fill(true),
    );
    expect([15 * MINUTE - 750, 15 * MINUTE, 24 * 60 * MINUTE].map((after) => at(AT + after))).toEqual(
      Array(3).fill(false),
    );
    expect(at(AT + MINUTE, COOKIE, { ...RULE, minutes: 1 })).toBe(false);
  });

  it("is none from the future, but for the difference between two servers' clocks", () => {
    expect(at(AT - 4_000)).toBe(true);
    expect([-6_000, -MINUTE, -30 * MINUTE].map((before) => at(AT + before))).toEqual(Array(3).fill(false));
  });

  it.each([
    ["another person", { ...SESSION, id: "0b000000-0000-4000-8000-00000000000b" }],
    ["another session", { ...SESSION, sessionId: "5e000000-0000-4000-8000-000000000002" }],
    ["person and session swapped", { id: SESSION.sessionId, sessionId: SESSION.id }],
    ["a session without an id", { id: SESSION.id, sessionId: undefined }],
    ["a session with an empty id", { id: SESSION.id, sessionId: "" }],
  ])("is none for %s", (_, session) => {
    expect(at(AT, COOKIE, RULE, session)).toBe(false);
  });

  it("is none under another secret key", () => {
    expect(at(AT, COOKIE, { ...RULE, secretKey: `${TEST_SECRET_KEY}x` })).toBe(false);
  });

  it("is none with any single character changed, left out or doubled", () => {
    for (let index = 0; index < VALUE.length; index++) {
      const [before, own, after] = [VALUE.slice(0, index), VALUE[index], VALUE.slice(index + 1)];
      const others = ["0", "1", "A", "B", "-", "_", ".", "=", "%"].filter((other) => other !== own);
      for (const changed of [...others, "", `${own}${own}`]) {
        const value = `${before}${changed}${after}`;
        // A digit more may be the same digit.
        if (value !== VALUE) expect(at(AT, `vault-confirmed=${value}`), value).toBe(false);
      }
    }
  });

  const [seconds, mac] = VALUE.split(".");
  it.each([
    ["no header", null],
    ["no cookie", ""],
    ["an empty one", "vault-confirmed="],
    ["a time alone", `vault-confirmed=${seconds}`],
    ["a code alone", `vault-confirmed=.${mac}`],
    ["a leading zero", `vault-confirmed=0${VALUE}`],
    ["a sign", `vault-confirmed=+${VALUE}`],
    ["a fraction", `vault-confirmed=${seconds}.0.${mac}`],
    ["milliseconds", `vault-confirmed=${AT}.${mac}`],
    ["a later time with the code", `vault-confirmed=${Number(seconds) + 1}.${mac}`],
    ["base64 for base64url", `vault-confirmed=${VALUE.replaceAll("-", "+").replaceAll("_", "/")}=`],
    ["quotes", `vault-confirmed="${VALUE}"`],
    ["another name", `vault-confirmed2=${VALUE}`],
    ["the name in capitals", `Vault-Confirmed=${VALUE}`],
    ["the name of https", `__Host-vault-confirmed=${VALUE}`],
    ["twice", `${COOKIE}; ${COOKIE}`],
    ["a second one of garbage", `${COOKIE}; vault-confirmed=x`],
    ["a first one of garbage", `vault-confirmed=; ${COOKIE}`],
  ])("is none: %s", (_, header) => {
    expect(at(AT, header)).toBe(false);
  });

  it("is found beside other cookies", () => {
    expect(at(AT, `theme=dark; vault-confirmed-x=1; ${COOKIE}; a=b`)).toBe(true);
  });

  it("is made for no session without an id", () => {
    expect(() => signConfirmation(TEST_SECRET_KEY, { id: SESSION.id }, AT)).toThrow("cannot be confirmed");
  });

  it("has the secret key in it in no form", () => {
    expect(VALUE).toMatch(/^\d{10}\.[\w-]{43}$/);
    expect(VALUE).not.toContain(TEST_SECRET_KEY.slice(0, 8));
  });
});

describe("its cookie", () => {
  const hidden = { path: "/", httpOnly: true, sameSite: "lax" };

  it("is out of reach of scripts and of other sites, and over https of other hosts", () => {
    expect(confirmationCookie("http://localhost:3000")).toEqual({
      ...{ ...hidden, name: "vault-confirmed", secure: false },
    });
    expect(confirmationCookie("https://vault.test")).toEqual({
      ...{ ...hidden, name: "__Host-vault-confirmed", secure: true },
    });
  });

  it("counts over https under its name there alone", () => {
    const rule = { ...RULE, siteOrigin: "https://vault.test" };
    expect(at(AT, `__Host-${COOKIE}`, rule)).toBe(true);
    expect(at(AT, COOKIE, rule)).toBe(false);
    // Browsers let any host set what is no blank to RFC 6265, and then the name.
    expect(at(AT, `\u00a0__Host-${COOKIE}`, rule)).toBe(false);
  });
});
