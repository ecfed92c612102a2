import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ImportedSecret, SetSecretInput } from "../../lib/vault/schema.ts";
import type { Owner, SecretMetadata } from "../../lib/vault/types.ts";
import { eventually } from "../support/eventually.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { interceptDatabase, signInAs, startDatabase } from "./harness.ts";

// Storing the value that is stored already is no rotation, and what a write has done is known exactly.

const KEY = "OPENAI_API_KEY";
const OLD = "sk-test-old";

let db: Awaited<ReturnType<typeof startDatabase>>;
let service: Awaited<ReturnType<(typeof db)["service"]>>;
let importSecrets: typeof import("../../lib/vault/import.ts")["importSecrets"];
let person: string;
let owner: Owner;
let before: SecretMetadata;

beforeAll(async () => {
  db = await startDatabase();
  service = await db.service({ allowPrivate: true });
  ({ importSecrets } = await import("../../lib/vault/import.ts"));
});
afterAll(() => db.close());
beforeEach(async () => {
  person = await db.person();
  owner = { type: "user", id: person };
  before = await service.setSecret(owner, { key: KEY, value: OLD, description: "mine" });
});

const ciphertextOf = async (of = owner, key = KEY) => {
  const row = db.admin.from("vault_secrets").select("encrypted_value").eq("owner_type", of.type);
  return (await row.eq("owner_id", of.id).eq("key", key).single().throwOnError()).data.encrypted_value;
};
const writeCiphertext = (encrypted_value: string) =>
  db.admin.from("vault_secrets").update({ encrypted_value }).eq("id", before.id).throwOnError();
const refuse = () => db.admin.from("refused_keys").insert({ secret_id: before.id }).throwOnError();
const isRefused = async () =>
  (await db.admin.from("refused_keys").select("secret_id").eq("secret_id", before.id).throwOnError()).data
    .length === 1;

/** The two ways in which a value is stored over another, as one: without `state`, a set has no condition. */
const WAYS = {
  set: (input: Omit<SetSecretInput, "key" | "if_updated_at">, state?: string) =>
    service.storeSecret(owner, { key: KEY, ...input, if_updated_at: state }),
  import: async (input: Partial<ImportedSecret>, state?: string) => {
    const if_updated_at = state ?? (await service.getSecretMetadata(owner, KEY))?.updated_at ?? null;
    const [stored] = await importSecrets(owner, [{ key: KEY, value: "", ...input, if_updated_at }]);
    if (!stored) throw new Error("nothing stored");
    return stored;
  },
};

describe.each(["set", "import"] as const)("the value that is stored already (%s)", (way) => {
  const store = WAYS[way];

  it("is no rotation, and changes nothing", async () => {
    await refuse();
    const ciphertext = await ciphertextOf();
    for (const state of [undefined, before.updated_at]) {
      expect(await store({ value: OLD }, state)).toEqual({ secret: before, action: "resaved" });
      const same = { value: OLD, description: "mine", category: "LLM" } as const;
      expect(await store(same, state)).toEqual({ secret: before, action: "resaved" });
    }
    expect(await ciphertextOf()).toBe(ciphertext);
    expect(await isRefused()).toBe(true);
  });

  it("lets its description and category change alone", async () => {
    await refuse();
    const ciphertext = await ciphertextOf();
    const { secret, action } = await store({ value: OLD, description: "new", category: "Email" });
    expect(action).toBe("resaved");
    const { updated_at } = secret;
    expect(secret).toEqual({ ...before, description: "new", category: "Email", updated_at });
    expect(updated_at > before.updated_at).toBe(true);
    expect(await ciphertextOf()).toBe(ciphertext);
    expect(await isRefused()).toBe(true);
  });

  it("is refused in a state that is over", async () => {
    await service.setSecret(owner, { key: KEY, description: "theirs" });
    const late = store({ value: OLD }, before.updated_at);
    await expect(late).rejects.toMatchObject({ code: "secret_changed" });
  });

  // Regression: a state that was right to the millisecond let values be tried without replacing the one that is stored.
  it("is refused like any other in a state that is almost the present one", async () => {
    const almost = before.updated_at.replace(/.Z$/, (end) => (end === "0Z" ? "1Z" : "0Z"));
    for (const value of [OLD, "another"]) {
      await expect(store({ value }, almost)).rejects.toMatchObject({ code: "secret_changed" });
    }
    expect(await service.getSecretMetadata(owner, KEY)).toEqual(before);
  });

  it("is refused like any other where somebody changes the secret in that moment", async () => {
    for (const value of [OLD, "another"]) {
      const { updated_at } = (await service.getSecretMetadata(owner, KEY)) ?? before;
      afterRead(() => describeAs(`changed before ${value}`));
      await expect(store({ value }, updated_at)).rejects.toMatchObject({ code: "secret_changed" });
      vi.unstubAllGlobals();
    }
    expect(await service.getSecret(owner, KEY)).toBe(OLD);
  });
});

