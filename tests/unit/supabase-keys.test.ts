import { describe, expect, it } from "vitest";
import { explainKey, findKey, isSecretKey, requireRightKeys } from "../../lib/vault/supabase-keys.ts";
import { legacyKey, TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY } from "../support/keys.ts";

const URL = "https://abcdefghijklmnopqrst.supabase.co";
const NOW = Date.parse("2026-12-01T00:00:00Z");
const inYears = (years: number) => NOW / 1000 + years * 31_557_600;

const publishable = (key: string, url = URL) =>
  explainKey({ kind: "publishable", variable: "NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY", key }, url, NOW);
const secret = (key: string, url = URL) =>
  explainKey({ kind: "secret", variable: "SUPABASE_SECRET_KEY", key }, url, NOW);

const ANON = { iss: "supabase", ref: "abcdefghijklmnopqrst", role: "anon", exp: inYears(9) };
const SERVICE = { ...ANON, role: "service_role" };

it.each([
  [TEST_SECRET_KEY, true],
  [legacyKey(SERVICE), true],
  [TEST_PUBLISHABLE_KEY, false],
  [legacyKey(ANON), false],
  ["sb_secret_…", false],
  ["https://vault.example.com", false],
  ["", false],
])("%s is a secret key: %s", (text, is) => {
  expect(isSecretKey(text)).toBe(is);
});

describe("a key in its place", () => {
  it.each([
    ["as the tests have it", TEST_PUBLISHABLE_KEY, TEST_SECRET_KEY],
    // The forms in which the dashboard and the CLI make them.
    [
      "in the new form",
      "sb_publishable_EXAMPLE-NOT-REAL_000000_abcdefgh",
      `sb_secret_${"EXAMPLE-NOT-REAL_000000"}_abcdefgh`,
    ],
    ["of a project with legacy keys", legacyKey(ANON), legacyKey(SERVICE)],
    [
      "of one's own server, without a project",
      legacyKey({ role: "anon" }),
      legacyKey({ role: "service_role" }),
    ],
  ])("is accepted %s", (_, forBrowsers, forServers) => {
    expect(publishable(forBrowsers)).toBeNull();
    expect(secret(forServers)).toBeNull();
  });

  it.each(["a-key-of-ones-own-server", "a.b.c"])("is accepted in a form that isn't Supabase's: %s", (key) => {
    expect([publishable(key), secret(key)]).toEqual([null, null]);
  });

  it("is not held against another address than that of a hosted project", () => {
    for (const url of [
      "https://api.example.com",
      "http://127.0.0.1:54321",
      "https://supabase.co",
      "nonsense",
    ]) {
      expect(publishable(legacyKey(ANON), url), url).toBeNull();
    }
  });
});

describe("a key in the wrong place", () => {
  it("is refused where browsers would get a key that bypasses row-level security", () => {
    for (const key of [TEST_SECRET_KEY, legacyKey(SERVICE), legacyKey({ role: "service_role", exp: 1 })]) {
      expect(publishable(key)).toMatch(
        /^NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY contains .* every browser.* replace that key in Supabase/,
      );
    }
  });

  it.each([
    ["a publishable key", TEST_PUBLISHABLE_KEY, /contains a publishable key/],
    ["a legacy key of the other role", legacyKey(ANON), /contains a JWT whose role isn't service_role/],
    ["a person's session", legacyKey({ role: "authenticated" }), /contains a JWT whose role isn't/],
    ["a JWT without a role", legacyKey({}), /contains a JWT whose role isn't/],
    ["a JWT that is no object", legacyKey([]), /contains a JWT whose role isn't/],
    ["an expired key", legacyKey({ ...SERVICE, exp: inYears(-1) }), /has expired/],
    [
      "a key of another project",
      legacyKey({ ...SERVICE, ref: "zyxwvutsrqponmlkjihg" }),
      /of another project/,
    ],
    ["a personal access token", "sbp_EXAMPLENOTREAL", /contains a personal access token/],
    ["a masked key", "sb_secret_EXAMP••••••••••", /only part of a key, or a masked one/],
    ["a shortened key", "sb_secret_...", /only part of a key/],
    ["a prefix", "sb_secret_", /only part of a key/],
    ["a key in quotes", `"${TEST_SECRET_KEY}"`, /has quotes or white space around the key/],
    ["a key with a line break", `${TEST_SECRET_KEY}\n`, /has quotes or white space/],
    ["a key after a no-break space", `\u00a0${TEST_SECRET_KEY}`, /has quotes or white space/],
    ["white space", " ", /has quotes or white space/],
  ])("is named where the secret key should be: %s", (_, key, said) => {
    const sentence = secret(key) ?? "";
    expect(sentence).toMatch(said);
    expect(sentence).toMatch(/^SUPABASE_SECRET_KEY /);
  });

  it("is never quoted", () => {
    const marked = "MARKER0000";
    const keys = [
      `sb_secret_${marked}`,
      `sb_publishable_${marked}`,
      `sb_secret_${marked}…`,
      `sbp_${marked}`,
      ` ${marked}`,
      marked,
      legacyKey({ role: marked, ref: marked }),
      legacyKey({ role: "anon", ref: marked }),
      legacyKey({ role: "service_role", ref: marked }),
    ];
    const said = keys.flatMap((key) => [publishable(key), secret(key)]);
    expect(said.filter(Boolean).length).toBeGreaterThan(keys.length);
    for (const sentence of said) expect(sentence ?? "").not.toContain(marked);
  });
});

describe("the keys of an environment", () => {
  const NEXT_PUBLIC_SUPABASE_URL = URL;

  it("are found under their legacy names too, the new ones first", () => {
    const source = { SUPABASE_SECRET_KEY: "", SUPABASE_SERVICE_ROLE_KEY: "second" };
    expect(findKey("secret", source)).toEqual({
      kind: "secret",
      variable: "SUPABASE_SERVICE_ROLE_KEY",
      key: "second",
    });
    expect(findKey("secret", { ...source, SUPABASE_SECRET_KEY: "first" })?.key).toBe("first");
    expect(findKey("publishable", source)).toBeUndefined();
  });

  it("are each named where they are wrong, and not missed where they are not set", () => {
    expect(() => requireRightKeys({})).not.toThrow();
    const wrong = {
      NEXT_PUBLIC_SUPABASE_URL,
      NEXT_PUBLIC_SUPABASE_ANON_KEY: legacyKey(SERVICE),
      SUPABASE_SERVICE_ROLE_KEY: legacyKey({ ...SERVICE, ref: "zyxwvutsrqponmlkjihg" }),
    };
    expect(() => requireRightKeys(wrong)).toThrow(
      /^NEXT_PUBLIC_SUPABASE_ANON_KEY contains .* SUPABASE_SERVICE_ROLE_KEY contains a legacy key of another project/,
    );
  });
});
