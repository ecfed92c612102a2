import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateApiKey } from "@supabase/lite";
import { expect, test } from "vitest";
import { completeEnvFile } from "../../scripts/embedded/env-file.ts";
import { ROOT, testFolder } from "./support.ts";

const modeOf = (file: string) => statSync(file).mode & 0o777;

test("a missing file is created for its owner only, with all four settings", () => {
  const file = join(testFolder(), ".env.local");
  const added = completeEnvFile(file, {});
  expect(modeOf(file)).toBe(0o600);
  expect(added).toEqual({
    VAULT_MASTER_KEY: expect.stringMatching(/^[0-9a-f]{64}$/),
    NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: expect.stringMatching(/^sb_publishable_/),
    SUPABASE_SECRET_KEY: expect.stringMatching(/^sb_secret_/),
    SUPABASE_JWT_SECRET: expect.stringMatching(/^[\w-]{64}$/),
  });
  const text = readFileSync(file, "utf8");
  for (const [name, value] of Object.entries(added)) expect(text).toContain(`\n${name}=${value}\n`);
});

test("the API keys have the checksum that Supabase Lite gives its own", async () => {
  const added = completeEnvFile(join(testFolder(), ".env.local"), {});
  for (const type of ["publishable", "secret"] as const) {
    const name = type === "secret" ? "SUPABASE_SECRET_KEY" : "NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY";
    const [, random = ""] = new RegExp(`^sb_${type}_([\\w-]{22})_[\\w-]{8}$`).exec(added[name] ?? "") ?? [];
    // The last of the 17 bytes' 23 characters isn't part of a key.
    const bytes = new Uint8Array(Buffer.from(`${random}A`, "base64url"));
    expect((await generateApiKey(type, undefined, bytes)).key).toBe(added[name]);
  }
});

test("only what is missing is appended, and existing lines stay as they are", () => {
  const file = join(testFolder(), ".env.local");
  const before = "# mine\nVAULT_MASTER_KEY = 'kept'\nSUPABASE_SECRET_KEY=kept";
  writeFileSync(file, before);
  chmodSync(file, 0o644);
  const added = completeEnvFile(file, { VAULT_MASTER_KEY: "kept", SUPABASE_SECRET_KEY: "kept" });
  expect(Object.keys(added)).toEqual(["NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY", "SUPABASE_JWT_SECRET"]);
  expect(readFileSync(file, "utf8")).toMatch(new RegExp(`^${before}\n# `));
  expect(modeOf(file)).toBe(0o600);
});

test("a file that lacks nothing is not touched", () => {
  const file = join(testFolder(), ".env.local");
  const complete = completeEnvFile(file, {});
  const before = readFileSync(file, "utf8");
  expect(completeEnvFile(file, complete)).toEqual({});
  expect(readFileSync(file, "utf8")).toBe(before);
});

test("vault-key prints one master key, and nothing else on standard output", () => {
  const run = () => execFileSync(process.execPath, [join(ROOT, "scripts/vault-key.ts")], { stdio: "pipe" });
  const key = run().toString();
  expect(key).toMatch(/^[0-9a-f]{64}\n$/);
  expect(run().toString()).not.toBe(key);
});