describe.each(["set", "import"] as const)("another value (%s)", (way) => {
  const store = WAYS[way];

  it.each([
    ["another one", "sk-test-new"],
    ["one that goes on at its end", `${OLD} `],
    ["the beginning of it", OLD.slice(0, -1)],
    ["one in capitals", OLD.toUpperCase()],
  ])("is a rotation: %s", async (_, value) => {
    await refuse();
    const { secret, action } = await store({ value });
    expect(action).toBe("replaced");
    expect(secret).toMatchObject({ id: before.id, description: "mine", created_at: before.created_at });
    expect(secret.last_rotated_at > before.last_rotated_at).toBe(true);
    expect(await isRefused()).toBe(false);
    expect(await service.getSecret(owner, KEY)).toBe(value);
  });

  it("is one that looks the same in another normalization of Unicode", async () => {
    const composed = "pass-\u00e9-not-real";
    await service.setSecret(owner, { key: KEY, value: composed });
    expect(await store({ value: composed })).toMatchObject({ action: "resaved" });
    const decomposed = composed.normalize("NFD");
    expect(await store({ value: decomposed })).toMatchObject({ action: "replaced" });
    expect(await service.getSecret(owner, KEY)).toBe(decomposed);
  });
});

describe.each(["set", "import"] as const)(
  "what cannot be compared is said to be that, and stored (%s)",
  (way) => {
    const store = WAYS[way];

    const expectUnread = async () => {
      await refuse();
      const { secret, action } = await store({ value: OLD });
      expect(action).toBe("replaced_unread");
      expect(secret.last_rotated_at > before.last_rotated_at).toBe(true);
      expect(await isRefused()).toBe(false);
      expect(await service.getSecret(owner, KEY)).toBe(OLD);
    };

    it("a ciphertext that is damaged", async () => {
      await writeCiphertext("v1.x");
      await expectUnread();
    });

    it("a ciphertext of another owner's row, even of the same value", async () => {
      const other: Owner = { type: "user", id: await db.person() };
      await service.setSecret(other, { key: KEY, value: OLD });
      await writeCiphertext(await ciphertextOf(other));
      await expectUnread();
    });

    it("a ciphertext of another key of the same owner", async () => {
      await service.setSecret(owner, { key: "OTHER_KEY", value: OLD });
      await writeCiphertext(await ciphertextOf(owner, "OTHER_KEY"));
      await expectUnread();
    });
  },
);

/** Does something once, between the next reading of a row and what follows. */
function afterRead(work: () => Promise<unknown>): void {
  let isDone = false;
  interceptDatabase(async (method, pass, path) => {
    const reply = await pass();
    if (isDone || method !== "GET" || !path.endsWith("/vault_secrets")) return reply;
    isDone = true;
    await work();
    return reply;
  });
}
const describeAs = (description: string) => service.setSecret(owner, { key: KEY, description });

