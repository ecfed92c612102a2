import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Owner } from "../../lib/vault/types.ts";
import type { Database } from "../../types/database.ts";
import { TEST_PUBLISHABLE_KEY } from "../support/keys.ts";
import { startDatabase } from "./harness.ts";

// Who may do what, by the service, with the id of a session; and what the database gives to that session itself, which
// is the metadata of one's own secrets and nothing else, whatever the role in a team.

const KEY = "ANTHROPIC_API_KEY";
const valueFor = (owner: Owner) => `sk-ant-test-${owner.id}`;

interface Rights {
  /** Learns that the secret is there, and its metadata. */
  see: boolean;
  /** Runs on it. */
  use: boolean;
  /** Sets, deletes and reveals it. */
  manage: boolean;
  /** Reads who did what to it. */
  audit: boolean;
}
const NOTHING: Rights = { see: false, use: false, manage: false, audit: false };
const EVERYTHING: Rights = { see: true, use: true, manage: true, audit: true };

const RULES = {
  "the team's": {
    owner: NOTHING,
    admin: EVERYTHING,
    member: { ...NOTHING, see: true, use: true },
    "former member": NOTHING,
    "former admin": NOTHING,
    "another team's admin": NOTHING,
    stranger: NOTHING,
    anon: NOTHING,
  },
  "the owner's own": {
    owner: EVERYTHING,
    admin: NOTHING,
    member: NOTHING,
    "former member": NOTHING,
    "former admin": NOTHING,
    "another team's admin": NOTHING,
    stranger: NOTHING,
    anon: NOTHING,
  },
} satisfies Record<string, Record<string, Rights>>;
type Whose = keyof typeof RULES;
type Actor = keyof (typeof RULES)[Whose];
const ACTORS = Object.keys(RULES["the team's"]) as Actor[];

let db: Awaited<ReturnType<typeof startDatabase>>;
let service: Awaited<ReturnType<(typeof db)["service"]>>;
let access: typeof import("../../lib/vault/access.ts");
let events: typeof import("../../lib/activity/events.ts");
let record: typeof import("../../lib/activity/record.ts");
let secrets: Record<Whose, Owner>;
const ids = new Map<Actor, string>();
const sessions = new Map<Actor, SupabaseClient<Database>>();

beforeAll(async () => {
  db = await startDatabase();
  service = await db.service();
  access = await import("../../lib/vault/access.ts");
  events = await import("../../lib/activity/events.ts");
  record = await import("../../lib/activity/record.ts");

  for (const actor of ACTORS) {
    const client = createClient<Database>(process.env.NEXT_PUBLIC_SUPABASE_URL ?? "", TEST_PUBLISHABLE_KEY, {
      auth: { persistSession: false, autoRefreshToken: false },
    });
    sessions.set(actor, client);
    // Nobody is signed in: the service would have no id to be asked with, and gets one that nobody has.
    if (actor === "anon") ids.set(actor, crypto.randomUUID());
    else {
      const account = {
        email: `${actor.replaceAll(/\W/g, "-")}@example.com`,
        password: "a-long-test-password",
      };
      const { data, error } = await client.auth.signUp(account);
      if (!data.user) throw error ?? new Error("no user");
      ids.set(actor, data.user.id);
    }
  }

  const team = await db.team({
    [idOf("admin")]: "admin",
    [idOf("member")]: "member",
    [idOf("former member")]: "member",
    [idOf("former admin")]: "admin",
  });
  await db.team({ [idOf("another team's admin")]: "admin" });
  secrets = {
    "the team's": { type: "team", id: team },
    "the owner's own": { type: "user", id: idOf("owner") },
  };
  for (const owner of Object.values(secrets)) {
    await service.setSecret(owner, { key: KEY, value: valueFor(owner) });
    await record.recordDeeds(idOf("former admin"), owner, [{ key: KEY, action: "created" }]);
  }
  const left = db.admin.from("team_members").delete().eq("team_id", team);
  await left.or(`user_id.eq.${idOf("former member")},user_id.eq.${idOf("former admin")}`).throwOnError();
});
afterAll(() => db.close());

