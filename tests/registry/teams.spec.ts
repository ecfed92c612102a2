import { randomUUID } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import { expect, newKey, receivedWith, signUp, store, test } from "../e2e/fixtures";
import { TEST_SECRET_KEY } from "../support/keys";
import { SUPABASE_URL } from "../support/ports";
import { ask, NO_KEY, userId } from "./feature";
import { hostNamed } from "./hosts";

// What docs/install.md and docs/host-examples.md say on the app's own teams.

const { teams } = hostNamed(process.env.HOST);
const admin = createClient(SUPABASE_URL, TEST_SECRET_KEY, { auth: { persistSession: false } });

/** How an app that has teams makes one, adds a person to it, and deletes it with all that hangs on it. */
interface Teams {
  create: (owner: string) => Promise<string>;
  add: (team: string, user: string) => PromiseLike<{ error: unknown }>;
  leave: (team: string, user: string) => PromiseLike<{ error: unknown }>;
  delete: (team: string) => PromiseLike<{ error: unknown }>;
}

const KINDS: Record<NonNullable<typeof teams>, Teams> = {
  team_members: {
    async create(owner) {
      const { data } = await admin.from("teams").insert({ name: "Cartography" }).select().single();
      await admin.from("team_members").insert({ team_id: data.id, user_id: owner, role: "owner" });
      return data.id;
    },
    add: (team_id, user_id) => admin.from("team_members").insert({ team_id, user_id, role: "guest" }),
    leave: (team_id, user_id) => admin.from("team_members").delete().match({ team_id, user_id }),
    delete: (team_id) => admin.from("teams").delete().eq("id", team_id),
  },
  accounts: {
    create: async (owner) => (await admin.rpc("create_account", { owner })).data,
    add: (account, member) => admin.rpc("add_member", { account, member }),
    leave: (account, member) => admin.rpc("remove_member", { account, member }),
    delete: (account) => admin.rpc("delete_account", { account }),
  },
};

if (teams) {
  test("the app's own teams: who is an owner there sets keys, and a member's feature uses them", async ({
    page,
    browser,
  }) => {
    const owner = await (await browser.newContext()).newPage();
    const stranger = await (await browser.newContext()).newPage();
    const accounts = await Promise.all([signUp(owner), signUp(page), signUp(stranger)]);
    expect(accounts).toHaveLength(3);
    const own = KINDS[teams];
    const team = await own.create(await userId(owner));
    const member = await userId(page);
    expect((await own.add(team, member)).error).toBeNull();
    const key = newKey();
    await store(owner, "ANTHROPIC_API_KEY", key, team);

    const query = `/api/vault?team_id=${team}`;
    expect((await (await page.request.get(query)).json()).secrets).toMatchObject([
      { key: "ANTHROPIC_API_KEY" },
    ]);
    const reveal = `${query}&key=ANTHROPIC_API_KEY&reveal=true`;
    expect((await owner.request.get(reveal)).status()).toBe(200);
    expect((await page.request.get(reveal)).status()).toBe(403);
    expect((await stranger.request.get(query)).status()).toBe(404);

    const uses = { status: 200, body: { source: "team" } };
    expect(await ask(owner, team)).toMatchObject(uses);
    expect(await ask(page, team)).toMatchObject(uses);
    expect(await receivedWith(key)).toHaveLength(2);
    expect(await ask(stranger, team)).toMatchObject(NO_KEY);
    expect(await ask(page)).toMatchObject(NO_KEY);
    // It counts who is in the team now.
    expect((await own.leave(team, member)).error).toBeNull();
    expect(await ask(page, team)).toMatchObject(NO_KEY);
    expect(await receivedWith(key)).toHaveLength(2);

    expect((await own.delete(team)).error).toBeNull();
    const left = await admin.from("vault_secrets").select("id").eq("owner_id", team);
    expect(left.data).toEqual([]);
  });
} else {
  test("without teams, a team's id is that of no team", async ({ page, account }) => {
    expect(account.email).toContain("@");
    const team_id = randomUUID();
    expect((await page.request.get(`/api/vault?team_id=${team_id}`)).status()).toBe(404);
    const reply = await page.request.post("/api/vault", {
      data: { key: "OPENAI_API_KEY", value: "x", team_id },
    });
    expect([reply.status(), (await reply.json()).code]).toEqual([404, "team_not_found"]);
    expect(await ask(page, team_id)).toMatchObject(NO_KEY);
  });
}
