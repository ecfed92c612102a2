import { randomUUID } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type * as VaultHost from "../../lib/vault/host.ts";
import type { Problem } from "../../lib/vault/http/problem.ts";
import type { Candidates, SecretCheck, TeamRole } from "../../lib/vault/types.ts";
import type { FeatureCall } from "../../lib/vault-usage/with-key.ts";
import { type Embedded, startEmbedded } from "../../scripts/embedded/server.ts";
import { copyCluster } from "../support/cluster.ts";
import { eventually } from "../support/eventually.ts";
import { TEST_MASTER_KEY, TEST_SECRET_KEY } from "../support/keys.ts";
import { optionsFor } from "./template.ts";

// withKey as an app has it that took in `vault` and `vault-usage`: with registry/usage-host.ts, on a database that has only
// their migrations, behind the same API as in production. The app's own part is the host of the vault, here.

const KEY = "ANTHROPIC_API_KEY";
const PLATFORM = "sk-ant-test-platform-not-real";
/** By the list price, the longest answer of a call costs 1 cent, and its 100 unknown tokens hardly anything. */
const CALL = { feature: "summaries", key: KEY, model: "claude-sonnet-5-5", text: "", maxOutput: 1_000 };

const app = vi.hoisted(() => ({
  url: "",
  roles: new Map<string, TeamRole>(),
  checks: [] as SecretCheck[],
}));
const admin = () => createClient(app.url, TEST_SECRET_KEY, { auth: { persistSession: false } });

vi.mock("../../lib/vault/host", async () => {
  const roleOf = async (userId: string, teamId: string) => app.roles.get(`${userId} ${teamId}`) ?? null;
  const host: Partial<Record<keyof typeof VaultHost, unknown>> = {
    adminClient: admin,
    settings: () => ({ siteOrigin: app.url, platformKeys: new Map([[KEY, PLATFORM]]) }),
    getTeamRole: roleOf,
    async readCandidates(userId: string, teamId: string, key: string): Promise<Candidates> {
      const { readCiphertext } = await import("../../lib/vault/store.ts");
      const role = await roleOf(userId, teamId);
      const team = await readCiphertext({ type: "team", id: teamId }, key);
      return { user: await readCiphertext({ type: "user", id: userId }, key), team: role && team };
    },
    afterCheck: async (check: SecretCheck) => void app.checks.push(check),
  };
  return host;
});
vi.mock("../../lib/vault-usage/host", () => import("../../registry/usage-host.ts"));

const folder = mkdtempSync(join(tmpdir(), "vault-usage-"));
let supabase: Embedded;
let user: string;
let team: string;

beforeAll(async () => {
  const migrationsDir = join(folder, "migrations");
  mkdirSync(migrationsDir);
  for (const file of readdirSync("supabase/migrations")) {
    if (/_(vault_secrets|vault_check|secret_details)\.sql$/.test(file))
      copyFileSync(join("supabase/migrations", file), join(migrationsDir, file));
  }
  copyFileSync("registry/vault_usage.sql", join(migrationsDir, "20260407000000_vault_usage.sql"));
  await copyCluster(join(folder, "data"));
  supabase = await startEmbedded({ ...optionsFor(join(folder, "data")), migrationsDir });
  app.url = supabase.url;
  vi.stubEnv("VAULT_MASTER_KEY", TEST_MASTER_KEY);
});
afterAll(async () => {
  await supabase.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  vi.stubEnv("PLATFORM_DAILY_USD", undefined);
  vi.stubEnv("PLATFORM_DAILY_CALLS", undefined);
  app.checks.length = 0;
  // What was spent before this test was spent on another day.
  await admin().from("vault_usage").update({ created_at: "2026-01-01" }).neq("feature", "").throwOnError();
  const { data, error } = await createClient(app.url, optionsFor("").publishableKey).auth.signUp({
    email: `${randomUUID()}@example.com`,
    password: "a-long-test-password",
  });
  if (error || !data.user) throw error;
  user = data.user.id;
  team = randomUUID();
  app.roles.set(`${user} ${team}`, "member");
});

const { withKey } = await import("../../lib/vault-usage/with-key.ts");
const { readUsage } = await import("../../registry/usage-report.ts");

/** Has the person or the team hold a key. */
async function hold(type: "user" | "team", value: string, key = KEY): Promise<void> {
  const { setSecret } = await import("../../lib/vault/service.ts");
  await setSecret({ type, id: type === "user" ? user : team }, { key, value });
}

/** What the database has of today's calls of this person and this team. */
async function entries() {
  const { data } = await admin()
    .from("vault_usage")
    .select()
    .or(`user_id.eq.${user},team_id.eq.${team}`)
    .gte("created_at", "2026-02-01")
    .order("created_at")
    .throwOnError();
  return data;
}

