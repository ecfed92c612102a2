import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Owner } from "../../lib/vault/types.ts";
import type { WebhookEvent } from "../../lib/webhooks/types.ts";
import { type StandIn, startAnthropicStandIn } from "../support/anthropic-standin.ts";
import { eventually } from "../support/eventually.ts";
import { startSmtpServer } from "../support/smtp-server.ts";
import { startWebhookReceiver, verified, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { interceptDatabase, signInAs, startDatabase } from "./harness.ts";

const KEY = "ANTHROPIC_API_KEY";
const EVENT: WebhookEvent = "vault.secret.refused";

let db: Awaited<ReturnType<typeof startDatabase>>;
let provider: StandIn;
let smtp: Awaited<ReturnType<typeof startSmtpServer>>;
let receiver: WebhookReceiver;
let app: Awaited<ReturnType<typeof start>>;
let people = 0;
let person: string;
let address: string;
let own: Owner;

/** The app's routes as a fresh server process has them. */
async function start() {
  const service = await db.service({ provider: provider.url, allowPrivate: true });
  signInAs(() => person);
  return {
    service,
    routes: {
      "reveal/run": (await import("../../app/api/reveal/run/route.ts")).POST,
      "reveal/analyze": (await import("../../app/api/reveal/analyze/route.ts")).POST,
      "vault/check": (await import("../../app/api/vault/check/route.ts")).POST,
    },
    noteVerdict: (await import("../../lib/alerts/refused-key.ts")).noteVerdict,
    addWebhook: (await import("../../lib/webhooks/store.ts")).addWebhook,
  };
}

beforeAll(async () => {
  [db, provider, smtp, receiver] = await Promise.all([
    startDatabase(),
    startAnthropicStandIn({ pace: 0 }),
    startSmtpServer(),
    startWebhookReceiver(),
  ]);
  vi.stubEnv("SMTP_HOST", smtp.settings.host);
  vi.stubEnv("SMTP_PORT", String(smtp.settings.port));
  vi.stubEnv("SMTP_FROM", smtp.settings.from.address);
  app = await start();
});
afterAll(async () => {
  smtp.stop();
  await Promise.all([db.close(), provider.close(), receiver.close()]);
});
beforeEach(async () => {
  person = await db.person();
  people += 1;
  address = `person-${people}@example.com`;
  own = { type: "user", id: person };
  receiver.received.length = 0;
  smtp.mails.length = 0;
});

/** What a route answers. */
async function ask(path: keyof typeof app.routes, body: object): Promise<string> {
  const request = new Request(`http://localhost:3000/api/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Cookie: "any" },
    body: JSON.stringify(body),
  });
  return (await app.routes[path](request)).text();
}
const run = (team_id?: string) => ask("reveal/run", { prompt: "Why?", team_id });
const give = (owner: Owner, value: string) => app.service.setSecret(owner, { key: KEY, value });
const listen = (owner: Owner, actor = person) =>
  app.addWebhook(actor, owner, { url: `${receiver.url}/${owner.type}`, description: "", events: [EVENT] });
/** Verdicts of this person's runs that have been entered, from now on. */
function countVerdicts(): () => number {
  let verdicts = 0;
  interceptDatabase(async (_, pass, path) => {
    const reply = await pass();
    if (/\/(refuse|accept)_key$/.test(path)) verdicts += 1;
    return reply;
  });
  return () => verdicts;
}
const refused = async () =>
  (await db.admin.from("refused_keys").select("vault_secrets!inner(owner_id)").throwOnError()).data.filter(
    ({ vault_secrets }) => vault_secrets.owner_id === own.id,
  ).length;

describe("a key that its provider refuses", () => {
  it("is told of once, by a webhook and a mail, however many runs, analyses and checks say so", async () => {
    const { secret } = await listen(own);
    await give(own, "sk-refused");
    const verdicts = countVerdicts();
    expect(await run()).toContain("provider_refused_key");
    await eventually(() => expect(receiver.received).toHaveLength(1));
    const mail = await smtp.next();
    await run();
    await ask("reveal/analyze", { text: "One. Two." });
    await eventually(() => expect(verdicts()).toBe(3));
    expect(receiver.received).toHaveLength(1);
    expect(smtp.mails).toEqual([]);

    const [request] = receiver.received;
    expect(request && verified(secret, request)).toMatchObject({
      type: EVENT,
      data: { key: KEY, owner_type: "user", owner_id: person, source: "run" },
    });
    expect(mail.recipients).toEqual([address]);
    expect(mail.subject).toBe(`Key refused: ${KEY}`);
    expect(mail.text).toContain("A run failed because the provider refused");
    expect(mail.text).toContain("http://localhost:3000/dashboard");
    for (const text of [mail.text, request?.body]) expect(text).not.toContain("sk-refused");
  });

  it("is told of again once it had a new value, or worked", async () => {
    await listen(own);
    await give(own, "sk-refused");
    await run();
    await receiver.waitFor(1);
    await give(own, "sk-works");
    expect(await refused()).toBe(0);
    const verdicts = countVerdicts();
    await run();
    await eventually(() => expect(verdicts()).toBe(1));
    await give(own, "sk-refused-other");
    await run();
    await receiver.waitFor(2);
    // The provider changes its mind.
    const verdict = { userId: person, owner: own, key: KEY, source: "check" as const };
    await app.noteVerdict({ ...verdict, isRefused: false, readAt: new Date(Date.now() + 1_000) });
    expect(await refused()).toBe(0);
    await app.noteVerdict({ ...verdict, isRefused: true, readAt: new Date() });
    expect(receiver.received).toHaveLength(3);
  });

  it("is the team's business where it is the team's: its webhooks, and its admins by mail", async () => {
    const [admin, adminAddress] = [await db.person(), `person-${people + 1}@example.com`];
    people += 1;
    const team: Owner = { type: "team", id: await db.team({ [admin]: "admin", [person]: "member" }) };
    await listen(team, admin);
    await listen(own);
    await give(team, "sk-refused");
    await run(team.id);
    const mail = await smtp.next();
    expect(mail.recipients).toEqual([adminAddress]);
    expect(mail.text).toContain("in “Team”");
    expect(mail.text).toContain(`/dashboard?team=${team.id}`);
    await receiver.waitFor(1);
    expect(receiver.received.map(({ path }) => path)).toEqual(["/hook/team"]);
  });

  it("is found by a check too, and one that says nothing about the key changes nothing", async () => {
    await listen(own);
    // No header can hold it, so that nobody is asked.
    await give(own, "two words");
    expect(await ask("vault/check", { key: KEY })).toContain('"refused"');
    const [request] = await receiver.waitFor(1);
    expect(JSON.parse(request?.body ?? "").data).toMatchObject({ key: KEY, source: "check" });
    expect((await smtp.next()).text).toContain("and the provider refuses it");
  });

  it("had no new value meanwhile: a late verdict is about the one before", async () => {
    await listen(own);
    const readAt = new Date();
    await give(own, "sk-works");
    await give(own, "sk-works-too");
    await app.noteVerdict({ userId: person, owner: own, key: KEY, isRefused: true, readAt, source: "run" });
    expect(await refused()).toBe(0);
    expect(receiver.received).toEqual([]);
  });

  it("that nobody can enter is a line in the log, and the run ends as ever", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    await give(own, "sk-refused");
    interceptDatabase(async (_, pass, path) =>
      path.endsWith("/refuse_key") ? Response.json({ code: "57014" }, { status: 500 }) : pass(),
    );
    expect(await run()).toContain("provider_refused_key");
    await eventually(() =>
      expect(log.mock.calls.map(([line]) => JSON.parse(line))).toMatchObject([
        { code: "vault_unavailable", cause_code: "57014" },
      ]),
    );
    log.mockRestore();
  });
});
