import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Owner, SecretSource } from "../../lib/vault/types.ts";
import { startDatabase } from "./harness.ts";

const KEY = "ANTHROPIC_API_KEY";
const VALUES = { user: "sk-ant-test-user", team: "sk-ant-test-team", env: "sk-ant-test-platform" };
const STATES = ["absent", "present", "unreadable"] as const;
type State = (typeof STATES)[number];

let db: Awaited<ReturnType<typeof startDatabase>>;
let user: string;
let team: string;
const owners = (): Record<"user" | "team", Owner> => ({
  user: { type: "user", id: user },
  team: { type: "team", id: team },
});

beforeAll(async () => {
  db = await startDatabase();
  user = await db.person();
  team = await db.team({ [user]: "member" });
});
afterAll(() => db.close());
afterEach(() => {
  vi.unstubAllGlobals();
});
beforeEach(async () => {
  await db.admin.from("vault_secrets").delete().neq("key", "").throwOnError();
});

async function arrange(layer: "user" | "team", state: State): Promise<void> {
  if (state === "absent") return;
  const owner = owners()[layer];
  const service = await db.service();
  await service.setSecret(owner, { key: KEY, value: VALUES[layer] });
  if (state === "unreadable") {
    await db.admin
      .from("vault_secrets")
      .update({ encrypted_value: "v1.garbage" })
      .eq("owner_id", owner.id)
      .throwOnError();
  }
}

describe("the truth table: the nearest layer that holds something decides", () => {
  const rows = STATES.flatMap((userState) =>
    STATES.flatMap((teamState) => ([true, false] as const).map((env) => ({ userState, teamState, env }))),
  );
  it.each(rows)("user $userState, team $teamState, env $env", async ({ userState, teamState, env }) => {
    await arrange("user", userState);
    await arrange("team", teamState);
    const service = await db.service(env ? { platformKey: VALUES.env } : {});
    const resolve = () => service.resolveSecretWithSource(user, team, KEY);

    const layers: [SecretSource, State][] = [
      ["user", userState],
      ["team", teamState],
      ["env", env ? "present" : "absent"],
    ];
    const held = layers.filter(([, state]) => state !== "absent");
    const [source, state] = held[0] ?? [];
    if (!source) {
      expect(await resolve()).toBeNull();
      expect(await service.resolveSecret(user, team, KEY)).toBeNull();
    } else if (state === "unreadable") {
      await expect(resolve()).rejects.toMatchObject({ code: "secret_unreadable", source });
      await expect(service.resolveSecret(user, team, KEY)).rejects.toMatchObject({
        code: "secret_unreadable",
      });
    } else {
      expect(await resolve()).toEqual({ value: VALUES[source], source });
      expect(await service.resolveSecret(user, team, KEY)).toBe(VALUES[source]);
    }
    expect(await service.explainResolution(user, team, KEY)).toEqual(held.map(([name]) => name));
  });

  it.each([true, false])("with the database down it is an error, platform key %s", async (env) => {
    const service = await db.service({ down: true, ...(env && { platformKey: VALUES.env }) });
    const down = expect.objectContaining({ code: "vault_unavailable" });
    await expect(service.resolveSecret(user, team, KEY)).rejects.toEqual(down);
    await expect(service.resolveSecret(user, null, KEY)).rejects.toEqual(down);
    await expect(service.explainResolution(user, team, KEY)).rejects.toEqual(down);
    await expect(service.getSecret(owners().user, KEY)).rejects.toEqual(down);
    await expect(service.listSecrets(owners().user)).rejects.toEqual(down);
    await expect(service.setSecret(owners().user, { key: KEY, value: "x" })).rejects.toEqual(down);
    await expect(service.deleteSecret(owners().user, KEY)).rejects.toEqual(down);
  });
});

it.each([
  ["a row without a ciphertext", [{ owner_type: "user", encrypted_value: null }]],
  ["one among others", [{ owner_type: "user" }, { owner_type: "team", encrypted_value: "v1.x" }]],
  ["a row of nobody", [{ owner_type: null, encrypted_value: "v1.x" }]],
  ["a row of no layer of the database's", [{ owner_type: "env", encrypted_value: "v1.x" }]],
  ["no list", {}],
])(
  "%s is an error where a key is looked for in a team, and leads nobody to the next layer",
  async (_, body) => {
    const service = await db.service({ platformKey: VALUES.env });
    vi.stubGlobal("fetch", async () => Response.json(body));
    const down = expect.objectContaining({ code: "vault_unavailable" });
    await expect(service.resolveSecret(user, team, KEY)).rejects.toEqual(down);
    await expect(service.explainResolution(user, team, KEY)).rejects.toEqual(down);
  },
);

