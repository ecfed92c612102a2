import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Owner, SecretSource } from "../../lib/vault/types.ts";
import type { RunEnding } from "../../lib/vault-usage/entry.ts";
import { WEBHOOK_EVENTS, type WebhookEvent } from "../../lib/webhooks/types.ts";
import { eventually } from "../support/eventually.ts";
import { startSmtpServer } from "../support/smtp-server.ts";
import { startWebhookReceiver, verified, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { interceptDatabase, startDatabase } from "./harness.ts";

const KEY = "ANTHROPIC_API_KEY";
const EVENT = "spending.threshold";

let db: Awaited<ReturnType<typeof startDatabase>>;
let smtp: Awaited<ReturnType<typeof startSmtpServer>>;
let receiver: WebhookReceiver;
let people = 0;
let member: string;
let admin: string;
let team: string;
const addressOf = new Map<string, string>();

async function person(): Promise<string> {
  const id = await db.person();
  people += 1;
  addressOf.set(id, `person-${people}@example.com`);
  return id;
}
const address = (id: string) => addressOf.get(id) ?? expect.unreachable();

beforeAll(async () => {
  db = await startDatabase();
  smtp = await startSmtpServer();
  receiver = await startWebhookReceiver();
  vi.stubEnv("SMTP_HOST", smtp.settings.host);
  vi.stubEnv("SMTP_PORT", String(smtp.settings.port));
  vi.stubEnv("SMTP_FROM", smtp.settings.from.address);
});
afterAll(async () => {
  smtp.stop();
  await receiver.close();
  await db.close();
});
beforeEach(async () => {
  receiver.received.length = 0;
  member = await person();
  admin = await person();
  team = await db.team({ [admin]: "admin", [member]: "member" });
});

/** What follows runs, as a fresh server process has it. */
async function start(changes: Parameters<typeof db.service>[0] = {}) {
  await db.service({ allowPrivate: true, platformKey: "sk-ant-test-platform", ...changes });
  (await import("../../lib/env.ts")).env();
  const { openRun } = await import("../../lib/vault-usage/run.ts");
  const { CALLS, chooseModel } = await import("../../lib/reveal/model.ts");
  const { afterRun } = await import("../../lib/ledger/after-run.ts");
  const { addWebhook } = await import("../../lib/webhooks/store.ts");
  const { alertOfSpending } = await import("../../lib/alerts/spending.ts");
  const open = async (only: SecretSource) => {
    const { signal } = new AbortController();
    if (only !== "env")
      await db.hold({ type: only, id: only === "user" ? member : team }, KEY, "sk-ant-test-not-real");
    return openRun({
      userId: member,
      teamId: team,
      ...CALLS.run,
      model: chooseModel(undefined),
      only,
      text: "Why?",
      signal,
    });
  };
  return {
    open,
    alertOfSpending,
    add: (owner: Owner, path: string, events: WebhookEvent[] = [EVENT]) =>
      addWebhook(owner.type === "team" ? admin : owner.id, owner, {
        url: receiver.url + path,
        description: "",
        events,
      }),
    /** A run that used nothing by itself, and what follows it. */
    async run(source: SecretSource): Promise<RunEnding> {
      const run = await open(source);
      run.finish("provider_overloaded");
      afterRun(run, new Date());
      return run.finished;
    },
  };
}

const spend = (source: SecretSource, cost_usd: number) =>
  db.admin
    .from("reveal_runs")
    .insert({
      user_id: member,
      team_id: team,
      kind: "run",
      model: "m",
      source,
      status: "completed",
      cost_usd,
    })
    .throwOnError();
const limit = (limits: { monthly_usd?: number; member_monthly_usd?: number }) =>
  db.admin.from("teams").update(limits).eq("id", team).throwOnError();
const month = `${new Date().toISOString().slice(0, 7)}-01`;
/** The counts of requests to the database for alerts, from now on. */
function countClaims(): () => number {
  let claims = 0;
  interceptDatabase(async (_, pass, path) => {
    if (path.endsWith("/claim_spending_alerts")) claims += 1;
    return pass();
  });
  return () => claims;
}

describe("an alert", () => {
  it("of a team goes to its webhooks and its admins, and of a member to them alone", async () => {
    const app = await start();
    await limit({ monthly_usd: 10, member_monthly_usd: 9 });
    const teams = await app.add({ type: "team", id: team }, "/team");
    const members = await app.add({ type: "user", id: member }, "/member");
    await app.add({ type: "team", id: team }, "/other", ["reveal.completed"]);
    await app.add({ type: "user", id: admin }, "/admin", [...WEBHOOK_EVENTS]);
    await spend("team", 8.1);
    await app.run("team");
    const [first, second] = [await smtp.next(), await smtp.next()];
    await eventually(() => expect(receiver.received).toHaveLength(2));

    const data = { percent: 80, spent_usd: 8.1, period_start: month, team_id: team };
    const at = (path: string) =>
      receiver.received.find((request) => request.path === `/hook${path}`) ?? expect.unreachable();
    expect(verified(teams.secret, at("/team"))).toMatchObject({ type: EVENT });
    expect(verified(teams.secret, at("/team")).data).toEqual({ ...data, cap: "team_monthly", limit_usd: 10 });
    expect(verified(members.secret, at("/member")).data).toEqual({
      ...data,
      cap: "member_monthly",
      limit_usd: 9,
      user_id: member,
    });

    const to = (id: string) =>
      [first, second].find(({ recipients }) => recipients.join() === address(id)) ?? expect.unreachable();
    expect(to(admin).subject).toMatch(/^80% spent: the budget of “Team” for \w+$/);
    expect(to(admin).text).toContain("$8.10 of $10.00 spent.");
    expect(to(admin).text).toContain(`http://localhost:3000/team?team=${team}`);
    expect(to(member).subject).toMatch(/^80% spent: your budget in “Team” for \w+$/);
    expect(to(member).text).toContain(`http://localhost:3000/usage?team=${team}`);
  });

  it("of the platform goes to its operators, and is one line in the log, without who or how much", async () => {
    const operator = await person();
    const app = await start({
      dailyUsd: "none",
      monthlyUsd: "20",
      operators: `${address(operator).toUpperCase()},away@example.com`,
    });
    const log = vi.spyOn(console, "warn").mockImplementation(() => {});
    const theirs = await app.add({ type: "user", id: operator }, "/operator");
    await app.add({ type: "user", id: member }, "/member");
    await app.add({ type: "team", id: team }, "/team");
    await spend("env", 20);
    await app.alertOfSpending({ userId: member, teamId: team, source: "env" });
    const mails = [await smtp.next(), await smtp.next()];
    expect(mails.flatMap(({ recipients }) => recipients).sort()).toEqual(
      ["away@example.com", address(operator)].sort(),
    );
    for (const { subject, text } of mails) {
      expect(subject).toMatch(/^Reached: the limit for \w+ on the platform's key$/);
      expect(text).toContain("http://localhost:3000/operator");
    }
    expect(receiver.received.map(({ path }) => path)).toEqual(["/hook/operator"]);
    const [request] = receiver.received;
    expect(request && verified(theirs.secret, request).data).toEqual({
      cap: "platform_monthly",
      percent: 100,
      spent_usd: 20,
      limit_usd: 20,
      period_start: month,
    });
    expect(log.mock.calls.map(([line]) => JSON.parse(line))).toEqual([
      { time: expect.any(String), level: "warn", event: EVENT, cap: "platform_monthly", percent: 100 },
    ]);
    log.mockRestore();
    await db.admin.from("reveal_runs").update({ cost_usd: 0 }).eq("source", "env").throwOnError();
  });

  it("of the platform does not wait behind messages of the person who caused it", async () => {
    const operator = await person();
    const app = await start({ operators: address(operator), dailyUsd: "1" });
    await app.add({ type: "user", id: operator }, "/operator");
    const { inSlot } = await import("../../lib/webhooks/slots.ts");
    // More receivers that never answer than one person has slots.
    const never = Promise.withResolvers<void>();
    for (const ownerId of ["a", "b", "c"])
      for (let n = 0; n < 10; n += 1) void inSlot({ ownerId, personId: member }, () => never.promise);
    await spend("env", 0.9);
    onTestFinished(() => never.resolve());
    const told = app.alertOfSpending({ userId: member, teamId: null, source: "env" });
    expect((await smtp.next()).recipients).toEqual([address(operator)]);
    await eventually(() => expect(receiver.received.map(({ path }) => path)).toEqual(["/hook/operator"]));
    await told;
    await db.admin.from("reveal_runs").update({ cost_usd: 0 }).eq("source", "env").throwOnError();
  });

  it("comes once, whoever of those who ask together claims it", async () => {
    const app = await start();
    await limit({ monthly_usd: 10 });
    await app.add({ type: "team", id: team }, "/team");
    await spend("team", 8);
    await Promise.all(
      Array.from({ length: 5 }, () => app.alertOfSpending({ userId: member, teamId: team, source: "team" })),
    );
    expect(receiver.received).toHaveLength(1);
    expect((await smtp.next()).recipients).toEqual([address(admin)]);
  });

  it("comes after a run that was refused because the rest is too small for it, and refusals cost no more", async () => {
    const app = await start();
    await limit({ monthly_usd: 1 });
    await app.add({ type: "team", id: team }, "/team");
    await spend("team", 0.99);
    await expect(app.open("team")).rejects.toMatchObject({ code: "team_budget_spent" });
    expect((await smtp.next()).subject).toMatch(/^Reached: the budget of “Team”/);
    await eventually(() => expect(receiver.received).toHaveLength(1));
    const alerts = async () =>
      (await db.admin.from("spending_alerts").select("percent").eq("team_id", team).throwOnError()).data;
    expect(await alerts()).toHaveLength(2);
    await expect(app.open("team")).rejects.toMatchObject({ code: "team_budget_spent" });
    expect(await alerts()).toHaveLength(2);
  });

  it("comes where not even the shortest run fits into a small limit, of which less than 80 % is spent", async () => {
    const app = await start();
    await limit({ monthly_usd: 0.2 });
    await spend("team", 0.12);
    await expect(app.open("team")).rejects.toMatchObject({ code: "team_budget_spent" });
    expect(await smtp.next()).toMatchObject({
      recipients: [address(admin)],
      subject: expect.stringMatching(/^Reached: the budget of “Team”/),
      text: expect.stringContaining("$0.12 of $0.20 spent."),
    });
  });

  it("is not asked about where no limit counts, and where a run is refused for its own size", async () => {
    const app = await start({ dailyUsd: "none" });
    const claims = countClaims();
    await app.run("team");
    await app.run("user");
    await app.run("env");
    await limit({ monthly_usd: 0.01 });
    await expect(app.open("team")).rejects.toMatchObject({ code: "team_budget_spent" });
    await limit({ monthly_usd: 10 });
    await app.run("team");
    await app.alertOfSpending({ userId: member, teamId: team, source: "team" });
    expect(claims()).toBe(2);
  });

  it("that cannot be claimed is a line in the log, and nothing else fails", async () => {
    const app = await start();
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    interceptDatabase(async (_, pass, path) =>
      path.endsWith("/claim_spending_alerts") ? Response.json({ code: "57014" }, { status: 500 }) : pass(),
    );
    await app.alertOfSpending({ userId: member, teamId: team, source: "team" });
    expect(log.mock.calls.map(([line]) => JSON.parse(line))).toMatchObject([
      { level: "error", code: "vault_unavailable", cause_code: "57014" },
    ]);
    log.mockRestore();
  });
});
