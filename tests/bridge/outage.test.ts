import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Owner } from "../../lib/vault/types.ts";
import { startDatabase } from "../service/harness.ts";
import { type RemoteBackend, startRemoteBackend } from "./remote-backend.ts";

// The vault on a backend that is out of reach: what needs no value works, what needs one says so, nothing is lost,
// and nobody else's key is used instead.

const KEY = "ANTHROPIC_API_KEY";
const VALUE = "sk-ant-test-behind-the-backend";
const unavailable = expect.objectContaining({ code: "vault_unavailable", status: 503 });

let db: Awaited<ReturnType<typeof startDatabase>>;
let backend: RemoteBackend;
let service: Awaited<ReturnType<(typeof db)["service"]>>;
let user: Owner;
let team: Owner;

beforeAll(async () => {
  [db, backend] = await Promise.all([startDatabase(), startRemoteBackend()]);
});
afterAll(() => Promise.all([db.close(), backend.close()]));
beforeEach(async () => {
  backend.fault = "none";
  vi.stubEnv("VAULT_BACKEND_URL", backend.url);
  vi.stubEnv("VAULT_BACKEND_TOKEN", backend.token);
  // The swap, for this process.
  vi.doMock("../../lib/vault/crypto.ts", () => import("./crypto.ts"));
  service = await db.service({ platformKey: "sk-ant-test-platform" });
  user = { type: "user", id: await db.person() };
  team = { type: "team", id: await db.team({ [user.id]: "admin" }) };
  await service.setSecret(user, { key: KEY, value: VALUE });
  await service.setSecret(team, { key: KEY, value: "sk-ant-test-of-the-team" });
});

const stored = async () =>
  (await db.admin.from("vault_secrets").select("*").eq("owner_id", user.id).order("key").throwOnError()).data;

describe.each(["500", "timeout", "garbage", "cut"] as const)("with the backend out of reach: %s", (fault) => {
  beforeEach(() => {
    backend.fault = fault;
  });

  it("lists, explains and deletes", async () => {
    expect((await service.listSecrets(user)).map(({ key }) => key)).toEqual([KEY]);
    expect(await service.explainResolution(user.id, team.id, KEY)).toEqual(["user", "team", "env"]);
    expect(await service.setSecret(user, { key: KEY, description: "kept" })).toMatchObject({
      description: "kept",
    });
    expect(await service.deleteSecret(user, KEY)).toBe(true);
  });

  it("gives no value, and no other one", async () => {
    await expect(service.getSecret(user, KEY)).rejects.toEqual(unavailable);
    await expect(service.resolveSecretWithSource(user.id, team.id, KEY)).rejects.toEqual(
      expect.objectContaining({ code: "vault_unavailable", source: "user" }),
    );
    await expect(service.resolveSecret(user.id, team.id, KEY)).rejects.toEqual(unavailable);
  });

  it("adds no webhook, whose signing secret it could not keep", async () => {
    const { addWebhook, listWebhooks } = await import("../../lib/webhooks/store.ts");
    const settings = { url: "https://example.com/", description: "", events: ["reveal.failed" as const] };
    await expect(addWebhook(user, settings)).rejects.toEqual(unavailable);
    expect(await listWebhooks(user)).toEqual([]);
  });

  it("stores nothing, changes nothing, and goes on where it was", async () => {
    const before = await stored();
    await expect(service.setSecret(user, { key: KEY, value: "sk-ant-test-lost" })).rejects.toEqual(
      unavailable,
    );
    await expect(service.setSecret(user, { key: "NEW_KEY", value: "x" })).rejects.toEqual(unavailable);
    const { importSecrets } = await import("../../lib/vault/import.ts");
    const rows = ["A_KEY", "B_KEY"].map((key) => ({ key, value: "x", if_updated_at: null }));
    await expect(importSecrets(user, rows)).rejects.toEqual(unavailable);
    expect(await stored()).toEqual(before);
    backend.fault = "none";
    expect(await service.getSecret(user, KEY)).toBe(VALUE);
  });
});

describe("with the backend in reach", () => {
  it("a value that it cannot read is no outage: it has to be entered again", async () => {
    const other: Owner = { type: "user", id: await db.person() };
    const row = { owner_type: "user" as const, owner_id: other.id, key: KEY, encrypted_value: "m1.garbage" };
    await db.admin.from("vault_secrets").insert(row).throwOnError();
    await expect(service.getSecret(other, KEY)).rejects.toEqual(
      expect.objectContaining({ code: "secret_unreadable" }),
    );
  });

  it("the row holds what the backend made, and nothing of the value", async () => {
    const [row] = await stored();
    expect(row?.encrypted_value).toMatch(/^m1\./);
    expect(JSON.stringify(row)).not.toContain(VALUE);
  });

  it("a ciphertext of another row opens nothing", async () => {
    const other: Owner = { type: "user", id: randomUUID() };
    const { open } = await import("../../lib/vault/seal.ts");
    const [row] = await stored();
    await expect(open(other, KEY, row?.encrypted_value ?? "")).rejects.toEqual(
      expect.objectContaining({ code: "secret_unreadable" }),
    );
  });
});
