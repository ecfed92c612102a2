import { describe, expect, it } from "vitest";
import { parseEnv } from "../../lib/env.ts";

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
    const legacy = {
      NEXT_PUBLIC_SUPABASE_URL: minimal.NEXT_PUBLIC_SUPABASE_URL,
      NEXT_PUBLIC_SUPABASE_ANON_KEY: "anon",
      SUPABASE_SERVICE_ROLE_KEY: "service",
    };
    expect(parseEnv(legacy).supabase).toMatchObject({ publishableKey: "anon", secretKey: "service" });
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

  it("has a platform key only where one is set and the layer is on", () => {
    const withKey = { ...minimal, ANTHROPIC_API_KEY: "sk-ant-test-platform" };
    expect([...parseEnv(withKey).platformKeys]).toEqual([["ANTHROPIC_API_KEY", "sk-ant-test-platform"]]);
    expect(parseEnv({ ...withKey, VAULT_ENV_FALLBACK: "off" }).platformKeys.size).toBe(0);
    expect(parseEnv({ ...withKey, ANTHROPIC_API_KEY: "" }).platformKeys.size).toBe(0);
    expect(() => parseEnv({ ...withKey, VAULT_ENV_FALLBACK: "no" })).toThrow("VAULT_ENV_FALLBACK");
  });

  it("lets webhooks into private networks only where the operator says so", () => {
    const switched = (to?: string) =>
      parseEnv({ ...minimal, WEBHOOKS_ALLOW_PRIVATE: to }).webhooksAllowPrivate;
    expect([undefined, "", "off", "on"].map(switched)).toEqual([false, false, false, true]);
    for (const unclear of ["true", "1", "ON"]) {
      expect(() => switched(unclear)).toThrow("WEBHOOKS_ALLOW_PRIVATE");
    }
  });
});
