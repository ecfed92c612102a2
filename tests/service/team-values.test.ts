import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Owner } from "../../lib/vault/types.ts";
import { eventually } from "../support/eventually.ts";
import { interceptDatabase, signInAs, startDatabase } from "./harness.ts";

// The values of a team's keys: who is given one is decided in the statement that reads it, so nothing that happens to
// the membership can come in between.

const KEY = "OPENAI_API_KEY";
/** One that cannot be sent, so that no provider is asked from here. */
const VALUE = "s3cret with spaces";
const ACTIONS = ["revealed", "copied", "checked"] as const;
type Action = (typeof ACTIONS)[number];

// What follows the reply of a check would be counted with what comes before it.
vi.mock("../../lib/alerts/refused-key.ts", () => ({ noteVerdict: async () => {} }));

let db: Awaited<ReturnType<typeof startDatabase>>;
let reveal: typeof import("../../app/api/vault/route.ts")["GET"];
let check: typeof import("../../app/api/vault/check/route.ts")["POST"];
let service: Awaited<ReturnType<(typeof db)["service"]>>;
let person: string;
let other: string;
let team: string;

beforeAll(async () => {
  db = await startDatabase();
  service = await db.service();
  // Only who is signed in is made up, which Next alone could tell.
  signInAs(() => person);
  ({ GET: reveal } = await import("../../app/api/vault/route.ts"));
  ({ POST: check } = await import("../../app/api/vault/check/route.ts"));
});
afterAll(() => db.close());
beforeEach(async () => {
  [person, other] = [await db.person(), await db.person()];
  team = await newTeam("admin");
});

/** A team with a key and another admin. */
async function newTeam(role: "admin" | "member"): Promise<string> {
  const id = await db.team({ [other]: "admin", [person]: role });
  await service.setSecret({ type: "team", id }, { key: KEY, value: VALUE });
  return id;
}

/** What the routes answer: the status, and the code or what they give. */
async function ask(action: Action, team_id: string | undefined, key = KEY) {
  const at = "http://localhost:3000/api/vault";
  const copy = action === "copied" && { copy: "true" };
  const query = new URLSearchParams({ key, reveal: "true", ...copy, ...(team_id && { team_id }) });
  const request = new Request(`${at}/check`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Cookie: "any" },
    body: JSON.stringify({ key, team_id }),
  });
  const reply = await (action === "checked" ? check(request) : reveal(new Request(`${at}?${query}`)));
  const text = await reply.text();
  return { status: reply.status, text, ...JSON.parse(text) };
}

const eventsOf = async (id: string) => {
  const { data } = await db.admin
    .from("vault_events")
    .select("action, actor_id")
    .eq("owner_id", id)
    .not("key", "is", null)
    .throwOnError();
  return data;
};
const membership = () => db.admin.from("team_members");
const remove = () => membership().delete().eq("team_id", team).eq("user_id", person).throwOnError();
const demote = () =>
  membership().update({ role: "member" }).eq("team_id", team).eq("user_id", person).throwOnError();
const dissolve = () => db.admin.rpc("delete_team", { actor: other, for_team: team }).throwOnError();

describe.each(ACTIONS)("a team's value that is to be %s", (action) => {
  const isGiven = action !== "checked";
  const event = { action };

  it("takes one question to the database, like one's own, and leaves its event", async () => {
    const owners: Owner[] = [
      { type: "team", id: team },
      { type: "user", id: person },
    ];
    for (const owner of owners) {
      await service.setSecret(owner, { key: KEY, value: VALUE });
      const asked: string[] = [];
      interceptDatabase((method, pass, path) => {
        asked.push(`${method} ${path}`);
        return pass();
      });
      const reply = await ask(action, owner.type === "team" ? team : undefined);
      expect(reply).toMatchObject(isGiven ? { status: 200, value: VALUE } : { status: 200 });
      // What follows is entered once the value is there: its use, or the provider's verdict.
      const entered = `POST /rest/v1/rpc/${isGiven ? "enter_use" : "enter_check"}`;
      const all = ["POST /rest/v1/vault_uses", entered];
      await eventually(() => expect(asked, owner.type).toEqual(all));
      vi.unstubAllGlobals();
      expect(await eventsOf(owner.id)).toEqual([{ ...event, actor_id: person }]);
    }
  });

  it.each([
    ["is removed", remove, 404, "team_not_found"],
    ["loses the team", dissolve, 404, "team_not_found"],
    ["is demoted", demote, isGiven ? 403 : 200, isGiven ? "team_role_required" : undefined],
  ])("whoever %s just before it is read gets the answer of that moment", async (_, happens, status, code) => {
    interceptDatabase(async (_method, pass, path) => {
      if (path === "/rest/v1/vault_uses") await happens();
      return pass();
    });
    const reply = await ask(action, team);
    vi.unstubAllGlobals();
    expect(reply).toMatchObject({ status, ...(code && { code }) });
    expect(reply.text).not.toContain("s3cret");
    expect(await eventsOf(team)).toEqual(code ? [] : [{ ...event, actor_id: person }]);
  });

  it("is the same nothing for a foreign team and for none, whether or not there is such a key", async () => {
    const foreign = await db.team({ [other]: "admin" });
    await service.setSecret({ type: "team", id: foreign }, { key: KEY, value: VALUE });
    const replies = new Set<string>();
    for (const id of [foreign, crypto.randomUUID(), person]) {
      for (const key of [KEY, "MISTRAL_API_KEY"]) replies.add((await ask(action, id, key)).text);
      expect(await eventsOf(id)).toEqual([]);
    }
    expect([...replies]).toHaveLength(1);
    expect([...replies][0]).toContain("team_not_found");
  });

  it("is the role's matter before it is the key's, and a missing key leaves no event", async () => {
    expect(await ask(action, team, "MISTRAL_API_KEY")).toMatchObject({
      status: 404,
      code: "secret_not_found",
    });
    team = await newTeam("member");
    const missing = await ask(action, team, "MISTRAL_API_KEY");
    expect(missing).toMatchObject(
      isGiven ? { status: 403, code: "team_role_required" } : { status: 404, code: "secret_not_found" },
    );
    expect(await eventsOf(team)).toEqual([]);
  });
});

it("a member may check a team's key, and is not shown its value", async () => {
  team = await newTeam("member");
  for (const action of ["revealed", "copied"] as const) {
    expect(await ask(action, team)).toMatchObject({ status: 403, code: "team_role_required" });
  }
  expect(await ask("checked", team)).toMatchObject({ status: 200 });
  expect(await eventsOf(team)).toEqual([{ action: "checked", actor_id: person }]);
});
