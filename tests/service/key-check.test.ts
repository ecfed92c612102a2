import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { checkKey, WrongMasterKey } from "../../lib/vault/key-check.ts";
import type { Owner } from "../../lib/vault/types.ts";
import { WEBHOOK_CIPHERTEXTS } from "../../lib/webhooks/sealed.ts";
import { encryptedBefore } from "../bridge/before-swap.ts";
import { decrypt } from "../bridge/crypto.ts";
import { OTHER_MASTER_KEY, TEST_MASTER_KEY } from "../support/keys.ts";
import { interceptDatabase, OWNER_FUNCTIONS, startDatabase } from "./harness.ts";

// Whether the master key is the one that the database was filled under: at the start, and before each write.

const KNOWN_TEXT = "vault key check";
const unavailable = expect.objectContaining({ code: "vault_unavailable", status: 503 });

let db: Awaited<ReturnType<typeof startDatabase>>;
let owner: Owner;
beforeAll(async () => {
  db = await startDatabase(inject("template"), { migrationsDir: OWNER_FUNCTIONS });
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.forgetCheckValue();
  await db.admin.from("vault_secrets").delete().neq("key", "").throwOnError();
  await db.admin.from("webhooks").delete().neq("address", "").throwOnError();
  owner = { type: "user", id: await db.person() };
});

const checkValues = async () =>
  (await db.admin.from("vault_key_check").select("encrypted_value").throwOnError()).data.map(
    ({ encrypted_value }) => encrypted_value,
  );
const secrets = async () =>
  (await db.admin.from("vault_secrets").select("*").order("key").throwOnError()).data;

/** A database that was filled under a key. */
const seal = (masterKey: string, text = KNOWN_TEXT) =>
  db.admin
    .from("vault_key_check")
    .insert({ encrypted_value: encryptedBefore(text, masterKey) })
    .throwOnError();
const storeSecret = (key: string, encrypted_value: string) =>
  db.admin
    .from("vault_secrets")
    .insert({ owner_type: owner.type, owner_id: owner.id, key, encrypted_value })
    .throwOnError();
const storeWebhook = (encrypted_secret: string) =>
  db.admin
    .from("webhooks")
    .insert({ id: randomUUID(), user_id: owner.id, url: "https://example.com/", encrypted_secret })
    .throwOnError();

/** What a fresh process of the app does at its start, and what it prints. */
async function start() {
  const service = await db.service();
  const said: string[] = [];
  const warn = vi.spyOn(console, "warn").mockImplementation((line) => void said.push(line));
  const { checkMasterKey } = await import("../../lib/vault/startup.ts");
  const refusal = await checkMasterKey().then(
    () => null,
    (error: Error) => error.message,
  );
  warn.mockRestore();
  return { service, said, refusal };
}
const REFUSAL = expect.stringMatching(
  /^VAULT_MASTER_KEY is not the key .* Restore the old key .*“A lost master key”/,
);

describe("a start", () => {
  it("of the first time leaves a check value that tells nothing, and a later one leaves it as it is", async () => {
    expect(await start()).toMatchObject({ said: [], refusal: null });
    const made = await checkValues();
    expect(made).toEqual([expect.stringMatching(/^[a-z]1\./)]);
    expect(made.join()).not.toContain(KNOWN_TEXT);
    expect(await start()).toMatchObject({ said: [], refusal: null });
    expect(await checkValues()).toEqual(made);
  });

  it("with another key is refused with what to do, and changes nothing", async () => {
    await seal(OTHER_MASTER_KEY);
    const before = await checkValues();
    expect(await start()).toMatchObject({ said: [], refusal: REFUSAL });
    expect(await checkValues()).toEqual(before);
  });

  it.each([
    ["a ciphertext of something else", () => seal(TEST_MASTER_KEY, "something else")],
    [
      "plaintext",
      () => db.admin.from("vault_key_check").insert({ encrypted_value: KNOWN_TEXT }).throwOnError(),
    ],
  ])("is refused where the check value is %s", async (_, put) => {
    await put();
    expect((await start()).refusal).toEqual(REFUSAL);
  });
});

describe("a start on a database from before there was a check value", () => {
  const [ours, theirs] = [encryptedBefore("x"), encryptedBefore("x", OTHER_MASTER_KEY)];
  it.each([
    ["a secret that opens", [ours], [], true],
    ["a secret that opens beside damaged ones", ["v1.AAAA", theirs, ours], [], true],
    ["a signing secret that opens", [], [ours], true],
    ["a damaged secret and a signing secret that opens", ["v1.AAAA"], [ours], true],
    ["secrets of which none opens", [theirs, "v1.AAAA"], [], false],
    ["a signing secret that does not open", [], [theirs], false],
  ])("with %s", async (_, stored, signing, starts) => {
    for (const [index, ciphertext] of stored.entries()) await storeSecret(`KEY_${index}`, ciphertext);
    for (const ciphertext of signing) await storeWebhook(ciphertext);
    const before = await secrets();
    expect((await start()).refusal).toEqual(starts ? null : REFUSAL);
    expect(await checkValues()).toHaveLength(starts ? 1 : 0);
    expect(await secrets()).toEqual(before);
  });
});

