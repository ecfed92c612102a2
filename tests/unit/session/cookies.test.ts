import { describe, expect, it } from "vitest";
import { readSessionCookies, sessionCookie } from "../../../lib/vault/session/cookies.ts";

const NAME = "sb-127-auth-token";
const SESSION = { access_token: "a.b.c", refresh_token: "0123456789ab", expires_at: 1_900_000_000, user: {} };
const encode = (content: unknown) =>
  `base64-${Buffer.from(typeof content === "string" ? content : JSON.stringify(content)).toString("base64url")}`;
const VALUE = encode(SESSION);
const [HALF, REST] = [VALUE.slice(0, 40), VALUE.slice(40)];
const names = (header: string | null) => readSessionCookies(header, NAME).map(({ name }) => name);

describe("the cookies of a session", () => {
  it("are the session, whole or in chunks, in any order and among others", () => {
    expect(readSessionCookies(`theme=dark; ${NAME}=${VALUE}; x=y`, NAME)).toEqual([
      { name: NAME, value: VALUE },
    ]);
    expect(names(`${NAME}.1=${REST};${NAME}.0=${HALF}`)).toEqual([`${NAME}.1`, `${NAME}.0`]);
  });

  it("are the verifiers of a sign-in under way, too, without any session", () => {
    expect(names(`${NAME}-code-verifier=abc`)).toEqual([`${NAME}-code-verifier`]);
  });

  it("are without a verifier that is there twice, and with the session then", () => {
    const header = `${NAME}=${VALUE}; ${NAME}-code-verifier=a; ${NAME}-code-verifier=b`;
    expect(names(header)).toEqual([NAME]);
  });

  it("have blanks and tabs around their names, and nothing else", () => {
    expect(names(` \t${NAME} \t=\t ${VALUE} `)).toEqual([NAME]);
    for (const sign of ["\u00a0", "\u0085", "\u000b", "\u000c", "\u0000", "\ufeff", "\u2000", "\r", "\n"]) {
      for (const header of [
        `${sign}${NAME}=${VALUE}`,
        `${NAME}${sign}=${VALUE}`,
        ` ${sign} ${NAME}=${VALUE}`,
      ]) {
        expect(names(header), JSON.stringify(sign)).toEqual([]);
        // It is not a second one either, which would make the first one nobody's.
        expect(names(`${NAME}=${VALUE};${header}`), JSON.stringify(sign)).toEqual([NAME]);
      }
    }
  });

  it("are found in any header that fits into a request", () => {
    // With a pattern that tries every way to split the blanks, this would take an hour.
    const blanks = " ".repeat(16_000);
    for (const pair of [
      blanks,
      `a${blanks}b`,
      `a=${blanks}b`,
      `${blanks}=`,
      "=".repeat(16_000),
      `a=x${blanks}x`,
    ]) {
      expect(names(`a;${pair};${NAME}=${VALUE}`)).toEqual([NAME]);
    }
    expect(names(`${";".repeat(16_000)}${NAME}=${VALUE}`)).toEqual([NAME]);
  });

  it("may be as older versions of Supabase's library wrote them", () => {
    const raw = encodeURIComponent(JSON.stringify(SESSION));
    expect(readSessionCookies(`${NAME}=${raw}`, NAME)).toEqual([
      { name: NAME, value: JSON.stringify(SESSION) },
    ]);
  });

  it.each([
    ["the same one twice", `${NAME}=${VALUE}; ${NAME}=${VALUE}`],
    ["one twice, the second empty", `${NAME}=${VALUE}; ${NAME}=`],
    ["one twice, the first empty", `${NAME}=; ${NAME}=${VALUE}`],
    ["one twice, among others", `${NAME}=${VALUE}; a=b; ${NAME}=x; c=d`],
    ["one twice, with blanks around its name", `${NAME}=${VALUE}; \t${NAME} =${VALUE}`],
    ["a chunk twice", `${NAME}.0=${HALF}; ${NAME}.0=x; ${NAME}.1=${REST}`],
    ["a last chunk twice", `${NAME}.0=${HALF}; ${NAME}.1=${REST}; ${NAME}.1=${REST}`],
    ["a whole one next to another's chunks", `${NAME}=${VALUE}; ${NAME}.0=${HALF}; ${NAME}.1=${REST}`],
    ["a whole one next to a single chunk", `${NAME}=${VALUE}; ${NAME}.7=x`],
  ])("are none at all where there is %s", (_, header) => {
    expect(names(header)).toEqual([]);
  });

  it.each([
    ["no header", null],
    ["an empty header", ""],
    ["the name alone", NAME],
    ["an empty one", `${NAME}=`],
    ["another project's", `sb-128-auth-token=${VALUE}`],
    ["one with a longer name", `${NAME}x=${VALUE}`],
    ["one in capitals", `${NAME.toUpperCase()}=${VALUE}`],
    ["one with an encoded name", `sb%2D127-auth-token=${VALUE}`],
    ["garbage", `${NAME}=garbage`],
    ["base64 of garbage", `${NAME}=base64-%%%`],
    ["half of one", `${NAME}=${HALF}`],
    ["its second chunk only", `${NAME}.1=${VALUE}`],
    ["its first and third chunk", `${NAME}.0=${HALF}; ${NAME}.2=${REST}`],
    ["chunks with numbers that are none", `${NAME}.0=${HALF}; ${NAME}.x=${REST}`],
    ["null", `${NAME}=${encode("null")}`],
    ["a list", `${NAME}=${encode([SESSION])}`],
    ["a prototype", `${NAME}=${encode('{"__proto__":{"access_token":"a.b.c"}}')}`],
    ["one without an access token", `${NAME}=${encode({ ...SESSION, access_token: undefined })}`],
    ["one whose access token is no JWT", `${NAME}=${encode({ ...SESSION, access_token: "sb_secret_x" })}`],
    [
      "one whose access token has a line break",
      `${NAME}=${encode({ ...SESSION, access_token: "a.b.c\r\nX: y" })}`,
    ],
    ["one without a signature", `${NAME}=${encode({ ...SESSION, access_token: "a.b." })}`],
    ["one with a short refresh token", `${NAME}=${encode({ ...SESSION, refresh_token: "x" })}`],
    [
      "one with a filter for a refresh token",
      `${NAME}=${encode({ ...SESSION, refresh_token: "neq.0123456789" })}`,
    ],
    [
      "one with a number for a refresh token",
      `${NAME}=${encode({ ...SESSION, refresh_token: 123_456_789_012 })}`,
    ],
    ["one with a huge refresh token", `${NAME}=${encode({ ...SESSION, refresh_token: "x".repeat(1_025) })}`],
    ["one that never ends", `${NAME}=${encode({ ...SESSION, expires_at: undefined })}`],
    ["one that ends with a word", `${NAME}=${encode({ ...SESSION, expires_at: "soon" })}`],
  ])("hold no session where there is %s", (_, header) => {
    expect(names(header)).toEqual([]);
  });

  it("are named so that no other host sets them, over https", () => {
    expect(sessionCookie("https://abc.supabase.co", "https://vault.example.com")).toEqual({
      name: "__Host-sb-abc-auth-token",
      path: "/",
      httpOnly: true,
      secure: true,
      sameSite: "lax",
    });
    expect(sessionCookie("http://127.0.0.1:54321", "http://localhost:3000")).toMatchObject({
      name: NAME,
      secure: false,
    });
  });
});
