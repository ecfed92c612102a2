import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Owner } from "../../lib/vault/types.ts";
import { type Progress, reseal } from "../../scripts/reseal/reseal.ts";
import { startDatabase } from "../service/harness.ts";
import { eventually } from "../support/eventually.ts";
import { OTHER_MASTER_KEY } from "../support/keys.ts";
import { encryptedBefore } from "./before-swap.ts";
import { type RemoteBackend, startRemoteBackend } from "./remote-backend.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** More than a page. */
const ROWS = 60;
/** With the check value, which the first start made before the swap. */
const ALL = ROWS + 1;

let db: Awaited<ReturnType<typeof startDatabase>>;
let backend: RemoteBackend;
let remote: typeof import("./crypto.ts");
let owner: Owner;

beforeAll(async () => {
  [db, backend] = await Promise.all([startDatabase(), startRemoteBackend()]);
});
afterAll(() => Promise.all([db.close(), backend.close()]));
beforeEach(async () => {
  Object.assign(backend, { fault: "none", faultyRequests: Number.POSITIVE_INFINITY });
  vi.stubEnv("VAULT_BACKEND_URL", backend.url);
  vi.stubEnv("VAULT_BACKEND_TOKEN", backend.token);
  await db.admin.from("vault_secrets").delete().neq("key", "").throwOnError();
  await db.admin.from("webhooks").delete().neq("address", "").throwOnError();
  await db.service();
  remote = await import("./crypto.ts");
  owner = { type: "user", id: await db.person() };
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const row = { owner_type: owner.type, owner_id: owner.id, key: `KEY_${index}` };
    const sealed = { v: 1, ...row, value: `value ${index}` };
    return { ...row, encrypted_value: encryptedBefore(JSON.stringify(sealed)) };
  });
  await db.admin.from("vault_secrets").insert(rows).throwOnError();
  await sealCheckValue(encryptedBefore("vault key check"));
});

const sealCheckValue = (encrypted_value: string) =>
  db.admin.from("vault_key_check").upsert({ id: true, encrypted_value }).throwOnError();
const checkValue = async () =>
  (await db.admin.from("vault_key_check").select("encrypted_value").single().throwOnError()).data
    .encrypted_value;

const rowsOf = async () =>
  (await db.admin.from("vault_secrets").select("*").eq("owner_id", owner.id).order("key").throwOnError())
    .data;
const forms = async () => new Set((await rowsOf()).map(({ encrypted_value }) => encrypted_value.slice(0, 3)));

interface Run {
  dryRun?: boolean;
  crypto?: typeof remote;
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}
const run = ({ dryRun = false, crypto = remote, onProgress = () => {}, signal }: Run = {}) =>
  reseal({ admin: db.admin, crypto, dryRun, onProgress, signal: signal ?? new AbortController().signal });

/** The vault's service after the swap. */
async function swapped() {
  vi.resetModules();
  vi.doMock("../../lib/vault/crypto.ts", () => import("./crypto.ts"));
  const service = await db.service();
  vi.doUnmock("../../lib/vault/crypto.ts");
  return service;
}

/** Stores a webhook of before the swap. */
async function webhookBefore() {
  const id = randomUUID();
  const sealed = { v: 1, webhook_id: id, secret: "whsec_dGVzdA==" };
  const sealedUrl = { v: 1, webhook_id: id, url: "https://example.com/" };
  const encrypted = {
    encrypted_secret: encryptedBefore(JSON.stringify(sealed)),
    encrypted_url: encryptedBefore(JSON.stringify(sealedUrl)),
  };
  const webhook = { id, user_id: owner.id, address: "https://example.com", ...encrypted };
  await db.admin.from("webhooks").insert(webhook).throwOnError();
  return { id, sealed, sealedUrl };
}