describe("without a condition, what somebody does in between", () => {
  it.each([
    [
      "another value",
      () => service.setSecret(owner, { key: KEY, value: "sk-test-theirs" }),
      "replaced_unread",
    ],
    ["a description", () => describeAs("theirs"), "replaced_unread"],
    ["a deletion", () => service.deleteSecret(owner, KEY), "created"],
  ])("makes no lost write a resaved one: %s", async (_, between, action) => {
    for (const input of [{ value: OLD }, { value: OLD, description: "new" }]) {
      await service.deleteSecret(owner, KEY);
      before = await service.setSecret(owner, { key: KEY, value: OLD });
      afterRead(between);
      const stored = await service.storeSecret(owner, { key: KEY, ...input });
      vi.unstubAllGlobals();
      expect(stored.action).toBe(action);
      expect(stored.secret.last_rotated_at > before.last_rotated_at).toBe(true);
      expect(await service.getSecretMetadata(owner, KEY)).toEqual(stored.secret);
      expect(await service.getSecret(owner, KEY)).toBe(OLD);
    }
  });

  it("makes a creation a replacement", async () => {
    await service.deleteSecret(owner, KEY);
    afterRead(() => service.setSecret(owner, { key: KEY, value: OLD }));
    expect(await service.storeSecret(owner, { key: KEY, value: OLD })).toMatchObject({
      action: "replaced_unread",
    });
  });

  it("and of two writers, one with the same value, leaves what one of them asked for", async () => {
    for (let round = 0; round < 20; round += 1) {
      const seen = await service.setSecret(owner, { key: KEY, value: OLD });
      const [same, other] = await Promise.all([
        service.storeSecret(owner, { key: KEY, value: OLD, description: "by the first" }),
        service.storeSecret(owner, { key: KEY, value: `other ${round}`, description: "by the second" }),
      ]);
      const left = await service.getSecretMetadata(owner, KEY);
      const value = await service.getSecret(owner, KEY);
      const last = left?.updated_at === same.secret.updated_at ? same : other;
      expect(left).toEqual(last.secret);
      expect(value).toBe(last === same ? OLD : `other ${round}`);
      // The first one either came before the second, and changed no value, or put it back.
      if (same.action === "resaved") expect(same.secret.last_rotated_at).toBe(seen.last_rotated_at);
      else expect(same.secret.last_rotated_at > seen.last_rotated_at).toBe(true);
      if (last === same) expect(same.action).not.toBe("resaved");
    }
  });
});

describe("a write with a condition", () => {
  it("creates with one statement, and says so", async () => {
    const asked: string[] = [];
    interceptDatabase((method, pass, path) => {
      asked.push(`${method} ${path.replace("/rest/v1/", "")}`);
      return pass();
    });
    const fresh = { key: "NEW_KEY", value: "x", if_updated_at: null };
    expect(await service.storeSecret(owner, fresh)).toMatchObject({ action: "created" });
    expect(asked).toEqual(["POST rpc/store_secrets"]);
  });

  it("finds nothing where there is none", async () => {
    await service.deleteSecret(owner, KEY);
    const late = { key: KEY, value: OLD, if_updated_at: before.updated_at };
    await expect(service.storeSecret(owner, late)).rejects.toMatchObject({ code: "secret_not_found" });
  });

  it("for a new secret is refused where there is one, whatever its value", async () => {
    for (const value of [OLD, "another"]) {
      const late = service.storeSecret(owner, { key: KEY, value, if_updated_at: null });
      await expect(late).rejects.toMatchObject({ code: "secret_changed" });
    }
    expect(await service.getSecretMetadata(owner, KEY)).toEqual(before);
  });

  it("without a value is about the metadata", async () => {
    const input = { key: KEY, description: "new", if_updated_at: before.updated_at };
    expect(await service.storeSecret(owner, input)).toMatchObject({
      action: "metadata",
      secret: { last_rotated_at: before.last_rotated_at, description: "new" },
    });
  });
});

