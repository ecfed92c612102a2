import { describe, expect, it, vi } from "vitest";
import { settings } from "@/registry/host.ts";
import { parseEnv } from "../../lib/env.ts";

// https://vercel.com/docs/environment-variables/system-environment-variables

vi.mock("@/lib/vault/store", () => ({}));

const REQUIRED = {
  NEXT_PUBLIC_SUPABASE_URL: "https://example.supabase.co",
  NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: "sb_publishable_test",
  SUPABASE_SECRET_KEY: "sb_secret_test",
};

type Variables = Record<string, string>;

/** Who decides where the app is. */
const READERS: [string, (variables: Variables) => string][] = [
  ["this app", (variables) => parseEnv({ ...REQUIRED, ...variables }).siteOrigin],
  [
    "an app that installed the vault",
    (variables) => {
      for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
      try {
        return settings().siteOrigin;
      } finally {
        vi.unstubAllEnvs();
      }
    },
  ],
];

describe.each(READERS)("the address of %s, on Vercel,", (_, read) => {
  const production = { VERCEL_PROJECT_PRODUCTION_URL: "vault.example.com" };
  const deployment = { ...production, VERCEL_URL: "vault-3x4mpl3-team.vercel.app" };
  const branch = { ...deployment, VERCEL_BRANCH_URL: "vault-git-fix-team.vercel.app" };
  const origin = (more: Record<string, string>, NODE_ENV = "production") => read({ NODE_ENV, ...more });

  it("is the production's address, whatever the deployment's own is", () => {
    expect(origin({ ...branch, VERCEL_ENV: "production" })).toBe("https://vault.example.com");
    expect(origin({ ...branch, VERCEL_ENV: "" })).toBe("https://vault.example.com");
    expect(origin(branch)).toBe("https://vault.example.com");
  });

  it("is a preview's own address, of its branch if it has one, and never the production's", () => {
    const preview = { VERCEL_ENV: "preview" };
    expect(origin({ ...branch, ...preview })).toBe("https://vault-git-fix-team.vercel.app");
    expect(origin({ ...branch, ...preview, VERCEL_BRANCH_URL: "" })).toBe(
      "https://vault-3x4mpl3-team.vercel.app",
    );
    expect(origin({ ...deployment, ...preview })).toBe("https://vault-3x4mpl3-team.vercel.app");
    expect(() => origin({ ...production, ...preview })).toThrow("SITE_URL is missing");
  });

  it("is SITE_URL where there is one", () => {
    for (const VERCEL_ENV of ["production", "preview", "development"]) {
      expect(origin({ ...branch, VERCEL_ENV, SITE_URL: "https://staging.example.com" })).toBe(
        "https://staging.example.com",
      );
    }
  });

  it("is the own machine's address where the variables were pulled to", () => {
    const pulled = { ...branch, VERCEL_ENV: "development" };
    expect(origin(pulled, "development")).toBe("http://localhost:3000");
    expect(() => origin(pulled)).toThrow("SITE_URL is missing");
    expect(origin({ ...production, VERCEL_ENV: "preview", VERCEL_URL: "" }, "development")).toBe(
      "http://localhost:3000",
    );
  });

  it.each([
    ["https://vault-git-fix-team.vercel.app"],
    ["http://vault-git-fix-team.vercel.app"],
    ["HTTPS://Vault-Git-Fix-Team.Vercel.App/"],
    ["vault-git-fix-team.vercel.app/"],
  ])("is the same however Vercel writes it: %s", (VERCEL_BRANCH_URL) => {
    expect(origin({ ...branch, VERCEL_ENV: "preview", VERCEL_BRANCH_URL })).toBe(
      "https://vault-git-fix-team.vercel.app",
    );
  });
});