describe("resealing after the swap", () => {
  it("moves every secret, and signing secrets and addresses of webhooks, into the new form, and nothing else of it", async () => {
    const { id, sealed, sealedUrl } = await webhookBefore();
    const before = await rowsOf();

    expect(await run()).toEqual({
      total: ALL + 2,
      present: 0,
      resealed: ALL + 2,
      moved: 0,
      unreadable: [],
      left: 0,
    });
    expect(await forms()).toEqual(new Set(["m1."]));
    expect(await remote.decrypt(await checkValue())).toBe("vault key check");
    expect(await checkValue()).toMatch(/^m1\./);
    const kept = ({ encrypted_value: _, updated_at: __, ...row }: (typeof before)[number]) => row;
    expect((await rowsOf()).map(kept)).toEqual(before.map(kept));

    const service = await swapped();
    expect(await service.getSecret(owner, "KEY_7")).toBe("value 7");
    const row = await db.admin
      .from("webhooks")
      .select("encrypted_secret, encrypted_url")
      .eq("id", id)
      .single()
      .throwOnError();
    for (const [ciphertext, expected] of [
      [row.data.encrypted_secret, sealed],
      [row.data.encrypted_url, sealedUrl],
    ] as const) {
      expect(ciphertext).toMatch(/^m1\./);
      expect(JSON.parse(await remote.decrypt(ciphertext ?? ""))).toEqual(expected);
    }
  });

  it("seals addresses from before they were, and not in a dry run", async () => {
    const { id, sealedUrl } = await webhookBefore();
    const plain = { url: sealedUrl.url };
    await db.admin.from("webhooks").update(plain).eq("id", id).throwOnError();
    const stored = async () =>
      (await db.admin.from("webhooks").select("url, encrypted_url").eq("id", id).single().throwOnError())
        .data;
    await run({ dryRun: true });
    expect(await stored()).toEqual({ ...plain, encrypted_url: null });
    expect(await run()).toMatchObject({ total: ALL + 2, present: 1, resealed: ALL + 1, left: 0 });
    const { url, encrypted_url } = await stored();
    expect(url).toBeNull();
    expect(JSON.parse(await remote.decrypt(encrypted_url ?? ""))).toEqual(sealedUrl);
  });

  it("before it, the swapped vault reads what is there, and writes the new form", async () => {
    const service = await swapped();
    expect(await service.getSecret(owner, "KEY_7")).toBe("value 7");
    await service.setSecret(owner, { key: "KEY_7", value: "new" });
    expect(await forms()).toEqual(new Set(["v1.", "m1."]));
    expect(await run()).toMatchObject({ total: ALL, present: 1, resealed: ALL - 1 });
    expect(await service.getSecret(owner, "KEY_7")).toBe("new");
  });

  it("says in a dry run what it would do, and does nothing", async () => {
    const before = await rowsOf();
    expect(await run({ dryRun: true })).toEqual({
      total: ALL,
      present: 0,
      resealed: ALL,
      moved: 0,
      unreadable: [],
      left: ALL,
    });
    expect(await rowsOf()).toEqual(before);
  });

  it("has nothing to do without a swap, or the second time", async () => {
    const { encrypt, decrypt } = {
      encrypt: async (text: string) => encryptedBefore(text),
      decrypt: remote.decrypt,
    };
    const nothing = { total: ALL, present: ALL, resealed: 0, left: 0 };
    expect(await run({ crypto: { encrypt, decrypt } })).toMatchObject(nothing);
    await run();
    const before = await rowsOf();
    expect(await run()).toMatchObject(nothing);
    expect(await rowsOf()).toEqual(before);
  });

  it("can be stopped, and goes on where it was", async () => {
    const stopping = new AbortController();
    const first = await run({
      signal: stopping.signal,
      onProgress: ({ resealed }) => resealed > 10 && stopping.abort(),
    });
    expect(first.resealed).toBeGreaterThan(10);
    expect(first.resealed).toBeLessThan(ROWS);
    expect(first.left).toBe(ALL - first.resealed);
    // An instance with the old module can start until everything else is done.
    expect(await checkValue()).toMatch(/^v1\./);
    expect(await forms()).toEqual(new Set(["v1.", "m1."]));
    expect(await run()).toMatchObject({ total: ALL, resealed: ALL - first.resealed, left: 0 });
    expect(await forms()).toEqual(new Set(["m1."]));
  });

  it("ends at an outage with what is done done, and goes on afterwards", async () => {
    await expect(
      run({ onProgress: ({ resealed }) => resealed > 10 && Object.assign(backend, { fault: "500" }) }),
    ).rejects.toMatchObject({ code: "vault_backend_unavailable" });
    backend.fault = "none";
    const { total, present, resealed } = await run();
    expect(total).toBe(ALL);
    expect(present).toBeGreaterThan(10);
    expect(present + resealed).toBe(total);
    expect(await (await swapped()).getSecret(owner, `KEY_${ROWS - 1}`)).toBe(`value ${ROWS - 1}`);
  });

  it("leaves alone what somebody changed meanwhile", async () => {
    const service = await swapped();
    const meddling = {
      ...remote,
      // In the moment between reading the row and replacing it.
      decrypt: async (ciphertext: string) => {
        const plaintext = await remote.decrypt(ciphertext);
        if (plaintext.includes('"KEY_3"') && ciphertext.startsWith("v1.")) {
          await service.setSecret(owner, { key: "KEY_3", value: "by its owner" });
        }
        if (plaintext.includes('"KEY_4"') && ciphertext.startsWith("v1."))
          await service.deleteSecret(owner, "KEY_4");
        return plaintext;
      },
    };
    expect(await run({ crypto: meddling })).toMatchObject({ total: ALL, resealed: ALL - 2, moved: 2 });
    expect(await service.getSecret(owner, "KEY_3")).toBe("by its owner");
    expect(await service.getSecret(owner, "KEY_4")).toBeNull();
  });

  it("leaves a signing secret alone that somebody renewed meanwhile", async () => {
    const { id } = await webhookBefore();
    const meddling = {
      ...remote,
      decrypt: async (ciphertext: string) => {
        const plaintext = await remote.decrypt(ciphertext);
        if (plaintext.includes("whsec_") && ciphertext.startsWith("v1.")) {
          const renewed = { encrypted_secret: "m1.renewed" };
          await db.admin.from("webhooks").update(renewed).eq("id", id).throwOnError();
        }
        return plaintext;
      },
    };
    expect(await run({ crypto: meddling })).toMatchObject({ resealed: ALL + 1, moved: 1, left: 0 });
    const row = await db.admin.from("webhooks").select("encrypted_secret").eq("id", id).single();
    expect(row.data).toEqual({ encrypted_secret: "m1.renewed" });
  });

  it("says what is left, also of what an instance with the old module wrote meanwhile", async () => {
    const row = { owner_type: owner.type, owner_id: owner.id, key: "KEY_LATE" };
    const encrypted_value = encryptedBefore(JSON.stringify({ v: 1, ...row, value: "late" }));
    const late = { id: "00000000-0000-4000-8000-000000000001", ...row, encrypted_value };
    const meddling = {
      ...remote,
      // Its page has been read by then.
      decrypt: async (ciphertext: string) => {
        const plaintext = await remote.decrypt(ciphertext);
        if (plaintext.includes('"KEY_3"') && ciphertext.startsWith("v1."))
          await db.admin.from("vault_secrets").insert(late).throwOnError();
        return plaintext;
      },
    };
    const result = await run({ crypto: meddling });
    expect(result).toMatchObject({ total: ALL, resealed: ALL, left: 1 });
    expect(await run()).toMatchObject({ total: ALL + 1, resealed: 1, left: 0 });
  });

  it.each(["v1.AAAA", "m1.AAAA"])(
    "names what cannot be read, %s, leaves it, and does the rest",
    async (bad) => {
      const { id } = await webhookBefore();
      const [garbage, unsigned] = [{ encrypted_value: bad }, { encrypted_secret: bad }];
      await db.admin.from("vault_secrets").update(garbage).eq("key", "KEY_5").throwOnError();
      await db.admin.from("webhooks").update(unsigned).eq("id", id).throwOnError();
      const unreadable = [`KEY_5 of user ${owner.id}`, `the signing secret of webhook ${id}`];
      const before = await rowsOf();
      expect(await run({ dryRun: true })).toMatchObject({ resealed: ALL, unreadable, left: ALL });
      expect(await rowsOf()).toEqual(before);
      expect(await run()).toMatchObject({ total: ALL + 2, resealed: ALL, unreadable, left: 0 });
      expect((await rowsOf()).find(({ key }) => key === "KEY_5")?.encrypted_value).toBe(bad);
    },
  );

  it("with another master key changes nothing, and a dry run counts everything as unreadable", async () => {
    const before = await rowsOf();
    vi.stubEnv("VAULT_MASTER_KEY", OTHER_MASTER_KEY);
    await expect(run()).rejects.toThrow("VAULT_MASTER_KEY is not the key");
    const { unreadable, resealed } = await run({ dryRun: true });
    expect(resealed).toBe(0);
    expect(unreadable).toHaveLength(ALL);
    expect(unreadable.at(-1)).toBe("the check value of the master key");
    expect(await rowsOf()).toEqual(before);
  });

  it("ends where the key of before is missing, and calls nothing unreadable", async () => {
    const before = await rowsOf();
    vi.stubEnv("VAULT_MASTER_KEY", "");
    await expect(run()).rejects.toThrow("VAULT_MASTER_KEY");
    expect(await rowsOf()).toEqual(before);
  });

  it("replaces nothing with what does not come back", async () => {
    const before = await rowsOf();
    const broken = { ...remote, encrypt: async () => remote.encrypt("something else") };
    await expect(run({ crypto: broken })).rejects.toThrow("doesn't decrypt to the original");
    expect(await rowsOf()).toEqual(before);
  });
});

