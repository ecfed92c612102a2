import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../support/eventually.ts";
import { TEST_MASTER_KEY } from "../support/keys.ts";
import { encryptedBefore } from "./before-swap.ts";
import { FAULTS, type RemoteBackend, startRemoteBackend } from "./remote-backend.ts";

// What docs/masteryos-bridge.md asks of encrypt() and decrypt(), of the module that is there and of one that could
// take its place.

type Crypto = typeof import("../../lib/vault/crypto.ts");
const OPAQUE = "The ciphertext cannot be decrypted.";

let backend: RemoteBackend;
beforeAll(async () => {
  backend = await startRemoteBackend();
});
afterAll(() => backend.close());
afterEach(() => {
  vi.restoreAllMocks();
});

async function load(which: "ours" | "remote", url = backend.url): Promise<Crypto> {
  vi.resetModules();
  vi.stubEnv("VAULT_MASTER_KEY", TEST_MASTER_KEY);
  vi.stubEnv("VAULT_BACKEND_URL", url);
  vi.stubEnv("VAULT_BACKEND_TOKEN", backend.token);
  return which === "ours" ? import("../../lib/vault/crypto.ts") : import("./crypto.ts");
}

describe.each(["ours", "remote"] as const)("the contract, kept by %s", (which) => {
  let crypto: Crypto;
  beforeEach(async () => {
    crypto = await load(which);
  });

  it("two functions, and nothing else", () => {
    expect(Object.keys(crypto).sort()).toEqual(["decrypt", "encrypt"]);
  });

  it("loads in plain Node, as the launcher and vault:reseal load it", () => {
    const file = which === "ours" ? "../../lib/vault/crypto.ts" : "./crypto.ts";
    const code = `console.log(Object.keys(await import(${JSON.stringify(new URL(file, import.meta.url))})).join())`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", code], {
      encoding: "utf8",
    });
    expect({ stdout, stderr }).toEqual({ stdout: "decrypt,encrypt\n", stderr: "" });
  });

  it("decryption inverts encryption for any well-formed text", async () => {
    const anyText = fc.string({ unit: "binary", maxLength: 500 }).filter((text) => text.isWellFormed());
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        expect(await crypto.decrypt(await crypto.encrypt(text))).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    // The column of values.
    ["50 kB", "🔑".repeat(12_500), 131_072],
    // That of signing secrets.
    ["200 characters", "🔑".repeat(200), 8_192],
  ])("keeps %s, in a ciphertext that fits its column", async (_, text, most) => {
    const ciphertext = await crypto.encrypt(text);
    expect(ciphertext.length).toBeLessThanOrEqual(most);
    expect(await crypto.decrypt(ciphertext)).toBe(text);
  });

  it("encrypts the same text differently each time, into printable text with its form", async () => {
    const [one, other] = [await crypto.encrypt("same"), await crypto.encrypt("same")];
    expect(one).not.toBe(other);
    expect(one).toMatch(/^[a-z]\d+\.[\x21-\x7e]+$/);
    expect(one).not.toContain("same");
  });

  it("takes two hundred at once, as an import hands them over", async () => {
    const texts = Array.from({ length: 200 }, (_, index) => `value ${index}`);
    const ciphertexts = await Promise.all(texts.map((text) => crypto.encrypt(text)));
    expect(await Promise.all(ciphertexts.map((text) => crypto.decrypt(text)))).toEqual(texts);
  });

  it("refuses what is not well-formed", async () => {
    await expect(crypto.encrypt("a\ud800b")).rejects.toThrow(TypeError);
  });

  it("has one opaque error for what cannot be decrypted, whatever is wrong with it", async () => {
    const ciphertext = await crypto.encrypt("four");
    const [version] = ciphertext.split(".");
    for (const damaged of [
      "",
      "four",
      "v9.abc",
      `${version}.`,
      `${version}.AAAA`,
      ciphertext.slice(0, -2),
      `${ciphertext}=`,
      ciphertext.replace(".", ".A"),
    ]) {
      const error = await crypto.decrypt(damaged).catch((reason: unknown) => reason);
      expect(error, damaged).toBeInstanceOf(Error);
      expect(error).toMatchObject({ message: OPAQUE });
      expect(error).not.toHaveProperty("code");
    }
  });
});

