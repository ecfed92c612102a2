import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Owner } from "../../lib/vault/types.ts";
import type { NewWebhook } from "../../lib/webhooks/schema.ts";
import { startDatabase } from "../service/harness.ts";
import { startWebhookReceiver, verified, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { type RemoteBackend, startRemoteBackend } from "./remote-backend.ts";

// The vault on a backend that is out of reach: what needs no value works, what needs one says so, nothing is lost,
// and nobody else's key is used instead.

const KEY = "ANTHROPIC_API_KEY";
const VALUE = "sk-ant-test-behind-the-backend";
/** How long crypto.ts waits for an answer before it asks again. */
const ATTEMPT_MS = 2_000;
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
  const noFault = { fault: "none", faultyRequests: Number.POSITIVE_INFINITY, isDecryptOnly: false };
  Object.assign(backend, noFault);
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
    if (fault !== "timeout") return;
    // The backend never answers: how long the module waits for it changes nothing but the length of these tests. Where
    // one of the two operations is answered, it has the time that it has.
    const timeout = AbortSignal.timeout;
    const isShort = () => backend.fault === "timeout" && !backend.isDecryptOnly;
    vi.spyOn(AbortSignal, "timeout").mockImplementation((milliseconds) =>
      timeout(isShort() && milliseconds === ATTEMPT_MS ? 20 : milliseconds),
    );
  });
  afterEach(() => {
    vi.restoreAllMocks();
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

  it("records that somebody asked for a value, though they got none", async () => {
    const use = { userId: user.id, owner: user, key: KEY, action: "revealed" } as const;
    await expect(service.getSecretForUse(use)).rejects.toEqual(unavailable);
    const { data } = await db.admin
      .from("vault_events")
      .select("action")
      .eq("actor_id", user.id)
      .throwOnError();
    expect(data).toEqual([{ action: "revealed" }]);
  });

  it("adds no webhook, whose signing secret it could not keep", async () => {
    const { addWebhook, listWebhooks } = await import("../../lib/webhooks/store.ts");
    const settings = { url: "https://example.com/", description: "", events: ["reveal.failed" as const] };
    await expect(addWebhook(user.id, user, settings)).rejects.toEqual(unavailable);
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

  it("stores a value where `decrypt` alone is out of reach, and says that it was not compared", async () => {
    const [before] = await stored();
    backend.isDecryptOnly = true;
    const { importSecrets } = await import("../../lib/vault/import.ts");
    const { secret, action } = await service.storeSecret(user, { key: KEY, value: VALUE });
    expect(action).toBe("replaced_unread");
    expect(Date.parse(secret.last_rotated_at)).toBeGreaterThan(Date.parse(before?.last_rotated_at ?? ""));
    const rows = [{ key: KEY, value: VALUE, if_updated_at: secret.updated_at }];
    expect(await importSecrets(user, rows)).toMatchObject([{ action: "replaced_unread" }]);
    backend.fault = "none";
    expect(await service.getSecret(user, KEY)).toBe(VALUE);
    expect(await service.storeSecret(user, { key: KEY, value: VALUE })).toMatchObject({ action: "resaved" });
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

describe("a webhook", () => {
  const NAMES = { keys: [KEY] };
  let receiver: WebhookReceiver;
  let webhooks: typeof import("../../lib/webhooks/deliver.ts") & typeof import("../../lib/webhooks/store.ts");
  let webhook: NewWebhook;
  beforeEach(async () => {
    receiver = await startWebhookReceiver();
    await db.service({ allowPrivate: true });
    (await import("../../lib/env.ts")).env();
    webhooks = {
      ...(await import("../../lib/webhooks/deliver.ts")),
      ...(await import("../../lib/webhooks/store.ts")),
    };
    const events = ["vault.secret.created" as const];
    webhook = await webhooks.addWebhook(user.id, user, { url: receiver.url, description: "", events });
  });
  afterEach(() => receiver.close());

  const tell = (waits: number[]) =>
    webhooks.tellWebhooks({
      owner: user,
      personId: user.id,
      event: "vault.secret.created",
      data: NAMES,
      waits,
    });
  const unsent = { status: "failed", error: "vault_unavailable", response_status: null };
  const listed = async () =>
    (await (await import("../../lib/webhooks/deliveries.ts")).listDeliveries(webhook.id)).toReversed();

  it("is not sent to in an outage, and is not paused for it", async () => {
    backend.fault = "500";
    // Three times eight attempts would be more than it may fail.
    for (let count = 0; count < 8; count += 1) await tell([0, 0, 0]);
    expect(await webhooks.sendTest(user, webhook.id)).toMatchObject(unsent);
    const attempts = await listed();
    expect(attempts).toHaveLength(20);
    for (const attempt of attempts) expect(attempt).toMatchObject(unsent);
    expect(receiver.received).toEqual([]);
    expect(await webhooks.readWebhook(user, webhook.id)).toMatchObject({ failures: 0, pause_reason: null });

    backend.fault = "none";
    const last = attempts.at(-2);
    expect(await webhooks.resend(user, webhook.id, last?.id ?? "")).toMatchObject({
      status: "delivered",
      message_id: last?.message_id,
      attempt: 4,
    });
    expect(receiver.received).toHaveLength(1);
  });

  it("is tried again, and told once the backend is back", async () => {
    // For the address and for the signing secret, the call and its retry.
    Object.assign(backend, { fault: "500", faultyRequests: 4 });
    await tell([0, 0, 0]);
    expect(await listed()).toMatchObject([
      { ...unsent, attempt: 1 },
      { status: "delivered", attempt: 2 },
    ]);
    const [request] = receiver.received;
    if (!request) return expect.unreachable();
    expect(verified(webhook.secret, request)).toMatchObject({ data: NAMES });
  });
});
