import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Owner } from "../../lib/vault/types.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { startDatabase } from "./harness.ts";

const PATH = "a-path-that-is-a-secret";

let db: Awaited<ReturnType<typeof startDatabase>>;
let webhooks: Awaited<ReturnType<typeof start>>;
let receiver: WebhookReceiver;
let admin: string;
let leaver: string;
let team: Owner;
let shown: string;

async function start() {
  await db.service({ allowPrivate: true });
  (await import("../../lib/env.ts")).env();
  return {
    ...(await import("../../lib/webhooks/store.ts")),
    ...(await import("../../lib/webhooks/left.ts")),
    ...(await import("../../lib/webhooks/deliver.ts")),
    ...(await import("../../lib/webhooks/deliveries.ts")),
    crypto: await import("../../lib/vault/crypto.ts"),
    url: await import("../../lib/webhooks/url.ts"),
  };
}

beforeAll(async () => {
  db = await startDatabase();
  webhooks = await start();
});
afterAll(() => db.close());
beforeEach(async () => {
  receiver = await startWebhookReceiver();
  onTestFinished(() => receiver.close());
  shown = `${new URL(receiver.url).origin}/…`;
  [admin, leaver] = [await db.person(), await db.person()];
  team = { type: "team", id: await db.team({ [admin]: "admin", [leaver]: "admin" }) };
});

const add = (actor = leaver, owner: Owner = team, path = PATH) =>
  webhooks.addWebhook(actor, owner, {
    url: `${receiver.url}/${path}`,
    description: "Ours",
    events: ["reveal.failed"],
  });
const members = () => db.admin.from("team_members");
const remove = () =>
  members().delete().eq("team_id", team.id).eq("user_id", leaver).select("role").throwOnError();
const tell = () =>
  webhooks.tellWebhooks({
    owner: team,
    personId: admin,
    event: "reveal.failed",
    data: { run_id: "x" },
    waits: [0],
  });
const reason = async (id: string) => (await webhooks.readWebhook(team, id)).pause_reason;
const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    ({ code }) => code,
  );

/** What the log says of an owner's webhooks, oldest first. */
async function events(owner: Owner = team) {
  const { data } = await db.admin
    .from("vault_events")
    .select("actor_id, action, subject_id, details")
    .eq("owner_type", owner.type)
    .eq("owner_id", owner.id)
    .like("action", "webhook%")
    .order("created_at")
    .order("id")
    .throwOnError();
  expect(JSON.stringify(data)).not.toContain(PATH);
  return data;
}

