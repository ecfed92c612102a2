import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as environment from "../../lib/env.ts";
import { checkConfiguration } from "../../lib/startup.ts";
import * as crypto from "../../lib/vault/crypto.ts";
import { vaultProblem } from "../../lib/vault/errors.ts";
import { logProblem } from "../../lib/vault/http/log.ts";
import * as keyCheck from "../../lib/vault/key-check.ts";
import { explainOldNode } from "../../lib/vault/node-version.ts";
import { checkVault } from "../../lib/vault/startup.ts";
import { chooseBackend } from "../../scripts/embedded/backend.ts";
import { TEST_MASTER_KEY } from "../support/keys.ts";

// What a start makes of encryption that fails: the server's, and the launcher's before it.

const HOSTED = {
  // Where nobody answers.
  NEXT_PUBLIC_SUPABASE_URL: "http://127.0.0.1:1",
  NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY: "sb_publishable_test",
  SUPABASE_SECRET_KEY: "sb_secret_test",
};
const broken = new Error("Make a master key.");
const outage = Object.assign(new Error("Nobody answers."), { code: "vault_backend_unavailable" });

beforeEach(() => {
  for (const [name, value] of Object.entries(HOSTED)) vi.stubEnv(name, value);
  vi.spyOn(console, "log").mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe("the server", () => {
  /** What it says, and the exit code if it ends. */
  async function start(error: Error) {
    vi.spyOn(crypto, "encrypt").mockRejectedValue(error);
    const said: unknown[] = [];
    for (const level of ["warn", "error"] as const) {
      vi.spyOn(console, level).mockImplementation((line) => void said.push(line));
    }
    const exit = vi.spyOn(process, "exit").mockReturnValue(undefined as never);
    await checkConfiguration();
    return { said, exits: exit.mock.calls.flat() };
  }

  it("ends where its encryption does not work, with what is wrong", async () => {
    expect(await start(broken)).toEqual({ said: ["Make a master key."], exits: [1] });
  });

  it("ends in production where the session cookie would not be Secure, with what to set", async () => {
    const source = { ...HOSTED, NODE_ENV: "production", SITE_URL: "http://vault.example.com" };
    vi.spyOn(environment, "env").mockImplementation(() => environment.parseEnv(source));
    const { said, exits } = await start(broken);
    expect(said).toEqual([expect.stringMatching(/^SITE_URL must begin with https:[^\n]+$/)]);
    expect(exits).toEqual([1]);
  });

  it("says that all people share one limit of tries, where others reach it and no address is named", async () => {
    const source = { ...HOSTED, SITE_URL: "https://vault.example.com" };
    const environmentOf = (more: object) =>
      vi.spyOn(environment, "env").mockImplementation(() => environment.parseEnv({ ...source, ...more }));
    environmentOf({});
    expect((await start(broken)).said[0]).toMatch(/^CLIENT_ADDRESS_HEADER is not set/);
    environmentOf({ CLIENT_ADDRESS_HEADER: "x-real-ip" });
    expect((await start(broken)).said).toEqual(["Make a master key."]);
    environmentOf({ SITE_URL: "http://localhost:3000" });
    expect((await start(broken)).said).toEqual(["Make a master key."]);
  });

  it("starts where Supabase refuses its key, and says what to do", async () => {
    const refused = { code: "", message: "canary", name: "GatewayError", status: 401 };
    vi.spyOn(keyCheck, "checkKey").mockRejectedValue(
      new Error("Supabase refused the request (401).", { cause: refused }),
    );
    vi.stubEnv("VAULT_MASTER_KEY", TEST_MASTER_KEY);
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    await checkConfiguration();
    expect(warn.mock.calls.flat()).toEqual([
      expect.stringMatching(/Supabase refused the request \(401\)\. Supabase doesn't accept an API key/),
    ]);
  });

  it("starts while the encryption's backend is out of reach, and says so", async () => {
    const { said, exits } = await start(outage);
    expect(said).toEqual([
      expect.stringContaining("Nobody answers."),
      expect.stringMatching(/^The master key couldn't be checked, .* The database didn't respond/),
    ]);
    expect(exits).toEqual([]);
  });
});

describe("the launcher", () => {
  const choose = () => chooseBackend("start", "/nowhere", HOSTED, "http://localhost:3000");

  it("starts nothing with keys in each other's place", async () => {
    const swapped = { ...HOSTED, SUPABASE_SECRET_KEY: HOSTED.NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY };
    await expect(chooseBackend("start", "/nowhere", swapped, "http://localhost:3000")).rejects.toThrow(
      /^SUPABASE_SECRET_KEY contains a publishable key/,
    );
  });

  it("starts nothing where the encryption does not work", async () => {
    vi.spyOn(crypto, "encrypt").mockRejectedValue(broken);
    await expect(choose()).rejects.toThrow("Make a master key.");
  });

  it("goes on while the encryption's backend is out of reach", async () => {
    vi.spyOn(crypto, "encrypt").mockRejectedValue(outage);
    expect(await choose()).toMatchObject({ env: {} });
  });
});

describe("the vault in another app", () => {
  it.each(["20.20.2", "21.7.3", "8.17.0"])("calls Node.js %s too old, in one sentence", (version) => {
    expect(explainOldNode(version)).toBe(
      `The vault needs Node.js 22 or newer, and this is ${version}. Update it: Supabase's client doesn't support older ones.`,
    );
  });

  it.each(["22.0.0", "24.21.0", "100.0.0"])("has nothing to say about Node.js %s", (version) => {
    expect(explainOldNode(version)).toBeNull();
  });

  it("doesn't start with keys in each other's place, and says what to do", async () => {
    vi.stubEnv("VAULT_MASTER_KEY", TEST_MASTER_KEY);
    vi.stubEnv("SUPABASE_SECRET_KEY", HOSTED.NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY);
    await expect(checkVault()).rejects.toThrow(/^SUPABASE_SECRET_KEY contains a publishable key/);
  });

  it("says so when it starts, and beside an error that nobody expected", async () => {
    vi.stubEnv("VAULT_MASTER_KEY", TEST_MASTER_KEY);
    const said = vi.spyOn(console, "error").mockReturnValue();
    vi.spyOn(console, "warn").mockReturnValue();
    const { node } = process.versions;
    Object.defineProperty(process.versions, "node", { value: "20.20.2", configurable: true });
    try {
      await checkVault();
      logProblem(vaultProblem("internal"));
      logProblem(vaultProblem("vault_unavailable"));
    } finally {
      Object.defineProperty(process.versions, "node", { value: node, configurable: true });
    }
    const [atStart, unexpected, expected] = said.mock.calls.flat().map(String);
    expect(atStart).toBe(explainOldNode("20.20.2"));
    expect(JSON.parse(unexpected ?? "")).toMatchObject({ code: "internal", hint: atStart });
    expect(JSON.parse(expected ?? "")).not.toHaveProperty("hint");
  });
});