/** A call whose provider answers with so many tokens; returns the value that it was made with. */
const call = (use: Partial<FeatureCall> = {}, output = 10) =>
  withKey({ ...CALL, userId: user, ...use }, (value, meter) => {
    meter.take({
      model: use.model ?? CALL.model,
      usage: { input_tokens: 5, output_tokens: output },
      stop_reason: "end_turn",
    });
    return value;
  });

/** What such a call was refused with; nothing was called then. */
async function refusal(use: Partial<FeatureCall> = {}) {
  let isCalled = false;
  const error = await withKey({ ...CALL, userId: user, ...use }, () => {
    isCalled = true;
  }).catch((error) => error);
  expect(isCalled).toBe(false);
  return error;
}

describe("withKey in another app", () => {
  it("uses the person's key, else the team's, else the platform's, and enters each call", async () => {
    expect(await call({ teamId: team })).toBe(PLATFORM);
    await hold("team", "sk-ant-test-team-not-real");
    expect(await call({ teamId: team })).toBe("sk-ant-test-team-not-real");
    expect(await call()).toBe(PLATFORM);
    await hold("user", "sk-ant-test-own-not-real");
    expect(await call({ teamId: team })).toBe("sk-ant-test-own-not-real");
    expect(await call({ teamId: team, only: "team" })).toBe("sk-ant-test-team-not-real");
    const common = { user_id: user, feature: "summaries", key: KEY, status: "completed", output_tokens: 10 };
    expect(await entries()).toMatchObject([
      { ...common, source: "env", team_id: team, cost_usd: 0.00011, is_counted: true },
      { ...common, source: "team", team_id: team },
      { ...common, source: "env", team_id: null },
      { ...common, source: "user", team_id: team },
      { ...common, source: "team", team_id: team },
    ]);
  });

  it("refuses people without a key before anything is called", async () => {
    const problem = await refusal({ key: "OPENAI_API_KEY" });
    expect(problem).toMatchObject({ code: "no_key", status: 422 });
    expect(problem.message).toContain("Add OPENAI_API_KEY to your vault");
    expect(await refusal({ only: "user" })).toMatchObject({ code: "no_key" });
    expect(await entries()).toEqual([]);
  });

  it("lets nobody else pay for a key that can't be read", async () => {
    await hold("user", "sk-ant-test-own-not-real");
    await admin()
      .from("vault_secrets")
      .update({ encrypted_value: "v1.broken" })
      .eq("owner_id", user)
      .throwOnError();
    expect(await refusal()).toMatchObject({ code: "secret_unreadable", source: "user" });
    await eventually(async () =>
      expect(await entries()).toMatchObject([{ source: "user", status: "secret_unreadable" }]),
    );
  });

  it("enters nothing for a team that the person isn't in", async () => {
    app.roles.delete(`${user} ${team}`);
    await hold("team", "sk-ant-test-team-not-real");
    expect(await refusal({ teamId: team })).toMatchObject({ code: "team_not_found", status: 404 });
    expect(await refusal({ teamId: randomUUID() })).toMatchObject({ code: "team_not_found", status: 404 });
    expect(await entries()).toEqual([]);
  });

  it("gives a job the team's key, else the platform's, and never a person's", async () => {
    await hold("user", "sk-ant-test-own-not-real");
    const job = { userId: null, teamId: team };
    expect(await call(job)).toBe(PLATFORM);
    await hold("team", "sk-ant-test-team-not-real");
    expect(await call(job)).toBe("sk-ant-test-team-not-real");
    expect(await call({ userId: null })).toBe(PLATFORM);
    expect(await refusal({ userId: null, key: "OPENAI_API_KEY" })).toMatchObject({ code: "no_key" });
    expect(await refusal({ ...job, only: "user" })).toMatchObject({ code: "no_key" });
    expect(await entries()).toMatchObject([
      { user_id: null, team_id: team, source: "env" },
      { user_id: null, team_id: team, source: "team" },
    ]);
  });

  it("runs a request that arrives twice once", async () => {
    const id = randomUUID();
    await call({ id });
    expect(await refusal({ id })).toMatchObject({ code: "run_exists", status: 409 });
    expect(await entries()).toHaveLength(1);
  });

  it("notes what a call says about a stored key, and tells the app once", async () => {
    await hold("user", "sk-ant-test-own-not-real");
    const refused = () =>
      withKey({ ...CALL, userId: user }, () => {
        const error = { error: { type: "authentication_error" } };
        throw Object.assign(new Error("refused"), { status: 401, headers: {}, error });
      }).catch(({ code }) => code);
    const result = async () => {
      const { listSecrets } = await import("../../lib/vault/service.ts");
      return (await listSecrets({ type: "user", id: user }))[0]?.details?.check_result;
    };
    await call();
    await eventually(async () => expect(await result()).toBe("works"));
    for (const _ of [1, 2]) expect(await refused()).toBe("provider_refused_key");
    await eventually(async () => expect(await result()).toBe("refused"));
    await call();
    await eventually(async () => expect(await result()).toBe("works"));
    const owner = { type: "user", id: user };
    expect(app.checks).toMatchObject(
      ["works", "refused", "works"].map((result) => ({ result, owner, userId: user, key: KEY })),
    );
  });

  it("adds up what a person used by feature", async () => {
    await hold("user", "value-not-real", "OPENAI_API_KEY");
    for (const _ of [1, 2]) await call();
    const title = { feature: "titles", key: "OPENAI_API_KEY", model: "unheard-of" };
    await call(title);
    await call({ userId: null, teamId: team });
    const small = { user_id: user, feature: "tiny", key: KEY, source: "user", model: "m", cost_usd: 3e-7 };
    await admin().from("vault_usage").insert(small).throwOnError();
    const sums = await readUsage(user, new Date("2026-02-01"));
    expect(sums).toEqual([
      { feature: "summaries", key: KEY, source: "env", calls: 2, tokens: 30, cost: 0.00022, unpriced: 0 },
      { feature: "tiny", key: KEY, source: "user", calls: 1, tokens: 0, cost: 3e-7, unpriced: 0 },
      {
        feature: "titles",
        key: "OPENAI_API_KEY",
        source: "user",
        calls: 1,
        tokens: 15,
        cost: null,
        unpriced: 1,
      },
    ]);
    expect(await readUsage(user, new Date(Date.now() + 1_000))).toEqual([]);
  });
});