it("only the layers that a rule names are looked at", async () => {
  await arrange("user", "present");
  await arrange("team", "present");
  const service = await db.service({ platformKey: VALUES.env });
  for (const source of ["user", "team", "env"] as const) {
    expect(await service.resolveSecretWithSource(user, team, KEY, [source])).toEqual({
      value: VALUES[source],
      source,
    });
  }
  expect(await service.resolveSecretWithSource(user, team, KEY, [])).toBeNull();
  await arrange("user", "unreadable");
  expect(await service.resolveSecretWithSource(user, team, KEY, ["team"])).toMatchObject({ source: "team" });
});

describe("the team's layer", () => {
  it("does not count without a team", async () => {
    await arrange("team", "present");
    expect(await (await db.service()).resolveSecret(user, null, KEY)).toBeNull();
  });

  it("does not count for somebody who is not a member, not even as unreadable", async () => {
    await arrange("team", "unreadable");
    const stranger = await db.person();
    const service = await db.service({ platformKey: VALUES.env });
    expect(await service.resolveSecretWithSource(stranger, team, KEY)).toEqual({
      value: VALUES.env,
      source: "env",
    });
    expect(await service.explainResolution(stranger, team, KEY)).toEqual(["env"]);
  });

  it("stops counting at the first call after a member was removed", async () => {
    const leaving = await db.person();
    const shared = await db.team({ [leaving]: "member" });
    const service = await db.service();
    await service.setSecret({ type: "team", id: shared }, { key: KEY, value: VALUES.team });
    expect(await service.resolveSecret(leaving, shared, KEY)).toBe(VALUES.team);
    await db.admin.from("team_members").delete().eq("user_id", leaving).throwOnError();
    expect(await service.resolveSecret(leaving, shared, KEY)).toBeNull();
  });
});

describe("the environment's layer", () => {
  it("holds catalogued keys only, whatever else is in the process", async () => {
    const service = await db.service({ platformKey: VALUES.env });
    for (const key of ["VAULT_MASTER_KEY", "SUPABASE_SECRET_KEY", "PATH", "OPENAI_API_KEY", "__PROTO__"]) {
      if (key === "__PROTO__")
        await expect(service.resolveSecret(user, null, key)).rejects.toThrow(TypeError);
      else expect(await service.resolveSecret(user, null, key), key).toBeNull();
    }
  });

  it("can be switched off by the operator", async () => {
    const service = await db.service({ platformKey: VALUES.env, fallback: "off" });
    expect(await service.resolveSecret(user, null, KEY)).toBeNull();
  });
});

describe("a ciphertext in another place is an error there, and nothing falls through", () => {
  const move = async (from: { owner: Owner; key: string }, to: { owner: Owner; key: string }) => {
    const { data } = await db.admin
      .from("vault_secrets")
      .select("encrypted_value")
      .eq("owner_id", from.owner.id)
      .eq("key", from.key)
      .single()
      .throwOnError();
    await db.admin
      .from("vault_secrets")
      .insert({ owner_type: to.owner.type, owner_id: to.owner.id, key: to.key, ...data })
      .throwOnError();
  };

  it("copied to another owner", async () => {
    const other: Owner = { type: "user", id: await db.person() };
    const service = await db.service({ platformKey: VALUES.env });
    await service.setSecret(owners().user, { key: KEY, value: VALUES.user });
    await move({ owner: owners().user, key: KEY }, { owner: other, key: KEY });
    const unreadable = expect.objectContaining({ code: "secret_unreadable" });
    await expect(service.getSecret(other, KEY)).rejects.toEqual(unreadable);
    await expect(service.resolveSecret(other.id, null, KEY)).rejects.toEqual(unreadable);
    expect(await service.getSecret(owners().user, KEY)).toBe(VALUES.user);
  });

  it("copied to another key", async () => {
    const service = await db.service({ platformKey: VALUES.env });
    await service.setSecret(owners().user, { key: "OPENAI_API_KEY", value: "sk-test-openai" });
    await move({ owner: owners().user, key: "OPENAI_API_KEY" }, { owner: owners().user, key: KEY });
    await expect(service.resolveSecret(user, null, KEY)).rejects.toMatchObject({ code: "secret_unreadable" });
  });

  it("plaintext written into the column", async () => {
    const service = await db.service({ platformKey: VALUES.env });
    await db.admin
      .from("vault_secrets")
      .insert({ owner_type: "user", owner_id: user, key: KEY, encrypted_value: "sk-ant-test-plaintext" })
      .throwOnError();
    await expect(service.resolveSecret(user, null, KEY)).rejects.toMatchObject({ code: "secret_unreadable" });
    expect((await service.listSecrets(owners().user)).map(({ key }) => key)).toEqual([KEY]);
  });
});
