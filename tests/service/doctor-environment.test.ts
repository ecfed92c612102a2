import { createClient } from "@supabase/supabase-js";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { checkKey } from "../../lib/vault/key-check.ts";
import {
  legacyKey,
  OTHER_MASTER_KEY,
  TEST_MASTER_KEY,
  TEST_PUBLISHABLE_KEY,
  TEST_SECRET_KEY,
} from "../support/keys.ts";
import {
  embedded,
  examine,
  matching,
  only,
  type Settings,
  WRONG_PUBLISHABLE,
  WRONG_SECRET,
} from "./doctor-harness.ts";

// Mistakes in the environment. Those in the project itself: doctor-project.test.ts.

interface Mistake {
  what: string;
  changes: Settings;
  found: string | RegExp;
}

const mistakes: Mistake[] = [
  {
    what: "a wrong publishable key",
    changes: { NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: WRONG_PUBLISHABLE },
    found: "Supabase refuses NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY (status 401)",
  },
  {
    what: "a wrong secret key",
    changes: { SUPABASE_SECRET_KEY: WRONG_SECRET },
    found: "Supabase refuses SUPABASE_SECRET_KEY (status 401)",
  },
  {
    what: "a publishable key in the secret one's place",
    changes: { SUPABASE_SECRET_KEY: TEST_PUBLISHABLE_KEY },
    found: "SUPABASE_SECRET_KEY contains a publishable key. → Set it to the secret key",
  },
  {
    what: "a publishable key as the dashboard masks it",
    changes: { NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: "sb_publishable_test-not-real-•••••" },
    found: "NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY contains only part of a key, or a masked one.",
  },
  {
    what: "a legacy key of another role",
    changes: { SUPABASE_SECRET_KEY: legacyKey({ role: "authenticated" }) },
    found: "SUPABASE_SECRET_KEY contains a JWT whose role isn't service_role.",
  },
  { what: "no secret key", changes: { SUPABASE_SECRET_KEY: "" }, found: "SUPABASE_SECRET_KEY isn't set." },
  {
    what: "an address that is none",
    changes: { NEXT_PUBLIC_SUPABASE_URL: "abcdefghijklmnopqrst" },
    found: "NEXT_PUBLIC_SUPABASE_URL isn't an http or https address.",
  },
  {
    what: "an address with a path",
    changes: { NEXT_PUBLIC_SUPABASE_URL: "https://abcdefghijklmnopqrst.supabase.co/rest/v1/" },
    found: "NEXT_PUBLIC_SUPABASE_URL has more in it than the project's address.",
  },
  {
    what: "a host that isn't there",
    changes: { NEXT_PUBLIC_SUPABASE_URL: "https://nothing.invalid" },
    found: /There's no address for nothing\.invalid \((ENOTFOUND|EAI_AGAIN)\)/,
  },
  {
    what: "a malformed SITE_URL",
    changes: { SITE_URL: "vault.example.com" },
    found: "SITE_URL is not an address such as https://vault.example.com.",
  },
  {
    what: "a SITE_URL without encryption",
    changes: { SITE_URL: "http://vault.example.com" },
    found: "SITE_URL must begin with https://",
  },
  { what: "no SITE_URL", changes: { SITE_URL: undefined }, found: "warning: SITE_URL isn't set." },
  {
    what: "a variable that is malformed",
    changes: { PLATFORM_DAILY_USD: "five" },
    found: "Missing or malformed in the environment: PLATFORM_DAILY_USD.",
  },
  {
    what: "a malformed master key",
    changes: { VAULT_MASTER_KEY: "0123" },
    found: "VAULT_MASTER_KEY is not 64 hexadecimal characters. → If anything is stored already, set the key",
  },
  {
    what: "no master key",
    changes: { VAULT_MASTER_KEY: undefined },
    found:
      "VAULT_MASTER_KEY is missing. → If anything is stored already, set the key that it was stored with. Otherwise create one",
  },
  {
    what: "a secret in a variable for browsers",
    changes: { NEXT_PUBLIC_SUPABASE_SECRET_KEY: TEST_SECRET_KEY, NEXT_PUBLIC_MASTER: TEST_MASTER_KEY },
    found: "Next.js may send a secret to every browser: NEXT_PUBLIC_SUPABASE_SECRET_KEY, NEXT_PUBLIC_MASTER.",
  },
  {
    what: "a legacy secret key in a variable for browsers, beside another one",
    changes: { NEXT_PUBLIC_SUPABASE_SERVICE_ROLE_KEY: legacyKey({ role: "service_role" }) },
    found: "Next.js may send a secret to every browser: NEXT_PUBLIC_SUPABASE_SERVICE_ROLE_KEY.",
  },
  {
    what: "an unencrypted address",
    changes: { NEXT_PUBLIC_SUPABASE_URL: "http://abcdefghijklmnopqrst.supabase.co" },
    found: "NEXT_PUBLIC_SUPABASE_URL must begin with https://",
  },
  {
    what: "webhooks into the server's own network",
    changes: { WEBHOOKS_ALLOW_PRIVATE: "on" },
    found: "warning: WEBHOOKS_ALLOW_PRIVATE is on",
  },
  {
    what: "a mail server that refuses the password",
    changes: { SMTP_PASS: "another-password" },
    found: "The mail server can't be used (SMTP status 535).",
  },
  {
    what: "a mail server that isn't there",
    changes: { SMTP_PORT: "1" },
    found: /The mail server can't be used \(\w+\)\./,
  },
  {
    what: "a mail server without an address",
    changes: { SMTP_HOST: "mail.invalid" },
    found: "failure: There's no address for SMTP_HOST. → Check SMTP_HOST",
  },
];