describe("an import of many", () => {
  it("says of each what was done, and keeps the values that are the same", async () => {
    const changed = await service.setSecret(owner, { key: "CHANGED", value: "old" });
    const damaged = await service.setSecret(owner, { key: "DAMAGED", value: "old" });
    const { data } = await db.admin
      .from("vault_secrets")
      .update({ encrypted_value: "v1.x" })
      .eq("id", damaged.id)
      .select("updated_at")
      .single()
      .throwOnError();
    const stored = await importSecrets(owner, [
      { key: "NEW", value: "x", if_updated_at: null },
      { key: KEY, value: OLD, if_updated_at: before.updated_at },
      { key: "CHANGED", value: "new", if_updated_at: changed.updated_at },
      { key: "DAMAGED", value: "old", if_updated_at: data.updated_at },
    ]);
    expect(stored.map(({ secret, action }) => [secret.key, action])).toEqual([
      ["CHANGED", "replaced"],
      ["DAMAGED", "replaced_unread"],
      ["NEW", "created"],
      [KEY, "resaved"],
    ]);
    expect(stored.map(({ secret }) => secret)).toEqual(await service.listSecrets(owner));
    const same = stored.at(-1)?.secret;
    expect(same).toEqual({ ...before, updated_at: same?.updated_at });
    const values = ["NEW", KEY, "CHANGED", "DAMAGED"].map((key) => service.getSecret(owner, key));
    expect(await Promise.all(values)).toEqual(["x", OLD, "new", "old"]);
  });

  it("stores nothing where one that would stay as it is changes in that moment", async () => {
    afterRead(() => describeAs("theirs"));
    const attempt = importSecrets(owner, [
      { key: KEY, value: OLD, if_updated_at: before.updated_at },
      { key: "NEW", value: "x", if_updated_at: null },
    ]);
    await expect(attempt).rejects.toMatchObject({ code: "secret_changed" });
    vi.unstubAllGlobals();
    expect((await service.listSecrets(owner)).map(({ key }) => key)).toEqual([KEY]);
  });

  it("is refused where one is deleted in that moment", async () => {
    afterRead(() => service.deleteSecret(owner, KEY));
    const input: ImportedSecret = {
      key: KEY,
      value: OLD,
      description: "new",
      if_updated_at: before.updated_at,
    };
    await expect(importSecrets(owner, [input])).rejects.toMatchObject({ code: "secret_changed" });
    expect(await service.getSecret(owner, KEY)).toBe(null);
  });
});

describe("a webhook", () => {
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    receiver = await startWebhookReceiver();
  });
  afterAll(() => receiver.close());

  it("hears of what was created, replaced or deleted, and of nothing that stayed", async () => {
    signInAs(() => person);
    const { addWebhook } = await import("../../lib/webhooks/store.ts");
    const events = ["created", "rotated", "deleted"].map((what) => `vault.secret.${what}` as never);
    await addWebhook(person, owner, { url: receiver.url, description: "", events });
    const { POST, DELETE } = await import("../../app/api/vault/route.ts");
    const importing = await import("../../app/api/vault/import/route.ts");
    const request = (path: string, body: object) =>
      new Request(`http://localhost:3000/api/vault${path}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Cookie: "any", "Sec-Fetch-Site": "same-origin" },
        body: JSON.stringify(body),
      });
    const set = (body: object) => POST(request("", body));
    expect((await set({ key: KEY, value: OLD })).status).toBe(200);
    expect((await set({ key: KEY, value: OLD, description: "new" })).status).toBe(200);
    expect((await set({ key: KEY, description: "newer" })).status).toBe(200);
    const { updated_at } = (await service.getSecretMetadata(owner, KEY)) ?? before;
    const secrets = [
      { key: KEY, value: OLD, description: "newest", if_updated_at: updated_at },
      { key: "NEW", value: "x", if_updated_at: null },
    ];
    expect((await importing.POST(request("/import", { secrets }))).status).toBe(200);
    expect((await set({ key: KEY, value: "sk-test-other" })).status).toBe(200);
    await writeCiphertext("v1.x");
    expect((await set({ key: KEY, value: "sk-test-other" })).status).toBe(200);
    const gone = new Request(`http://localhost:3000/api/vault?key=${KEY}`, { method: "DELETE" });
    expect((await DELETE(gone)).status).toBe(204);
    await eventually(() => expect(receiver.received).toHaveLength(4));
    const told = receiver.received.map(({ body }) => JSON.parse(body));
    expect(told.map(({ type, data }) => `${type} ${data.keys}`).sort()).toEqual([
      "vault.secret.created NEW",
      `vault.secret.deleted ${KEY}`,
      `vault.secret.rotated ${KEY}`,
      `vault.secret.rotated ${KEY}`,
    ]);
  });
});
