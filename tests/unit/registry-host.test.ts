import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeEach, expect, it, vi } from "vitest";
import type { Owner, TeamRole } from "../../lib/vault/types.ts";
import { readBlock } from "../registry/docs.ts";

// Whether somebody may use a team's key is decided, in an app that took the vault in, by registry/host.ts alone.

const USER = "0a000000-0000-4000-8000-00000000000a";
const TEAM = "7e000000-0000-4000-8000-000000000001";
const KEY = "ANTHROPIC_API_KEY";

const store = vi.hoisted(() => ({
  readCiphertext: vi.fn<(owner: Owner, key: string) => Promise<string>>(),
  readCiphertextToShow: vi.fn<(owner: Owner, key: string) => Promise<string>>(),
}));
vi.mock("@/lib/vault/store", () => store);

/** What the database answers to the question who somebody is in a team. */
const membership = vi.hoisted(() => ({
  answer: { data: null as { role: string } | null, error: null as Error | null },
  asked: vi.fn<(column: string, value: string) => void>(),
}));
vi.mock("@supabase/supabase-js", () => {
  const query = {
    select: () => query,
    eq(column: string, value: string) {
      membership.asked(column, value);
      return query;
    },
    maybeSingle: async () => membership.answer,
  };
  return { createClient: () => ({ from: () => query }) };
});

// Inside the project, where its packages are found, and ignored by git.
mkdirSync(".data", { recursive: true });
const folder = mkdtempSync(resolve(".data/host-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What access.ts asks: the file under test, as the host.ts that it becomes in an app. */
let host: typeof import("../../registry/host.ts");
vi.mock("@/lib/vault/host", () => ({
  getTeamRole: (userId: string, teamId: string) => host.getTeamRole(userId, teamId),
}));

/** The file as it is shipped, or with the teams that docs/install.md gives it. */
async function load(which: "shipped" | "with teams"): Promise<typeof import("../../registry/host.ts")> {
  const shipped = readFileSync("registry/host.ts", "utf8");
  const teams = readBlock("lib/vault/host.ts");
  const file = join(folder, `${which}.ts`);
  const code = shipped.replace(/^export const getTeamRole[^;]*;\n/m, () => teams);
  writeFileSync(file, which === "shipped" ? shipped : code);
  host = await import(file);
  return host;
}

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv("NEXT_PUBLIC_SUPABASE_URL", "http://127.0.0.1:1");
  vi.stubEnv("SUPABASE_SECRET_KEY", "sb_secret_test");
  membership.answer = { data: null, error: null };
  membership.asked.mockClear();
  for (const read of Object.values(store)) {
    read.mockClear();
    read.mockImplementation(async ({ type }) => `v1.of-the-${type}`);
  }
});

it("without teams, nobody may use what is stored for one", async () => {
  const { readCandidates } = await load("shipped");
  expect(await readCandidates(USER, TEAM, KEY)).toEqual({ user: "v1.of-the-user", team: null });
});

it.each([
  ["owner", "admin", "v1.of-the-team"],
  ["guest", "member", "v1.of-the-team"],
  [null, null, null],
] as [string | null, TeamRole | null, string | null][])(
  "with teams, a person whose role is %s is %s, and may use %s",
  async (role, means, team) => {
    membership.answer.data = role === null ? null : { role };
    const { getTeamRole, readCandidates } = await load("with teams");
    expect(await getTeamRole(USER, TEAM)).toBe(means);
    membership.asked.mockClear();
    expect(await readCandidates(USER, TEAM, KEY)).toEqual({ user: "v1.of-the-user", team });
    expect(membership.asked.mock.calls).toEqual([
      ["team_id", TEAM],
      ["user_id", USER],
    ]);
    expect(store.readCiphertext).toHaveBeenCalledWith({ type: "user", id: USER }, KEY);
    expect(store.readCiphertext).toHaveBeenCalledWith({ type: "team", id: TEAM }, KEY);
  },
);

it("with teams, it gives nothing where the database does not say who is in one", async () => {
  membership.answer.error = new Error("away");
  const { readCandidates } = await load("with teams");
  await expect(readCandidates(USER, TEAM, KEY)).rejects.toMatchObject({ code: "vault_unavailable" });
});

it.each([
  ["owner", "revealed", "v1.of-the-team"],
  ["owner", "checked", "v1.of-the-team"],
  ["guest", "revealed", "team_role_required"],
  ["guest", "checked", "v1.of-the-team"],
  [null, "revealed", "team_not_found"],
  [null, "checked", "team_not_found"],
] as const)(
  "with teams, a person whose role is %s and who wants a value %s gets %s",
  async (role, action, given) => {
    membership.answer.data = role === null ? null : { role };
    const { readIfAllowed } = await load("with teams");
    const use = { userId: USER, owner: { type: "team", id: TEAM }, key: KEY, action } as const;
    const outcome = await readIfAllowed(use).catch(({ code }) => code);
    expect(outcome).toBe(given);
    // What is going to be shown is read in the way that refuses a use-only key.
    const isGiven = given.startsWith("v1.");
    expect(store.readCiphertext).toHaveBeenCalledTimes(isGiven && action === "checked" ? 1 : 0);
    expect(store.readCiphertextToShow).toHaveBeenCalledTimes(isGiven && action === "revealed" ? 1 : 0);
  },
);

it("without teams, a person is given their own and nothing that is stored for one", async () => {
  const { readIfAllowed } = await load("shipped");
  const use = { userId: USER, key: KEY, action: "revealed" } as const;
  expect(await readIfAllowed({ ...use, owner: { type: "user", id: USER } })).toBe("v1.of-the-user");
  const team = readIfAllowed({ ...use, owner: { type: "team", id: TEAM } });
  await expect(team).rejects.toMatchObject({ code: "team_not_found" });
});