describe("Of a mistake, its own line says what it is and what to do", () => {
  it.each(mistakes)("$what", async ({ changes, found }) => {
    expect(only(await examine(changes))).toEqual(matching(found));
  });

  it("keys in each other's place are two", async () => {
    const results = await examine({
      NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: TEST_SECRET_KEY,
      SUPABASE_SECRET_KEY: TEST_PUBLISHABLE_KEY,
    });
    expect(results.filter(({ verdict }) => verdict === "failure").map(({ says }) => says)).toEqual([
      "NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY contains a secret key, but Next.js may send a NEXT_PUBLIC_ variable to every browser.",
      "SUPABASE_SECRET_KEY contains a publishable key.",
    ]);
  });

  it("an encryption that can't be reached, without a word of its server", async () => {
    vi.stubEnv("VAULT_MASTER_KEY", TEST_MASTER_KEY);
    vi.resetModules();
    const database = createClient(embedded.url, TEST_SECRET_KEY, {
      auth: { persistSession: false, autoRefreshToken: false },
    });
    const own = await import("../../lib/vault/crypto.ts");
    await checkKey(database, own);
    const said = Object.assign(new Error("The server says: secret-not-real"), { code: "ECONNREFUSED" });
    onTestFinished(() => void vi.doUnmock("../../lib/vault/crypto.ts"));
    vi.doMock("../../lib/vault/crypto.ts", () => ({ ...own, encrypt: () => Promise.reject(said) }));
    expect(only(await examine())).toBe(
      "failure: The vault's encryption can't be reached. → Check its settings and its server.",
    );
    let decrypted = 0;
    vi.doMock("../../lib/vault/crypto.ts", () => ({
      ...own,
      decrypt: (text: string) => (decrypted++ === 0 ? own.decrypt(text) : Promise.reject(said)),
    }));
    expect(only(await examine())).toMatch(
      /^failure: Couldn't find out whether the master key opens what is stored\. The vault's encryption can't be reached\./,
    );
  });

  it("the master key of another database", async () => {
    vi.stubEnv("VAULT_MASTER_KEY", TEST_MASTER_KEY);
    vi.resetModules();
    const database = createClient(embedded.url, TEST_SECRET_KEY, {
      auth: { persistSession: false, autoRefreshToken: false },
    });
    await checkKey(database, await import("../../lib/vault/crypto.ts"));
    expect((await examine()).find(({ check }) => check === "stored")).toMatchObject({
      says: "The master key opens what is stored",
    });
    expect(only(await examine({ VAULT_MASTER_KEY: OTHER_MASTER_KEY }))).toContain(
      "VAULT_MASTER_KEY is not the key that this database was encrypted with.",
    );
  });
});
