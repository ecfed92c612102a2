import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Owner } from "../../lib/vault/types.ts";
import { failStatements, interceptDatabase, startDatabase } from "./harness.ts";

const KEY = "OPENAI_API_KEY";
let db: Awaited<ReturnType<typeof startDatabase>>;
let service: Awaited<ReturnType<(typeof db)["service"]>>;
let owner: Owner;

beforeAll(async () => {
  db = await startDatabase();
  service = await db.service();
});
afterAll(() => db.close());
beforeEach(async () => {
  owner = { type: "user", id: await db.person() };
});

describe("deleteSecret with a state", () => {
  it("deletes only what the editor saw", async () => {
    const seen = await service.setSecret(owner, { key: KEY, value: "sk-test-1" });
    const changed = await service.setSecret(owner, { key: KEY, value: "sk-test-2" });
    const late = service.deleteSecret(owner, KEY, seen.updated_at);
    await expect(late).rejects.toMatchObject({ code: "secret_changed" });
    expect(await service.getSecret(owner, KEY)).toBe("sk-test-2");
    expect(await service.deleteSecret(owner, KEY, changed.updated_at)).toBe(true);
    expect(await service.deleteSecret(owner, KEY, changed.updated_at)).toBe(false);
  });

  it("leaves a secret that was deleted and added again since", async () => {
    const seen = await service.setSecret(owner, { key: KEY, value: "sk-test-1" });
    await service.deleteSecret(owner, KEY);
    await service.setSecret(owner, { key: KEY, value: "sk-test-1" });
    const late = service.deleteSecret(owner, KEY, seen.updated_at);
    await expect(late).rejects.toMatchObject({ code: "secret_changed" });
    expect(await service.getSecret(owner, KEY)).toBe("sk-test-1");
  });

  it("has the database compare the state, so that of a delete and a save one is refused", async () => {
    for (let round = 0; round < 10; round++) {
      const { updated_at } = await service.setSecret(owner, { key: KEY, value: "sk-test-1" });
      const [saved, deleted] = await Promise.allSettled([
        service.setSecret(owner, { key: KEY, value: "sk-test-2", if_updated_at: updated_at }),
        service.deleteSecret(owner, KEY, updated_at),
      ]);
      expect([saved, deleted].filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const left = await service.getSecret(owner, KEY);
      expect(left).toBe(saved.status === "fulfilled" ? "sk-test-2" : null);
    }
  });
});

describe("setSecret", () => {
  it("creates with the catalogue's category, and keeps what is not given on a change", async () => {
    const created = await service.setSecret(owner, { key: KEY, value: "sk-test-1", description: "mine" });
    expect(created).toMatchObject({ key: KEY, category: "LLM", description: "mine", owner_id: owner.id });
    expect(created.created_at).toBe(created.updated_at);
    const changed = await service.setSecret(owner, { key: KEY, value: "sk-test-2" });
    expect(changed).toMatchObject({ id: created.id, category: "LLM", description: "mine" });
    expect(changed.updated_at > created.updated_at).toBe(true);
    expect(await service.getSecret(owner, KEY)).toBe("sk-test-2");
  });

  it("gives an unknown key the category General", async () => {
    expect(await service.setSecret(owner, { key: "MY_KEY", value: "x" })).toMatchObject({
      category: "General",
    });
  });

  it("never returns a value or a ciphertext", async () => {
    const secret = await service.setSecret(owner, { key: KEY, value: "sk-test-value" });
    expect(Object.keys(secret).sort()).toEqual([
      "category",
      "created_at",
      "description",
      "details",
      "id",
      "key",
      "last_rotated_at",
      "owner_id",
      "owner_type",
      "updated_at",
    ]);
  });

  it("moves last_rotated_at with the value and only then", async () => {
    const created = await service.setSecret(owner, { key: KEY, value: "sk-test-1" });
    const described = await service.setSecret(owner, { key: KEY, description: "new", category: "Email" });
    expect(described).toMatchObject({ description: "new", category: "Email" });
    expect(described.last_rotated_at).toBe(created.last_rotated_at);
    const rotated = await service.setSecret(owner, { key: KEY, value: "sk-test-2" });
    expect(rotated.last_rotated_at > created.last_rotated_at).toBe(true);
  });

  it("does not create a secret without a value", async () => {
    const attempt = service.setSecret(owner, { key: KEY, description: "only words" });
    await expect(attempt).rejects.toMatchObject({ code: "secret_not_found" });
    expect(await service.listSecrets(owner)).toEqual([]);
  });

  it("applies to the state that the editor saw, or not at all", async () => {
    const seen = await service.setSecret(owner, { key: KEY, value: "sk-test-1" });
    await service.setSecret(owner, { key: KEY, description: "by somebody else" });
    const late = { key: KEY, value: "sk-test-2", if_updated_at: seen.updated_at };
    await expect(service.setSecret(owner, late)).rejects.toMatchObject({ code: "secret_changed" });
    expect(await service.getSecret(owner, KEY)).toBe("sk-test-1");
    await service.deleteSecret(owner, KEY);
    await expect(service.setSecret(owner, late)).rejects.toMatchObject({ code: "secret_not_found" });
    expect(await service.getSecret(owner, KEY)).toBeNull();
  });

  it("creates only where there is none yet, if told so", async () => {
    const fresh = { key: KEY, value: "sk-test-1", if_updated_at: null };
    await service.setSecret(owner, fresh);
    const late = service.setSecret(owner, { ...fresh, value: "sk-test-2" });
    await expect(late).rejects.toMatchObject({ code: "secret_changed" });
    expect(await service.getSecret(owner, KEY)).toBe("sk-test-1");
  });

  it("of ten editors who saw the same state, lets exactly one through", async () => {
    const { updated_at } = await service.setSecret(owner, { key: KEY, value: "sk-test" });
    const edits = Array.from({ length: 10 }, (_, index) =>
      service.setSecret(owner, { key: KEY, value: `sk-test-${index}`, if_updated_at: updated_at }),
    );
    const results = await Promise.allSettled(edits);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("of ten that create the same key at once, leaves one row with one of their values", async () => {
    const values = Array.from({ length: 10 }, (_, index) => `sk-test-${index}`);
    await Promise.all(values.map((value) => service.setSecret(owner, { key: KEY, value })));
    expect(await service.listSecrets(owner)).toHaveLength(1);
    expect(values).toContain(await service.getSecret(owner, KEY));
  });

  it("stops at 200 secrets, in parallel too, and still lets the existing ones change", async () => {
    const rows = Array.from({ length: 195 }, (_, index) => ({
      owner_type: owner.type,
      owner_id: owner.id,
      key: `KEY_${index}`,
      encrypted_value: "v1.x",
    }));
    await db.admin.from("vault_secrets").insert(rows).throwOnError();
    const more = Array.from({ length: 10 }, (_, index) =>
      service.setSecret(owner, { key: `MORE_${index}`, value: "x" }),
    );
    const refused = (await Promise.allSettled(more)).filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(5);
    for (const result of refused) expect(result).toMatchObject({ reason: { code: "secret_limit" } });
    expect(await service.listSecrets(owner)).toHaveLength(200);
    await service.setSecret(owner, { key: "KEY_0", value: "still works" });
    expect(await service.getSecret(owner, "KEY_0")).toBe("still works");
  });
});

describe("where the database fails at one statement", () => {
  const unavailable = { code: "vault_unavailable", cause: { code: "57014" } };
  it("a change that was not made is an error, and no reason to add a secret", async () => {
    for (const failing of ["GET", "POST"]) {
      const before = await service.setSecret(owner, { key: KEY, value: "old" });
      failStatements(failing);
      await expect(service.setSecret(owner, { key: KEY, value: "x" })).rejects.toMatchObject(unavailable);
      vi.unstubAllGlobals();
      expect(await service.listSecrets(owner)).toEqual([before]);
    }
  });

  it("a secret that was not added is an error", async () => {
    failStatements("POST");
    await expect(service.setSecret(owner, { key: KEY, value: "x" })).rejects.toMatchObject(unavailable);
  });

  it("what cannot be looked up is not taken for missing", async () => {
    await service.setSecret(owner, { key: KEY, value: "x" });
    failStatements("GET");
    await expect(service.getSecret(owner, KEY)).rejects.toMatchObject(unavailable);
    await expect(service.getSecretMetadata(owner, KEY)).rejects.toMatchObject(unavailable);
    await expect(service.listSecrets(owner)).rejects.toMatchObject(unavailable);
  });

  it("a secret that was not deleted is an error", async () => {
    failStatements("DELETE");
    await expect(service.deleteSecret(owner, KEY)).rejects.toMatchObject(unavailable);
  });
});

describe("reading and deleting", () => {
  it("has the database send a ciphertext only where it is to be opened", async () => {
    const replies: string[] = [];
    interceptDatabase(async (_, pass) => {
      const reply = await pass();
      replies.push(await reply.clone().text());
      return reply;
    });
    await service.setSecret(owner, { key: KEY, value: "y" });
    await service.setSecret(owner, { key: KEY, description: "mine" });
    await service.getSecretMetadata(owner, KEY);
    await service.listSecrets(owner);
    const unopened = replies.splice(0).join("");
    await service.getSecret(owner, KEY);
    const opened = replies.splice(0);
    await service.deleteSecret(owner, KEY);
    const deleted = replies.splice(0).join("");
    const [{ encrypted_value: ciphertext }] = JSON.parse(opened.join(""));
    expect(opened).toEqual([JSON.stringify([{ encrypted_value: ciphertext }])]);
    const { decrypt } = await import("../../lib/vault/crypto.ts");
    expect(JSON.parse(await decrypt(ciphertext))).toMatchObject({ key: KEY, value: "y" });
    // Its version, such as "v1.", whatever stands in the place of encrypt().
    const version = ciphertext.slice(0, 3);
    expect(unopened).toContain(KEY);
    for (const reply of [unopened, deleted]) expect(reply).not.toContain(version);
  });

  it("lists by key, of this owner only, and keeps owners of the same id apart by their type", async () => {
    const team: Owner = { type: "team", id: owner.id };
    await db.admin.from("teams").insert({ id: team.id, name: "Twin" }).throwOnError();
    await service.setSecret(owner, { key: "B_KEY", value: "b" });
    await service.setSecret(owner, { key: "A_KEY", value: "a" });
    await service.setSecret(team, { key: "A_KEY", value: "the team's" });
    expect((await service.listSecrets(owner)).map(({ key }) => key)).toEqual(["A_KEY", "B_KEY"]);
    expect(await service.getSecret(owner, "A_KEY")).toBe("a");
    expect(await service.getSecret(team, "A_KEY")).toBe("the team's");
    expect(await service.deleteSecret(team, "A_KEY")).toBe(true);
    expect(await service.deleteSecret(team, "A_KEY")).toBe(false);
    expect(await service.getSecret(owner, "A_KEY")).toBe("a");
  });

  it("is not possible for an owner that is gone", async () => {
    for (const type of ["user", "team"] as const) {
      const gone: Owner = { type, id: crypto.randomUUID() };
      await expect(service.setSecret(gone, { key: "A_KEY", value: "a" })).rejects.toMatchObject({
        code: "vault_unavailable",
      });
      expect(await service.listSecrets(gone)).toEqual([]);
    }
  });

  it("keeps multi-line and multi-byte values as they are", async () => {
    const value = '{\n\t"key": "–––鍵–––"\r\n}';
    await service.setSecret(owner, { key: "MULTI_LINE", value });
    expect(await service.getSecret(owner, "MULTI_LINE")).toBe(value);
  });

  it("returns null for what is not there", async () => {
    expect(await service.getSecret(owner, "NOT_THERE")).toBeNull();
    expect(await service.getSecretMetadata(owner, "NOT_THERE")).toBeNull();
  });

  it("gives times as ISO 8601 that every browser reads", async () => {
    const secret = await service.setSecret(owner, { key: KEY, value: "x" });
    for (const time of [secret.created_at, secret.updated_at, secret.last_rotated_at]) {
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?([+-]\d\d:\d\d|Z)$/);
    }
  });

  it("refuses owners and keys that could be more than themselves in a filter", async () => {
    const bad: [Owner, string][] = [
      [{ type: "user", id: "x" }, KEY],
      [{ type: "user", id: owner.id.toUpperCase() }, KEY],
      [{ type: "user", id: `${owner.id},key.neq.x` }, KEY],
      [owner, "KEY,owner_id.neq.x"],
      [owner, "key"],
      [owner, ""],
    ];
    for (const [badOwner, key] of bad) {
      await expect(service.getSecret(badOwner, key)).rejects.toThrow(TypeError);
      await expect(service.deleteSecret(badOwner, key)).rejects.toThrow(TypeError);
      await expect(service.resolveSecret(badOwner.id, null, key)).rejects.toThrow(TypeError);
    }
  });
});