describe("the limits of the platform's key in another app", () => {
  it("let calls that begin together not pass the limit together", async () => {
    vi.stubEnv("PLATFORM_DAILY_USD", "0.035");
    const all = 8;
    const decided = Promise.withResolvers<void>();
    let begun = 0;
    const refused: Problem[] = [];
    const note = () => begun + refused.length === all && decided.resolve();
    const calls = Array.from({ length: all }, () =>
      withKey({ ...CALL, userId: user }, async () => {
        begun += 1;
        note();
        await decided.promise;
      }).catch((problem) => {
        refused.push(problem);
        note();
      }),
    );
    await Promise.all(calls);
    expect([begun, refused.length]).toEqual([3, 5]);
    for (const problem of refused)
      expect(problem).toMatchObject({ code: "platform_limit_reached", source: "env", retryAfter: 60 });
    // Of what they held, they have used little.
    expect(await call()).toBe(PLATFORM);
  });

  it("are 5 dollars a day unless the operator says otherwise, for every person and job together", async () => {
    const before = { feature: "before", key: KEY, source: "env", model: "m", status: "completed" };
    await admin()
      .from("vault_usage")
      .insert({ ...before, cost_usd: 4.985 })
      .throwOnError();
    await call({}, 1_000);
    const problem = await refusal();
    expect(problem).toMatchObject({ code: "platform_limit_reached", status: 429 });
    expect(problem.retryAfter).toBeLessThanOrEqual(86_400);
    expect(problem.message).not.toMatch(/\d/);
    // The embedded database writes small amounts otherwise than large ones.
    vi.stubEnv("PLATFORM_DAILY_USD", "0.0000001");
    expect(await refusal()).toMatchObject({ code: "platform_limit_reached" });
    vi.stubEnv("PLATFORM_DAILY_USD", undefined);
    expect(await refusal({ userId: null })).toMatchObject({ code: "platform_limit_reached" });
    await hold("user", "sk-ant-test-own-not-real");
    expect(await call()).toBe("sk-ant-test-own-not-real");
    vi.stubEnv("PLATFORM_DAILY_USD", "none");
    expect(await call({ only: "env" })).toBe(PLATFORM);
  });

  it("refuse calls whose price isn't known, unless so many are allowed", async () => {
    const use = { model: "unheard-of" };
    const problem = await refusal(use);
    expect(problem).toMatchObject({ code: "model_price_unknown" });
    expect(problem.message).toContain("unheard-of");
    expect(await refusal({ maxOutput: undefined })).toMatchObject({ code: "model_price_unknown" });
    vi.stubEnv("PLATFORM_DAILY_CALLS", "1");
    // The reply names no model whose price is known, either.
    await withKey({ ...CALL, ...use, userId: user }, () => {});
    expect(await refusal(use)).toMatchObject({ code: "platform_limit_reached" });
    expect(await call()).toBe(PLATFORM);
  });

  it.each([
    ["PLATFORM_DAILY_USD", "five"],
    ["PLATFORM_DAILY_USD", "-1"],
    ["PLATFORM_DAILY_CALLS", "1.5"],
  ])("fail closed where %s is %s, and only for the platform's key", async (name, value) => {
    vi.stubEnv(name, value);
    expect(String(await refusal())).toContain(`${name} in the environment is a number`);
    await hold("user", "sk-ant-test-own-not-real");
    expect(await call()).toBe("sk-ant-test-own-not-real");
  });
});
