import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Problem } from "../../lib/vault/http/problem.ts";
import type { Owner, SecretSource } from "../../lib/vault/types.ts";
import { eventually } from "../support/eventually.ts";
import { interceptDatabase } from "./harness.ts";
import { db, drain, KEY, MODEL, start, team, user } from "./ledger-harness.ts";

describe("who may pay", () => {
  const policy = (key_policy: "own" | "team" | "platform") =>
    db.admin.from("teams").update({ key_policy }).eq("id", team).throwOnError();
  const give = async (reveal: Awaited<ReturnType<typeof start>>, owner: "user" | "team") =>
    reveal.service.setSecret(
      { type: owner, id: owner === "user" ? user : team },
      { key: KEY, value: `sk-ant-test-${owner}` },
    );

  it.each<["own" | "team" | "platform", SecretSource[], SecretSource | string]>([
    ["platform", ["user", "team"], "user"],
    ["platform", ["team"], "team"],
    ["platform", [], "env"],
    ["team", ["user", "team"], "user"],
    ["team", ["team"], "team"],
    ["team", [], "platform_key_not_allowed"],
    ["own", ["user", "team"], "user"],
    ["own", ["team"], "own_key_required"],
    ["own", [], "own_key_required"],
  ])("with the rule %s and keys of %j: %s", async (rule, held, expected) => {
    const reveal = await start({ platformKey: "sk-ant-test-platform" });
    await policy(rule);
    for (const owner of held) await give(reveal, owner as "user" | "team");
    const outcome = await reveal.key(team).then(
      ({ source }) => source,
      (problem: Problem) => problem.code,
    );
    expect(outcome).toBe(expected);
  });

  it("is said with the rule, and with whom to ask", async () => {
    const reveal = await start({ platformKey: "sk-ant-test-platform" });
    await policy("own");
    const { data } = await db.admin
      .from("team_members")
      .select("user_id")
      .eq("team_id", team)
      .eq("role", "admin")
      .single()
      .throwOnError();
    const profile = await db.admin.from("profiles").select("email").eq("user_id", data.user_id).single();
    const problem: Problem = await reveal.key(team).catch((error) => error);
    expect(problem.message).toContain("everyone uses their own key");
    expect(problem.message).toContain(profile.data?.email);
  });

  it("says when the operator has switched the platform's key off", async () => {
    const reveal = await start({ platformKey: "sk-ant-test-platform", fallback: "off" });
    await expect(reveal.key()).rejects.toMatchObject({ code: "platform_key_off" });
    await expect(reveal.key(team, "env")).rejects.toMatchObject({ code: "platform_key_off" });
    for (const only of ["user", "team"] as const)
      await expect(reveal.key(team, only)).rejects.toMatchObject({ code: "no_key" });
    const without = await start();
    await expect(without.key()).rejects.toMatchObject({ code: "no_key" });
  });

  it.each<["own" | "team", SecretSource | undefined, RegExp]>([
    ["own", undefined, /^In this team, everyone uses .* own key\. Add ANTHROPIC_API_KEY .* ask a team admin/],
    [
      "team",
      undefined,
      /^This team doesn't use the platform's key and has none of its own\. Add ANTHROPIC_API_KEY /,
    ],
    [
      "team",
      "team",
      /^This team doesn't use the platform's key and has none of its own\. .* to add the team's\.$/,
    ],
    [
      "team",
      "env",
      /^In this team, runs can't use the platform's key\. .* to change which keys runs may use\.$/,
    ],
    // Their own is missing, whatever the rule is.
    ["own", "user", /^There's no key to use yet\./],
  ])("is said for the rule %s and the choice of %s", async (rule, only, words) => {
    const reveal = await start({ platformKey: "sk-ant-test-platform" });
    await policy(rule);
    const problem: Problem = await reveal.key(team, only).catch((error) => error);
    expect(problem.message).toMatch(words);
    if (only !== "user") expect(problem.message).toMatch(/ask a team admin \([^ ,]+@example\.com\) to/);
  });

  it("names every admin to ask, and none where there is none", async () => {
    const reveal = await start();
    await policy("own");
    const second = await db.person();
    await db.admin
      .from("team_members")
      .insert({ team_id: team, user_id: second, role: "admin" })
      .throwOnError();
    const problem: Problem = await reveal.key(team).catch((error) => error);
    expect(problem.message).toMatch(/ask a team admin \([^ ,]+@example\.com, [^ ,]+@example\.com\) to/);
    interceptDatabase(async (_, pass, path) => (path.endsWith("/profiles") ? Response.json([]) : pass()));
    const nobody: Problem = await reveal.key(team).catch((error) => error);
    expect(nobody.message).toMatch(/ask a team admin to change which keys runs may use\.$/);
  });

  it("is nobody of a team that the person is not in", async () => {
    const reveal = await start({ platformKey: "sk-ant-test-platform" });
    const other = await db.team({ [await db.person()]: "admin" });
    await expect(reveal.key(other)).rejects.toMatchObject({ code: "team_not_found" });
  });

  it("can be chosen for once, and then no other layer is used", async () => {
    const reveal = await start({ platformKey: "sk-ant-test-platform" });
    await give(reveal, "user");
    expect(await reveal.key(team, "env")).toMatchObject({ source: "env" });
    await expect(reveal.key(team, "team")).rejects.toMatchObject({ code: "no_key" });
    await give(reveal, "team");
    expect(await reveal.key(team, "team")).toMatchObject({ source: "team", value: "sk-ant-test-team" });
    await policy("own");
    await expect(reveal.key(team, "team")).rejects.toMatchObject({ code: "own_key_required" });
    await expect(reveal.key(team, "env")).rejects.toMatchObject({ code: "own_key_required" });
  });

  it("leaves an unreadable key closed, unless another one is chosen", async () => {
    const reveal = await start({ platformKey: "sk-ant-test-platform" });
    await give(reveal, "user");
    await db.admin
      .from("vault_secrets")
      .update({ encrypted_value: "v1.x" })
      .eq("owner_id", user)
      .throwOnError();
    await expect(reveal.key(team)).rejects.toMatchObject({ code: "secret_unreadable", source: "user" });
    expect(await reveal.key(team, "env")).toMatchObject({ source: "env" });
  });

  it("is explained without decrypting, with the rule and what is left of the budget", async () => {
    const reveal = await start({ platformKey: "sk-ant-test-platform", dailyTokens: 500 });
    await give(reveal, "team");
    const none = { monthly_usd: null, own_monthly_usd: null };
    const of = { id: team, name: "Team", role: "member", key_policy: "own", ...none } as const;
    expect(await reveal.payers(of)).toEqual({
      holders: ["team", "env"],
      policy: "own",
      budget: { limit: 500, left: 500 },
      team_budget: null,
      expiries: {},
    });
    expect(await reveal.payers(null)).toMatchObject({ holders: ["env"], policy: null });
    const without = await start();
    expect(await without.payers(of)).toEqual({
      holders: ["team"],
      policy: "own",
      budget: null,
      team_budget: null,
      expiries: {},
    });
  });

  it("with when a key that could pay expires, where that is soon", async () => {
    const reveal = await start();
    const of = { id: team, name: "Team", role: "member", key_policy: "platform" } as const;
    const inTeam = { ...of, monthly_usd: null, own_monthly_usd: null };
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const store = (owner: Owner, expires_at: string) =>
      reveal.service.setSecret(owner, { key: KEY, value: "sk-ant-test-not-real", expires_at });
    const [soon, late, gone] = [inDays(3), inDays(30), inDays(-1)];
    await store({ type: "user", id: user }, late);
    await store({ type: "team", id: team }, soon);
    expect((await reveal.payers(inTeam)).expiries).toEqual({ team: soon.replace("Z", "000Z") });
    expect((await reveal.payers(null)).expiries).toEqual({});
    await store({ type: "user", id: user }, gone);
    expect((await reveal.payers(null)).expiries).toEqual({ user: gone.replace("Z", "000Z") });
    await reveal.service.setSecret(
      { type: "user", id: user },
      { key: "OPENAI_API_KEY", value: "x", expires_at: soon },
    );
    expect((await reveal.payers(null)).expiries).toEqual({ user: gone.replace("Z", "000Z") });
  });
});

describe("how a key did when it was last used", () => {
  it("comes from the owner's own runs on it", async () => {
    const reveal = await start();
    const me = { type: "user", id: user } as const;
    const us = { type: "team", id: team } as const;
    expect(await reveal.readLastUse(me)).toBeNull();
    await drain((await reveal.run("sk-works")).events);
    await eventually(async () => expect(await reveal.readLastUse(me)).toMatchObject({ result: "worked" }));
    expect(await reveal.readLastUse(us)).toBeNull();
    await reveal.run("sk-refused", { source: "team", teamId: team }).catch(() => {});
    await eventually(async () => expect(await reveal.readLastUse(us)).toMatchObject({ result: "refused" }));
    await sleep(5);
    // Says nothing about the key.
    await reveal.run("sk-overloaded").catch(() => {});
    expect(await reveal.readLastUse(me)).toMatchObject({ result: "worked" });
    await reveal.run("sk-nocredit").catch(() => {});
    await eventually(async () => expect(await reveal.readLastUse(me)).toMatchObject({ result: "no_credit" }));
  });

  it("is the last of 30 days that says something", async () => {
    const reveal = await start();
    const me = { type: "user", id: user } as const;
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    const add = (at: string, status: string) =>
      db.admin
        .from("reveal_runs")
        .insert({ user_id: user, kind: "run", model: MODEL, source: "user", status, created_at: at })
        .throwOnError();
    await add(daysAgo(30.01), "completed");
    expect(await reveal.readLastUse(me)).toBeNull();
    const last = daysAgo(20);
    await add(daysAgo(29.9), "provider_refused_key");
    await add(last, "completed");
    await add(daysAgo(25), "provider_no_credit");
    await add(daysAgo(1), "provider_overloaded");
    expect(await reveal.readLastUse(me)).toEqual({ result: "worked", at: last });
  });

  it("is not known while the database is away", async () => {
    const reveal = await start({ down: true });
    await expect(reveal.readLastUse({ type: "user", id: user })).rejects.toMatchObject({
      code: "vault_unavailable",
      cause: expect.anything(),
    });
  });
});