describe("npm run vault:reseal", () => {
  const command = (...args: string[]) => {
    const swap = ["--import", resolve(ROOT, "tests/bridge/swap-module.ts")];
    const child = spawn(process.execPath, [...swap, resolve(ROOT, "scripts/vault-reseal.ts"), ...args]);
    const ended = new Promise<number | null>((settle) => child.once("close", settle));
    const output = Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { child, result: output.then(([code, out, err]) => ({ code, out, err })) };
  };

  it("says in a dry run how much it would do, with an error because something is left", async () => {
    const before = await rowsOf();
    const { code, out } = await command("--dry-run").result;
    expect(out).toContain(`${ALL} of ${ALL} would be encrypted again. Nothing was changed.`);
    expect(code).toBe(1);
    expect(await rowsOf()).toEqual(before);
  });

  it("does it, and says the second time that nothing is left", async () => {
    const { code, out, err } = await command().result;
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(`✓ Encrypted ${ALL} of ${ALL} again.`);
    expect(await forms()).toEqual(new Set(["m1."]));
    for (const args of [[], ["--dry-run"]]) {
      const again = await command(...args).result;
      expect(again.out).toContain(`✓ ${ALL} of ${ALL} can be read and are in the current format.`);
      expect(again.code).toBe(0);
    }
  });

  it("ends with an error where something cannot be read, and names it", async () => {
    const garbage = { encrypted_value: "v1.AAAA" };
    await db.admin.from("vault_secrets").update(garbage).eq("key", "KEY_5").throwOnError();
    const { code, out } = await command().result;
    expect(out).toContain(`! 1 of ${ALL} can't be read:\n  KEY_5 of user ${owner.id}\n`);
    expect(out).not.toContain("Run this again");
    expect(code).toBe(1);
  });

  it("with another master key says so, and what to do; with --lost-key it becomes the database's own", async () => {
    vi.stubEnv("VAULT_MASTER_KEY", OTHER_MASTER_KEY);
    const sentence = "VAULT_MASTER_KEY is not the key that this database was encrypted with.";
    const dry = await command("--dry-run").result;
    expect(dry.out).toContain(`! ${ALL} of ${ALL} can't be read:`);
    expect(dry.out).toContain(`! ${sentence}`);
    expect(dry.code).toBe(1);
    const wrong = await command().result;
    expect(wrong.err).toContain(`✗ ${sentence}`);
    expect(wrong.code).toBe(1);

    const before = await rowsOf();
    expect(await command("--lost-key").result).toMatchObject({ code: 0, err: "" });
    expect(await rowsOf()).toEqual(before);
    expect(await remote.decrypt(await checkValue())).toBe("vault key check");
    expect(await command().result).toMatchObject({ code: 1, err: "" });
  });

  it("ends with an error in an outage", async () => {
    backend.fault = "500";
    const { code, err } = await command().result;
    expect(err).toContain("✗ The vault's backend did not answer as agreed.");
    expect(err).toContain("Fix this, then run it again.");
    expect(code).toBe(1);
  });

  it.each(["--dryrun", "dry-run"])("does nothing where it is told %s", async (argument) => {
    expect(await command(argument).result).toEqual({
      code: 2,
      out: "",
      err: "Usage: npm run vault:reseal [-- --dry-run | --lost-key]\n",
    });
    expect(await forms()).toEqual(new Set(["v1."]));
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "stops at %s, twice too, and goes on where it was",
    async (signal) => {
      Object.assign(backend, { fault: "slow", asked: 0 });
      const { child, result } = command();
      // The launcher's check, and the probe of the current format, ask as well.
      await eventually(() => expect(backend.asked).toBeGreaterThan(10));
      const stopping = new Promise((settle) => child.stdout.once("data", settle));
      child.kill(signal);
      await stopping;
      child.kill(signal);
      backend.fault = "none";
      const { code, out, err } = await result;
      expect({ code, err }).toEqual({ code: 1, err: "" });
      expect(out.match(/Stopping after the current rows/g)).toHaveLength(1);
      expect(out).toMatch(/! \d+ left\. Run this again\./);
      expect(await forms()).toEqual(new Set(["v1.", "m1."]));
      expect(await command().result).toMatchObject({ code: 0 });
      expect(await forms()).toEqual(new Set(["m1."]));
    },
  );
});
