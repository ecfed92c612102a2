import { describe, expect, it } from "vitest";
import { parseEnv } from "../../lib/env.ts";
import { legacyKey } from "../support/keys.ts";

const minimal = {
  NEXT_PUBLIC_SUPABASE_URL: "https://example.supabase.co",
  NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: "sb_publishable_test",
  SUPABASE_SECRET_KEY: "sb_secret_test",
};

describe("the environment", () => {
  it("needs Supabase's address and two keys", () => {
    expect(parseEnv(minimal).supabase).toEqual({
      url: "https://example.supabase.co",
      publishableKey: "sb_publishable_test",
      secretKey: "sb_secret_test",
    });
  });

  it("understands the legacy names of the keys", () => {
    const [anon, service] = [legacyKey({ role: "anon" }), legacyKey({ role: "service_role" })];
    const legacy = {
      NEXT_PUBLIC_SUPABASE_URL: minimal.NEXT_PUBLIC_SUPABASE_URL,
      NEXT_PUBLIC_SUPABASE_ANON_KEY: anon,
      SUPABASE_SERVICE_ROLE_KEY: service,
    };
    expect(parseEnv(legacy).supabase).toMatchObject({ publishableKey: anon, secretKey: service });
  });

  it("refuses keys that are in each other's place, with what to do about both", () => {
    const swapped = {
      ...minimal,
      NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: minimal.SUPABASE_SECRET_KEY,
      SUPABASE_SECRET_KEY: minimal.NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY,
    };
    expect(() => parseEnv(swapped)).toThrow(
      /^NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY contains a secret key, .* SUPABASE_SECRET_KEY contains a publishable key/,
    );
  });

  it.each(Object.keys(minimal))("names %s when it is missing or empty", (name) => {
    expect(() => parseEnv({ ...minimal, [name]: undefined })).toThrow(name);
    expect(() => parseEnv({ ...minimal, [name]: "" })).toThrow(name);
  });

  it("never repeats what a malformed variable holds", () => {
    const secret = "sb_secret_pasted_into_the_wrong_place";
    const attempt = () => parseEnv({ ...minimal, NEXT_PUBLIC_SUPABASE_URL: secret });
    expect(attempt).toThrow("NEXT_PUBLIC_SUPABASE_URL");
    expect(attempt).not.toThrow(secret);
  });

  it("takes the site's origin from SITE_URL, else from Vercel, else from the default port", () => {
    const vercel = { ...minimal, VERCEL_PROJECT_PRODUCTION_URL: "vault.vercel.app" };
    expect(parseEnv({ ...vercel, SITE_URL: "https://vault.example.com/path" }).siteOrigin).toBe(
      "https://vault.example.com",
    );
    expect(parseEnv(vercel).siteOrigin).toBe("https://vault.vercel.app");
    expect(parseEnv(minimal).siteOrigin).toBe("http://localhost:3000");
  });

  it("takes the client's address from no header but the one that the operator names", () => {
    const named = (CLIENT_ADDRESS_HEADER?: string) =>
      parseEnv({ ...minimal, CLIENT_ADDRESS_HEADER }).clientAddressHeader;
    expect([undefined, "", "x-real-ip", "CF-Connecting-IP"].map(named)).toEqual([
      undefined,
      undefined,
      "x-real-ip",
      "CF-Connecting-IP",
    ]);
    for (const name of ["x real ip", "x-real-ip:", "x-real-ip, x-forwarded-for", "on\n"]) {
      expect(() => named(name)).toThrow("CLIENT_ADDRESS_HEADER");
    }
  });

  describe("in production", () => {
    const origin = (SITE_URL?: string, more = {}) =>
      parseEnv({ ...minimal, NODE_ENV: "production", SITE_URL, ...more }).siteOrigin;

    it.each([
      ["https://vault.example.com", "https://vault.example.com"],
      ["HTTPS://Vault.Example.com:8443/dashboard", "https://vault.example.com:8443"],
      ["https://10.0.0.5", "https://10.0.0.5"],
      ["http://localhost:3000", "http://localhost:3000"],
      ["http://LOCALHOST", "http://localhost"],
      ["http://vault.localhost:3000", "http://vault.localhost:3000"],
      ["http://127.0.0.1:3000", "http://127.0.0.1:3000"],
      ["http://127.255.0.9", "http://127.255.0.9"],
      ["http://0x7f.1", "http://127.0.0.1"],
      ["http://[::1]:3000", "http://[::1]:3000"],
      ["http://[0:0:0:0:0:0:0:1]", "http://[::1]"],
    ])("takes %s", (address, expected) => {
      expect(origin(address)).toBe(expected);
    });

    it.each([
      "http://vault.example.com",
      "http://vault.example.com:443",
      "HTTP://vault.example.com",
      "http://192.168.1.10:3000",
      "http://0.0.0.0:3000",
      "http://128.0.0.1",
      "http://127.0.0.1.example.com",
      "http://localhost.example.com",
      "http://notlocalhost",
      "http://localhost@vault.example.com",
      "http://vault.example.com/localhost",
      "http://vault.example.com#localhost",
      "http://[::2]",
      "http://[fe80::1]",
    ])("refuses %s, because the session cookie would not be Secure there", (address) => {
      expect(() => origin(address)).toThrow(/^SITE_URL must begin with https:\/\/, /);
      expect(parseEnv({ ...minimal, NODE_ENV: "development", SITE_URL: address }).siteOrigin).toContain(
        "http:",
      );
    });

    it("guesses no address", () => {
      for (const missing of [undefined, ""]) expect(() => origin(missing)).toThrow("SITE_URL is missing");
      expect(origin("", { VERCEL_PROJECT_PRODUCTION_URL: "vault.vercel.app" })).toBe(
        "https://vault.vercel.app",
      );
    });
  });

  it.each([
    "ftp://vault.example.com",
    "vault.example.com",
    "//vault.example.com",
    "https://",
    "javascript:alert(1)",
  ])("refuses %s as the site's address", (SITE_URL) => {
    expect(() => parseEnv({ ...minimal, SITE_URL })).toThrow("SITE_URL");
  });

  it("keeps no name and no password that stand in the site's address", () => {
    const SITE_URL = "https://somebody:not-a-real-password@vault.example.com/?a=b#c";
    expect(parseEnv({ ...minimal, SITE_URL }).siteOrigin).toBe("https://vault.example.com");
  });

  it("has a platform key only where one is set and the layer is on", () => {
    const withKey = { ...minimal, ANTHROPIC_API_KEY: "sk-ant-test-platform" };
    expect([...parseEnv(withKey).platformKeys]).toEqual([["ANTHROPIC_API_KEY", "sk-ant-test-platform"]]);
    expect(parseEnv({ ...withKey, VAULT_ENV_FALLBACK: "off" }).platformKeys.size).toBe(0);
    expect(parseEnv({ ...withKey, ANTHROPIC_API_KEY: "" }).platformKeys.size).toBe(0);
    expect(() => parseEnv({ ...withKey, VAULT_ENV_FALLBACK: "no" })).toThrow("VAULT_ENV_FALLBACK");
  });

  it("limits the platform's keys to five dollars a day unless the operator says otherwise, and 0 is off", () => {
    const usd = (daily?: string, monthly?: string) =>
      parseEnv({ ...minimal, PLATFORM_DAILY_USD: daily, PLATFORM_MONTHLY_USD: monthly }).platformUsd;
    expect(usd()).toEqual({ daily: 5, monthly: null });
    expect(usd("", "")).toEqual({ daily: 5, monthly: null });
    expect(usd("none", "12.5")).toEqual({ daily: null, monthly: 12.5 });
    expect(usd("0.05", "999999.99")).toEqual({ daily: 0.05, monthly: 999_999.99 });
    for (const unclear of ["-1", "5 dollars", "$5", "5,00", "1e3", "5.001", ".5", "1000000", "NaN", "off"]) {
      expect(() => usd(unclear), unclear).toThrow("PLATFORM_DAILY_USD");
      expect(() => usd("5", unclear), unclear).toThrow("PLATFORM_MONTHLY_USD");
    }
    const key = { ...minimal, ANTHROPIC_API_KEY: "sk-ant-test-platform" };
    for (const off of [
      { PLATFORM_DAILY_USD: "0" },
      { PLATFORM_DAILY_USD: "none", PLATFORM_MONTHLY_USD: "0.00" },
    ])
      expect(parseEnv({ ...key, ...off })).toMatchObject({ platformKeysOff: true, platformKeys: new Map() });
    expect(parseEnv(key).platformKeysOff).toBe(false);
  });

  it("knows operators by their addresses, in lower case", () => {
    const emails = (list?: string) => parseEnv({ ...minimal, OPERATOR_EMAILS: list }).operatorEmails;
    expect(emails()).toEqual([]);
    expect(emails("")).toEqual([]);
    expect(emails(" Ann@Example.com , ben@example.com ")).toEqual(["ann@example.com", "ben@example.com"]);
    for (const unclear of ["ann", "ann@example.com,", "ann@example.com ben@example.com", "*", "@example.com"])
      expect(() => emails(unclear), unclear).toThrow("OPERATOR_EMAILS");
  });

  it("keeps events for as long as there is their owner, or for 90 days and more", () => {
    const days = (to?: string) => parseEnv({ ...minimal, ACTIVITY_RETENTION_DAYS: to }).activityRetentionDays;
    expect([undefined, "", "90", "365"].map(days)).toEqual([null, null, 90, 365]);
    for (const unclear of ["89", "0", "-90", "90.5", "1e3", "forever", "90 ", "99999"]) {
      expect(() => days(unclear), unclear).toThrow("ACTIVITY_RETENTION_DAYS");
    }
  });

  it("asks for the password after 15 minutes unless the operator sets another time, of a day at most", () => {
    const minutes = (to?: string) => parseEnv({ ...minimal, VAULT_CONFIRM_MINUTES: to }).confirmMinutes;
    expect([undefined, "", "0", "1", "1440"].map(minutes)).toEqual([15, 15, 0, 1, 1_440]);
    for (const unclear of ["off", "-1", "1.5", "1e2", " 5", "1441", "99999", "0x10"]) {
      expect(() => minutes(unclear), unclear).toThrow("VAULT_CONFIRM_MINUTES");
    }
  });

  it("lets webhooks into private networks only where the operator says so", () => {
    const switched = (to?: string) =>
      parseEnv({ ...minimal, WEBHOOKS_ALLOW_PRIVATE: to }).webhooksAllowPrivate;
    expect([undefined, "", "off", "on"].map(switched)).toEqual([false, false, false, true]);
    for (const unclear of ["true", "1", "ON"]) {
      expect(() => switched(unclear)).toThrow("WEBHOOKS_ALLOW_PRIVATE");
    }
  });

  it("reads the models that people may choose", () => {
    const of = (ANTHROPIC_MODELS?: string) => parseEnv({ ...minimal, ANTHROPIC_MODELS }).anthropic.models;
    expect(of(undefined)).toEqual([]);
    expect(of("")).toEqual([]);
    expect(of("one")).toEqual(["one"]);
    expect(of(" one, vendor/two:free@3 ,three")).toEqual(["one", "vendor/two:free@3", "three"]);
    for (const wrong of [
      ",",
      "one,",
      "one,,two",
      "one two",
      "on\u00e9",
      "x".repeat(101),
      Array(21).fill("m").join(),
    ])
      expect(() => of(wrong)).toThrow("ANTHROPIC_MODELS");
  });
});