function idOf(actor: Actor): string {
  const id = ids.get(actor);
  if (!id) throw new Error(`${actor} is nobody.`);
  return id;
}

/** Whether this succeeds; a refusal has to be the one that such a person gets. */
async function passes(work: Promise<unknown>, refusal: string): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: refusal });
    return false;
  }
}

/** What the service says, through what every route asks first. */
async function askService(actor: Actor, whose: Whose): Promise<Rights> {
  const user = { id: idOf(actor), email: "" };
  const { type, id } = secrets[whose];
  // A request names a team or nothing; for nothing, it is about the person's own. So whoever is after somebody
  // else's own secret can only pass that person's id for a team's.
  const teamId = type === "user" && id === user.id ? undefined : id;
  const refusal = actor === "member" && type === "team" ? "team_role_required" : "team_not_found";

  const see = await passes(access.authoriseOwner(user, teamId, "see"), "team_not_found");
  const manage = await passes(access.authoriseOwner(user, teamId, "manage"), refusal);
  const used = await service.resolveSecretWithSource(user.id, teamId ?? null, KEY);
  const audit = await passes(listEventsFor(user, teamId), refusal);
  return { see, use: used?.value === valueFor(secrets[whose]), manage, audit };
}

async function listEventsFor(user: { id: string }, teamId: string | undefined): Promise<void> {
  const owner = await access.authoriseOwner(user, teamId, "manage");
  const ofKeys = (await events.listEvents(user.id, owner)).events.filter(({ key }) => key !== null);
  expect(ofKeys).toHaveLength(1);
}

/** What the database answers to the person's own session; a refusal has to be the one of somebody without the right. */
async function askDatabase(actor: Actor, relation: string, columns: string): Promise<unknown> {
  const client: SupabaseClient | undefined = sessions.get(actor);
  if (!client) throw new Error(`${actor} has no client.`);
  const { data, error } = await client.from(relation).select(columns);
  if (error) expect(error.code).toBe("42501");
  return error ? "refused" : data;
}

describe.each(Object.keys(RULES) as Whose[])("of %s secret", (whose) => {
  it.each(ACTORS)("%s may exactly this, by the service", async (actor) => {
    expect(await askService(actor, whose)).toEqual(RULES[whose][actor]);
  });

  it.each(ACTORS)("%s gets no ciphertext out of the database, and changes nothing there", async (actor) => {
    const client = sessions.get(actor);
    const { type, id } = secrets[whose];
    const row = { owner_type: type, owner_id: id, key: KEY };
    const before = await db.admin.from("vault_secrets").select().eq("owner_id", id).throwOnError();

    const ciphertexts = await client?.from("vault_secrets").select("encrypted_value").eq("owner_id", id);
    expect(ciphertexts?.data ?? []).toEqual([]);
    await client?.from("vault_secrets").update({ description: "Changed." }).eq("owner_id", id);
    await client?.from("vault_secrets").delete().eq("owner_id", id);
    await client?.from("vault_secrets").insert({ ...row, key: "OTHER_KEY", encrypted_value: "v1.x" });
    await client?.from("vault_events").insert({ ...row, actor_id: idOf(actor), action: "created" });

    const after = await db.admin.from("vault_secrets").select().eq("owner_id", id).throwOnError();
    expect(after.data).toEqual(before.data);
    const { data } = await db.admin
      .from("vault_events")
      .select("action")
      .eq("owner_id", id)
      .not("key", "is", null)
      .throwOnError();
    expect(data).toEqual([{ action: "created" }]);
  });
});

describe("of the database itself", () => {
  it.each(ACTORS)("%s gets the metadata of their own secrets and nothing else", async (actor) => {
    const own = actor === "owner" ? [{ owner_id: idOf("owner"), key: KEY }] : [];
    const expected = actor === "anon" ? "refused" : own;
    expect(await askDatabase(actor, "vault_secrets", "owner_id, key")).toEqual(expected);
    // Every table and view there is: supabase/tests/privileges.sql.
    for (const relation of [
      "vault_secrets",
      "vault_events",
      "team_members",
      "vault_candidates",
      "vault_uses",
    ]) {
      expect(await askDatabase(actor, relation, "*"), relation).toBe("refused");
    }
  });
});