describe("a webhook whose admin", () => {
  it.each([
    ["is removed", remove],
    [
      "is demoted",
      () => members().update({ role: "member" }).eq("team_id", team.id).eq("user_id", leaver).throwOnError(),
    ],
    [
      "deletes their account",
      () => db.admin.rpc("delete_account", { for_user: leaver, teams: [] }).throwOnError(),
    ],
    [
      "leaves",
      () =>
        db.admin.rpc("remove_member", { actor: leaver, for_team: team.id, for_user: leaver }).throwOnError(),
    ],
  ])("%s is sent nothing, and another admin sees who it was", async (_, go) => {
    const { id } = await add();
    const others = await add(admin, team, "others");
    await tell();
    expect(receiver.received).toHaveLength(2);
    await go();
    expect(await reason(id)).toBe("creator_left");
    await tell();
    expect(receiver.received.map(({ path }) => path).slice(2)).toEqual(["/hook/others"]);
    const [left, ...more] = await webhooks.listLeftWebhooks(team.id);
    expect(more).toEqual([]);
    expect(left).toEqual({
      id,
      address: shown,
      description: "Ours",
      email: expect.stringMatching(/^person-\d+@example\.com$/),
      paused_at: expect.any(String),
    });
    expect(await reason(others.id)).toBeNull();
    expect((await events()).at(-1)).toMatchObject({
      action: "webhook_paused",
      subject_id: leaver,
      details: { address: shown, description: "Ours", reason: "creator_left" },
    });
  });

  it("is removed while a message waits for its turn is not sent it", async () => {
    const replies: ServerResponse[] = [];
    receiver.answer = (reply) => void replies.push(reply);
    // As many as an owner's messages that are on their way at once.
    for (let index = 0; index < 5; index += 1) await add(admin, team, `others-${index}`);
    await add(leaver, team, "leaver");
    const telling = tell();
    await receiver.waitFor(5);
    await remove();
    for (const reply of replies) reply.writeHead(204).end();
    await telling;
    expect(receiver.received.map(({ path }) => path)).not.toContain("/hook/leaver");
  });

  it("is gone is sent nothing again until somebody resumes it", async () => {
    const { id } = await add();
    await tell();
    const [sent] = await webhooks.listDeliveries(id);
    await remove();
    const again = () => webhooks.resend(team, id, sent?.id ?? "");
    expect(await codeOf(again())).toBe("webhook_admin_left");
    expect(receiver.received).toHaveLength(1);
    await webhooks.changeWebhook(admin, team, id, { paused: false });
    expect(await again()).toMatchObject({ status: "delivered" });
  });

  it("is invited anew stays paused, until an admin resumes it and answers for it", async () => {
    const { id } = await add();
    await remove();
    await members().insert({ team_id: team.id, user_id: leaver, role: "admin" }).throwOnError();
    expect(await reason(id)).toBe("creator_left");
    expect(await webhooks.listLeftWebhooks(team.id)).toHaveLength(1);
    await webhooks.changeWebhook(admin, team, id, { paused: false });
    expect(await webhooks.listLeftWebhooks(team.id)).toEqual([]);
    await remove();
    expect(await reason(id)).toBeNull();
    await tell();
    expect(receiver.received).toHaveLength(1);
  });

  it("gave another one its address answers for that one too, and not for one that they only described", async () => {
    const [moved, described] = [await add(admin, team, "1"), await add(admin, team, "2")];
    await webhooks.changeWebhook(leaver, team, moved.id, { url: `${receiver.url}/3` });
    await webhooks.changeWebhook(leaver, team, described.id, { description: "x", url: `${receiver.url}/2` });
    await webhooks.changeWebhook(leaver, team, described.id, { paused: false });
    await remove();
    expect(await reason(moved.id)).toBe("creator_left");
    expect(await reason(described.id)).toBeNull();
    // With an address of its own choice, an admin answers for it, and it waits to be resumed.
    await webhooks.changeWebhook(admin, team, moved.id, { url: `${receiver.url}/4` });
    expect(await reason(moved.id)).toBe("person");
    expect(await webhooks.listLeftWebhooks(team.id)).toEqual([]);
  });

  it("left while it was paused already asks before it is resumed", async () => {
    const { id } = await add();
    await webhooks.changeWebhook(leaver, team, id, { paused: true });
    await remove();
    expect(await reason(id)).toBe("creator_left");
  });

  it("is not known, because it is from before, stays as it is", async () => {
    const { id } = await add();
    await db.admin.from("webhooks").update({ created_by: null }).eq("id", id).throwOnError();
    await remove();
    expect(await reason(id)).toBeNull();
  });

  it("is hidden with their team is as it was when the team is back, unless the account is gone", async () => {
    const [one, two] = [await add(), await add(admin, team, "admins")];
    await db.admin.rpc("delete_team", { actor: admin, for_team: team.id }).throwOnError();
    expect([await reason(one.id), await reason(two.id)]).toEqual([null, null]);
    await db.admin.rpc("restore_team", { actor: admin, for_team: team.id }).throwOnError();
    expect([await reason(one.id), await reason(two.id)]).toEqual([null, null]);
    await db.admin.rpc("delete_team", { actor: admin, for_team: team.id }).throwOnError();
    await db.admin.rpc("delete_account", { for_user: leaver, teams: [] }).throwOnError();
    expect([await reason(one.id), await reason(two.id)]).toEqual(["creator_left", null]);
    await db.admin.rpc("restore_team", { actor: admin, for_team: team.id }).throwOnError();
    expect(await webhooks.listLeftWebhooks(team.id)).toMatchObject([{ id: one.id }]);
  });
});

