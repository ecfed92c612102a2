import { afterAll, describe, expect, it, vi } from "vitest";
import { TEST_MASTER_KEY } from "../support/keys.ts";

const ID = "11111111-1111-4111-8111-111111111111";
const OTHER_ID = "22222222-2222-4222-8222-222222222222";

/** The module as a process has it that was started with this master key. */
async function startWith(masterKey: string) {
  vi.resetModules();
  vi.stubEnv("VAULT_MASTER_KEY", masterKey);
  const { encrypt } = await import("../../lib/vault/crypto.ts");
  return { encrypt, ...(await import("../../lib/webhooks/secret.ts")) };
}

const { encrypt, newSigningSecret, openSigningSecret, sealSigningSecret } = await startWith(TEST_MASTER_KEY);

afterAll(() => {
  vi.unstubAllEnvs();
});

describe("a signing secret", () => {
  it("has the form that Standard Webhooks gives it, and is another one each time", () => {
    const secrets = Array.from({ length: 100 }, newSigningSecret);
    for (const secret of secrets) {
      const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1] ?? "";
      const bytes = Buffer.from(base64, "base64");
      expect(bytes.toString("base64")).toBe(base64);
      expect(bytes.length).toBeGreaterThanOrEqual(24);
      expect(bytes.length).toBeLessThanOrEqual(64);
    }
    expect(new Set(secrets).size).toBe(secrets.length);
  });

  it("opens for the webhook that it was sealed for, and does not stand in the ciphertext", async () => {
    const secret = newSigningSecret();
    const sealed = await sealSigningSecret(ID, secret);
    expect(await openSigningSecret(ID, sealed)).toBe(secret);
    expect(sealed).not.toContain(secret.slice("whsec_".length));
  });

  it("is null for another webhook", async () => {
    expect(await openSigningSecret(OTHER_ID, await sealSigningSecret(ID, "whsec_test"))).toBeNull();
  });

  it("is null where a character of the ciphertext has changed", async () => {
    const sealed = await sealSigningSecret(ID, "whsec_test");
    const changed = sealed.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
    expect(await openSigningSecret(ID, changed)).toBeNull();
  });

  const envelope = { v: 1, webhook_id: ID, secret: "whsec_test" };
  it.each([
    ["a bare secret", "whsec_test"],
    [
      "a value of the vault",
      JSON.stringify({ v: 1, owner_type: "user", owner_id: ID, key: "A", value: "x" }),
    ],
    ["another version", JSON.stringify({ ...envelope, v: 2 })],
    ["no secret", JSON.stringify({ ...envelope, secret: undefined })],
    ["an additional member", JSON.stringify({ ...envelope, extra: true })],
  ])("is null where the ciphertext holds %s", async (_, plaintext) => {
    expect(await openSigningSecret(ID, await encrypt(JSON.stringify(envelope)))).toBe("whsec_test");
    expect(await openSigningSecret(ID, await encrypt(plaintext))).toBeNull();
  });

  it.each(["", "whsec_test", "v1.", "v1.AAAA", "\0"])("is null where the column holds %j", async (text) => {
    expect(await openSigningSecret(ID, text)).toBeNull();
  });
});
