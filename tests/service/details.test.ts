import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { setSecretBody } from "../../lib/vault/schema.ts";
import type { Owner } from "../../lib/vault/types.ts";
import { startDatabase } from "./harness.ts";

const KEY = "OPENAI_API_KEY";
const LONG = "sk-proj-EXAMPLE-not-a-real-key-WXYZ";
let db: Awaited<ReturnType<typeof startDatabase>>;
let service: Awaited<ReturnType<(typeof db)["service"]>>;
let person: string;
let owner: Owner;

beforeAll(async () => {
  db = await startDatabase();
  service = await db.service();
});
afterAll(() => db.close());
beforeEach(async () => {
  person = await db.person();
  owner = { type: "user", id: person };
});

const detailsNow = async () => (await service.getSecretMetadata(owner, KEY))?.details;

describe("the details of a value", () => {
  it("come with it: its hint, who entered it, and when it expires", async () => {
    const expires_at = "2030-01-02T03:04:05.000000Z";
    const { secret } = await service.storeSecret(owner, { key: KEY, value: LONG, expires_at }, person);
    expect(secret.details).toEqual({
      ...{ hint: "WXYZ", use_only: false, expires_at, added_by: person, last_used_at: null },
      ...{ checked_at: null, check_result: null, check_facts: null },
    });
    expect((await service.listSecrets(owner))[0]).toEqual(secret);
  });

  it.each(["short", "x".repeat(23), `${"x".repeat(30)}\n${"y".repeat(30)}`])(
    "have no hint of a short value or one of several lines: %j",
    async (value) => {
      const { details } = await service.setSecret(owner, { key: KEY, value });
      expect(details).toMatchObject({ hint: null });
    },
  );

  it("start again with a new value, and stay with everything else", async () => {
    const expires_at = "2030-01-02T03:04:05.000000Z";
    const first = await service.storeSecret(owner, { key: KEY, value: LONG, expires_at }, person);
    const described = await service.setSecret(owner, { key: KEY, description: "new" });
    expect(described.details).toEqual(first.secret.details);
    const same = await service.setSecret(owner, { key: KEY, value: LONG });
    expect(same.details).toEqual(first.secret.details);
    const replaced = await service.setSecret(owner, { key: KEY, value: `${LONG}1234` });
    expect(replaced.details).toMatchObject({ hint: "1234", expires_at: null, added_by: null });
  });

  it("change alone: a date is set and unset", async () => {
    await service.setSecret(owner, { key: KEY, value: LONG });
    await service.setSecret(owner, { key: KEY, expires_at: "2030-01-02T03:04:05Z" });
    expect(await detailsNow()).toMatchObject({ expires_at: "2030-01-02T03:04:05.000000Z", hint: "WXYZ" });
    await service.setSecret(owner, { key: KEY, expires_at: null });
    expect(await detailsNow()).toMatchObject({ expires_at: null, hint: "WXYZ" });
  });
});

describe("a use-only value", () => {
  const reveal = async () => {
    const { getSecretForUse } = service;
    return getSecretForUse({ userId: person, owner, key: KEY, action: "revealed" });
  };

  it("is used and checked, and never given to a person, not even with the same value entered again", async () => {
    await service.setSecret(owner, { key: KEY, value: LONG, use_only: true });
    const use = { userId: person, owner, key: KEY } as const;
    for (const isCopy of [true, false]) {
      const taking = service.getSecretForUse({ ...use, action: "revealed", isCopy });
      await expect(taking).rejects.toMatchObject({ code: "secret_use_only", status: 403 });
    }
    expect(await service.getSecretForUse({ ...use, action: "checked" })).toBe(LONG);
    expect(await service.resolveSecret(person, null, KEY)).toBe(LONG);
    const same = await service.setSecret(owner, { key: KEY, value: LONG, use_only: false });
    expect(same.details).toMatchObject({ use_only: true });
    await expect(reveal()).rejects.toMatchObject({ code: "secret_use_only" });
    const events = await db.admin.from("vault_events").select("action").eq("owner_id", person).throwOnError();
    expect(events.data).toEqual([{ action: "checked" }]);
  });

  it("stays use only when another value replaces it, unless that one is entered as showable", async () => {
    await service.setSecret(owner, { key: KEY, value: LONG, use_only: true });
    await service.setSecret(owner, { key: KEY, value: `${LONG}1` });
    await expect(reveal()).rejects.toMatchObject({ code: "secret_use_only" });
    await service.setSecret(owner, { key: KEY, value: `${LONG}2`, use_only: false });
    expect(await reveal()).toBe(`${LONG}2`);
  });

  it("can be made of one that is stored, and not the other way around", async () => {
    await service.setSecret(owner, { key: KEY, value: LONG });
    expect(await reveal()).toBe(LONG);
    const { details } = await service.setSecret(owner, { key: KEY, use_only: true });
    expect(details).toMatchObject({ use_only: true, hint: "WXYZ" });
    await expect(reveal()).rejects.toMatchObject({ code: "secret_use_only" });
    expect(setSecretBody.safeParse({ key: KEY, use_only: false }).error?.issues[0]?.message).toBe(
      "A use-only key can't be shown again. Enter a new value to change that.",
    );
    // Past the schema too: the statement itself keeps it.
    await service.setSecret(owner, { key: KEY, use_only: false });
    await expect(reveal()).rejects.toMatchObject({ code: "secret_use_only" });
  });

  it("is imported as such, and one that is there stays so", async () => {
    const { importSecrets } = await import("../../lib/vault/import.ts");
    const entry = (key: string, value: string, if_updated_at: string | null) => ({
      key,
      value,
      if_updated_at,
    });
    await importSecrets(owner, [entry(KEY, LONG, null)], true, person);
    await expect(reveal()).rejects.toMatchObject({ code: "secret_use_only" });
    const before = await service.getSecretMetadata(owner, KEY);
    await importSecrets(owner, [
      entry(KEY, `${LONG}1`, before?.updated_at ?? null),
      entry("OTHER", "x", null),
    ]);
    await expect(reveal()).rejects.toMatchObject({ code: "secret_use_only" });
    expect(await detailsNow()).toMatchObject({ use_only: true, hint: "XYZ1" });
  });
});