it("of two instances that start at once with two keys, one is refused, and the other's value stays", async () => {
  let waiting = 0;
  let goOn = () => {};
  const bothHaveLooked = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const instance = (masterKey: string) => ({
    async encrypt(text: string) {
      waiting += 1;
      if (waiting === 2) goOn();
      await bothHaveLooked;
      return encryptedBefore(text, masterKey);
    },
    decrypt(ciphertext: string) {
      vi.stubEnv("VAULT_MASTER_KEY", masterKey);
      return decrypt(ciphertext);
    },
  });
  const [one, other] = [instance(TEST_MASTER_KEY), instance(OTHER_MASTER_KEY)];
  const results = await Promise.allSettled([one, other].map((crypto) => checkKey(db.admin, crypto)));
  const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  expect(refused).toEqual([expect.any(WrongMasterKey)]);
  const [present = ""] = await checkValues();
  const winner = results[0]?.status === "fulfilled" ? one : other;
  expect(await winner.decrypt(present)).toBe(KNOWN_TEXT);
});

describe.each([
  ["the database does not answer", 503, { code: "57P03" }, "didn't respond (57P03)"],
  [
    "its migration is missing",
    404,
    { code: "PGRST205" },
    "The migration vault_check.sql has not been applied",
  ],
])("where %s", (_, status, body, reason) => {
  let isAway: boolean;
  beforeEach(() => {
    isAway = true;
  });
  const intercept = () =>
    interceptDatabase(async (_method, pass, path) =>
      isAway && path === "/rest/v1/vault_key_check" ? Response.json(body, { status }) : pass(),
    );

  it("the app starts with one line, encrypts nothing until it knows, and asks again then", async () => {
    await storeSecret(
      "KEY",
      encryptedBefore(
        JSON.stringify({ v: 1, owner_type: owner.type, owner_id: owner.id, key: "KEY", value: "kept" }),
      ),
    );
    intercept();
    const { service, said, refusal } = await start();
    expect({ said, refusal }).toEqual({ said: [expect.stringContaining(reason)], refusal: null });
    expect(await service.getSecret(owner, "KEY")).toBe("kept");
    const before = await secrets();
    const { importSecrets } = await import("../../lib/vault/import.ts");
    const { addWebhook } = await import("../../lib/webhooks/store.ts");
    const webhook = { url: "https://example.com/", description: "", events: ["reveal.failed" as const] };
    const rows = [{ key: "NEW_KEY", value: "x", if_updated_at: null }];
    for (const write of [
      () => service.setSecret(owner, { key: "KEY", value: "new" }),
      () => service.setSecret(owner, { key: "NEW_KEY", value: "new" }),
      () => importSecrets(owner, rows),
      () => addWebhook(owner.id, owner, webhook),
    ]) {
      await expect(write()).rejects.toEqual(unavailable);
    }
    expect(await secrets()).toEqual(before);
    expect((await db.admin.from("webhooks").select("id").throwOnError()).data).toEqual([]);
    expect(await service.setSecret(owner, { key: "KEY", description: "changed" })).toMatchObject({
      key: "KEY",
    });

    isAway = false;
    await service.setSecret(owner, { key: "KEY", value: "new" });
    expect(await service.getSecret(owner, "KEY")).toBe("new");
    expect(await checkValues()).toHaveLength(1);
  });

  it("a key that turns out to be another one fills nothing", async () => {
    await seal(OTHER_MASTER_KEY);
    intercept();
    const { service } = await start();
    isAway = false;
    await expect(service.setSecret(owner, { key: "KEY", value: "new" })).rejects.toEqual(
      expect.objectContaining({ code: "vault_unavailable", cause: expect.any(Error) }),
    );
    expect(await secrets()).toEqual([]);
  });
});

it("a process that knows its key does not ask again", async () => {
  const { service } = await start();
  let asked = 0;
  interceptDatabase(async (_method, pass, path) => {
    if (path === "/rest/v1/vault_key_check") asked += 1;
    return pass();
  });
  await service.setSecret(owner, { key: "KEY", value: "one" });
  await service.setSecret(owner, { key: "KEY", value: "two" });
  expect(asked).toBe(0);
});

it("a signing secret is renewed under a known key alone", async () => {
  await storeWebhook(encryptedBefore("x"));
  await seal(OTHER_MASTER_KEY);
  await db.service();
  const { listWebhooks, renewSigningSecret } = await import("../../lib/webhooks/store.ts");
  const [webhook] = await listWebhooks(owner);
  await expect(renewSigningSecret(owner.id, owner, webhook?.id ?? "")).rejects.toEqual(unavailable);
});

it("looks at signing secrets too, where the caller says where they are", async () => {
  await storeWebhook(encryptedBefore("x", OTHER_MASTER_KEY));
  const crypto = { encrypt: async (text: string) => encryptedBefore(text), decrypt };
  vi.stubEnv("VAULT_MASTER_KEY", TEST_MASTER_KEY);
  await expect(checkKey(db.admin, crypto, WEBHOOK_CIPHERTEXTS)).rejects.toThrow(WrongMasterKey);
  await checkKey(db.admin, crypto);
});