describe("the remote module", () => {
  let crypto: Crypto;
  beforeEach(async () => {
    Object.assign(backend, { fault: "none", faultyRequests: Number.POSITIVE_INFINITY });
    crypto = await load("remote");
    backend.asked = 0;
  });

  it("opens what was encrypted before the swap, with the key of that time and without the backend", async () => {
    const before = encryptedBefore("from before");
    expect(await crypto.decrypt(before)).toBe("from before");
    expect(backend.asked).toBe(0);
    expect(await crypto.encrypt("from now on")).toMatch(/^m1\./);
  });

  it.each(["", TEST_MASTER_KEY.slice(1), `${TEST_MASTER_KEY.slice(1)}g`])(
    "does not call unreadable what it has no key for: %j",
    async (masterKey) => {
      const before = encryptedBefore("from before");
      vi.stubEnv("VAULT_MASTER_KEY", masterKey);
      await expect(crypto.decrypt(before)).rejects.toMatchObject({
        code: "vault_backend_unavailable",
        message: expect.stringMatching(/^VAULT_MASTER_KEY.* is missing or malformed\.$/),
      });
      expect(await crypto.decrypt(await crypto.encrypt("from now on"))).toBe("from now on");
    },
  );

  const failing = FAULTS.filter((fault) => fault !== "none" && fault !== "slow");
  it.each(failing)("says that the backend is out of reach after one more try: %s", async (fault) => {
    const ciphertext = await crypto.encrypt("kept");
    backend.asked = 0;
    backend.fault = fault;
    for (const call of [() => crypto.decrypt(ciphertext), () => crypto.encrypt("not-in-errors")]) {
      backend.asked = 0;
      const error = (await call().catch((reason: unknown) => reason)) as Error;
      expect(error).toMatchObject({ code: "vault_backend_unavailable" });
      expect(backend.asked).toBe(2);
      expect(`${error.message} ${error.stack} ${error.cause}`).not.toMatch(
        /not-in-errors|backend-token|kept/,
      );
    }
    backend.fault = "none";
    expect(await crypto.decrypt(ciphertext)).toBe("kept");
  });

  it("waits for a slow backend", async () => {
    backend.fault = "slow";
    expect(await crypto.decrypt(await crypto.encrypt("slowly"))).toBe("slowly");
    expect(backend.asked).toBe(2);
  });

  it("does not read an answer to its end that is too large", async () => {
    backend.fault = "flood";
    // Nothing else could end it.
    vi.spyOn(AbortSignal, "timeout").mockImplementation(() => new AbortController().signal);
    await expect(crypto.encrypt("x")).rejects.toMatchObject({ code: "vault_backend_unavailable" });
  });

  it("asks for sixteen at a time, and for the others in their turn", async () => {
    // What the tests before it gave up has been hung up.
    await eventually(() => expect(backend.underWay).toBe(0));
    Object.assign(backend, { fault: "slow", busiest: 0 });
    await Promise.all(Array.from({ length: 40 }, (_, index) => crypto.encrypt(`value ${index}`)));
    expect(backend.busiest).toBe(16);
  });

  it("has an end within 5 seconds also for those that wait for their turn, and goes on afterwards", async () => {
    backend.fault = "timeout";
    backend.asked = 0;
    const calls = Array.from({ length: 200 }, (_, index) => crypto.encrypt(`value ${index}`));
    const results = await Promise.allSettled(calls);
    // If each waited for its turn, all of them would ask, for 25 seconds.
    expect(backend.asked).toBeLessThan(calls.length);
    for (const result of results)
      expect(result).toMatchObject({ reason: { code: "vault_backend_unavailable" } });
    await eventually(() => expect(backend.underWay).toBe(0));
    Object.assign(backend, { fault: "none", busiest: 0 });
    await Promise.all(results.map((_, index) => crypto.encrypt(`value ${index}`)));
    expect(backend.busiest).toBeGreaterThan(1);
    expect(backend.busiest).toBeLessThanOrEqual(16);
  });

  it("says which of its settings is missing", async () => {
    vi.stubEnv("VAULT_BACKEND_TOKEN", "");
    await expect(crypto.encrypt("x")).rejects.toMatchObject({
      code: "vault_backend_unavailable",
      message: "VAULT_BACKEND_URL or VAULT_BACKEND_TOKEN is missing.",
    });
  });

  it.each(failing)("is content with the second answer: %s", async (fault) => {
    const ciphertext = await crypto.encrypt("at last");
    Object.assign(backend, { fault, faultyRequests: 1 });
    expect(await crypto.decrypt(ciphertext)).toBe("at last");
  });

  it("says the same where nobody listens, or the token is wrong", async () => {
    const nowhere = await load("remote", "http://127.0.0.1:1");
    await expect(nowhere.encrypt("x")).rejects.toMatchObject({ code: "vault_backend_unavailable" });
    crypto = await load("remote");
    vi.stubEnv("VAULT_BACKEND_TOKEN", "another-token");
    await expect(crypto.encrypt("x")).rejects.toMatchObject({ code: "vault_backend_unavailable" });
  });
});