describe("the log of a team", () => {
  it("says who did what to a webhook, and never its whole address", async () => {
    const { id } = await add();
    await webhooks.changeWebhook(admin, team, id, {
      url: `${receiver.url}/${PATH}/2`,
      description: "New",
      events: ["reveal.completed"],
    });
    await webhooks.changeWebhook(admin, team, id, { url: `${receiver.url}/${PATH}/2`, description: "New" });
    await webhooks.changeWebhook(admin, team, id, { paused: true });
    await webhooks.changeWebhook(leaver, team, id, { paused: false });
    await webhooks.renewSigningSecret(admin, team, id);
    await webhooks.sendTest(team, id);
    await webhooks.revealUrl(admin, team, id);
    await webhooks.deleteWebhook(leaver, team, id);
    const which = { address: shown, description: "New" };
    expect(await events()).toEqual([
      {
        actor_id: leaver,
        action: "webhook_added",
        subject_id: null,
        details: { address: shown, description: "Ours" },
      },
      {
        actor_id: admin,
        action: "webhook_changed",
        subject_id: null,
        details: { ...which, changed: ["address", "description", "events"] },
      },
      {
        actor_id: admin,
        action: "webhook_paused",
        subject_id: null,
        details: { ...which, reason: "person" },
      },
      { actor_id: leaver, action: "webhook_resumed", subject_id: null, details: which },
      { actor_id: admin, action: "webhook_secret_renewed", subject_id: null, details: which },
      { actor_id: admin, action: "webhook_shown", subject_id: null, details: which },
      { actor_id: leaver, action: "webhook_removed", subject_id: null, details: which },
    ]);
  });

  it("says that a webhook paused itself, by nobody, and nothing of an address that is sealed anew", async () => {
    const { id } = await add();
    await db.admin
      .from("webhooks")
      .update({ url: `${receiver.url}/${PATH}` })
      .eq("id", id)
      .throwOnError();
    await webhooks.url.sealRest();
    const encrypted_url = await webhooks.crypto.encrypt(
      JSON.stringify({ v: 1, webhook_id: id, url: `${receiver.url}/${PATH}` }),
    );
    await db.admin.from("webhooks").update({ encrypted_url }).eq("id", id).throwOnError();
    receiver.answer = { status: 410 };
    await tell();
    expect((await events()).map(({ actor_id, action }) => [actor_id, action])).toEqual([
      [leaver, "webhook_added"],
      // What the version from before would write.
      [null, "webhook_changed"],
      [null, "webhook_paused"],
    ]);
  });

  it("has a person's own webhooks in that person's, and goes with them", async () => {
    const mine: Owner = { type: "user", id: leaver };
    const { id } = await add(leaver, mine);
    await webhooks.deleteWebhook(leaver, mine, id);
    expect((await events(mine)).map(({ actor_id, action }) => [actor_id, action])).toEqual([
      [leaver, "webhook_added"],
      [leaver, "webhook_removed"],
    ]);
    await add(leaver, mine);
    await db.admin.rpc("delete_account", { for_user: leaver, teams: [] }).throwOnError();
    expect(await events(mine)).toEqual([]);
  });
});

it("nobody changes a webhook who is no admin at that moment, and then nothing is written down", async () => {
  const { id } = await add(admin);
  const before = await events();
  const [member, stranger] = [await db.person(), await db.person()];
  await members().insert({ team_id: team.id, user_id: member, role: "member" }).throwOnError();
  for (const [who, code] of [
    [member, "team_role_required"],
    [stranger, "team_not_found"],
  ] as const) {
    for (const call of [
      () => add(who, team, "new"),
      () => webhooks.changeWebhook(who, team, id, { paused: true }),
      () => webhooks.renewSigningSecret(who, team, id),
      () => webhooks.deleteWebhook(who, team, id),
    ]) {
      expect(await codeOf(call())).toBe(code);
    }
  }
  expect(await codeOf(add(stranger, { type: "user", id: admin }))).toBe("team_not_found");
  expect(await webhooks.listWebhooks(team)).toHaveLength(1);
  expect(await events()).toEqual(before);
});
