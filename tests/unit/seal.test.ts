import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { TEST_MASTER_KEY } from "../support/keys.ts";

vi.stubEnv("VAULT_MASTER_KEY", TEST_MASTER_KEY);
const { open, seal } = await import("../../lib/vault/seal.ts");
const { encrypt } = await import("../../lib/vault/crypto.ts");

const USER = { type: "user", id: "11111111-1111-4111-8111-111111111111" } as const;
const OTHER = { type: "user", id: "22222222-2222-4222-8222-222222222222" } as const;
const KEY = "ANTHROPIC_API_KEY";
const unreadable = expect.objectContaining({ code: "secret_unreadable" });

describe("a sealed value", () => {
  let sealed: string;
  beforeAll(async () => {
    sealed = await seal(USER, KEY, "sk-ant-test-value");
  });

  it("opens for the owner and key that it was sealed for", async () => {
    expect(await open(USER, KEY, sealed)).toBe("sk-ant-test-value");
  });

  it("opens for a team that it was sealed for", async () => {
    const team = { type: "team", id: USER.id } as const;
    expect(await open(team, KEY, await seal(team, KEY, "sk-ant-test-teams"))).toBe("sk-ant-test-teams");
  });

  it("does not open for another owner", async () => {
    await expect(open(OTHER, KEY, sealed)).rejects.toEqual(unreadable);
  });

  it("does not open for a team with the same id", async () => {
    await expect(open({ type: "team", id: USER.id }, KEY, sealed)).rejects.toEqual(unreadable);
  });

  it("does not open under another key", async () => {
    await expect(open(USER, "OPENAI_API_KEY", sealed)).rejects.toEqual(unreadable);
  });

  const envelope = { v: 1, owner_type: "user", owner_id: USER.id, key: KEY, value: "x" };
  it.each([
    ["a bare value", "sk-ant-test-value"],
    ["no JSON object", '"text"'],
    ["another version", JSON.stringify({ ...envelope, v: 2 })],
    ["no value", JSON.stringify({ ...envelope, value: undefined })],
    ["a value that is no text", JSON.stringify({ ...envelope, value: 1 })],
    ["an additional member", JSON.stringify({ ...envelope, extra: true })],
  ])("is refused when the ciphertext holds %s", async (_, plaintext) => {
    await expect(open(USER, KEY, await encrypt(plaintext))).rejects.toEqual(unreadable);
  });

  it("is not mentioned by the error", async () => {
    const error: Error = await open(OTHER, KEY, sealed).then(
      () => expect.unreachable(),
      (thrown: Error) => thrown,
    );
    expect(JSON.stringify([error.message, error.cause ?? null])).not.toContain("sk-ant");
  });
});

describe("whatever encrypts and decrypts", () => {
  const failing = async (error: unknown) => {
    const crypto = await import("../../lib/vault/crypto.ts");
    vi.spyOn(crypto, "encrypt").mockRejectedValue(error);
    vi.spyOn(crypto, "decrypt").mockRejectedValue(error);
  };
  afterEach(() => void vi.restoreAllMocks());

  it("may be out of reach, which is no reason to enter a value again", async () => {
    await failing(Object.assign(new Error("Away."), { code: "vault_backend_unavailable" }));
    const unavailable = {
      code: "vault_unavailable",
      cause: { name: "VaultBackend", code: "vault_backend_unavailable" },
    };
    await expect(seal(USER, KEY, "sk-ant-test-value")).rejects.toMatchObject(unavailable);
    await expect(open(USER, KEY, "v1.x")).rejects.toMatchObject(unavailable);
  });

  it.each([
    ["an error without a code", new Error("Bad.")],
    ["an error with another code", Object.assign(new Error("Bad."), { code: "ECONNRESET" })],
    ["what is no error", { code: "vault_backend_unavailable" }],
    ["nothing", undefined],
  ])("is not thought to be out of reach because of %s", async (_, error) => {
    await failing(error);
    expect(await seal(USER, KEY, "sk-ant-test-value").catch((thrown) => thrown)).toBe(error);
    await expect(open(USER, KEY, "v1.x")).rejects.toEqual(unreadable);
  });
});
