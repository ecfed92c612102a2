import { afterAll, beforeAll, beforeEach } from "vitest";
import { startDatabase } from "./harness.ts";

// For each file of tests of teams: an admin and a member of a team, and somebody who is in none.

export let db: Awaited<ReturnType<typeof startDatabase>>;
export let lib: Awaited<ReturnType<typeof load>>;
export let admin: string;
export let member: string;
export let stranger: string;
export let team: string;

/** The parts of the app that know teams, as one server process has them. */
async function load() {
  await db.service();
  return {
    ...(await import("../../lib/account/deletion.ts")),
    ...(await import("../../lib/teams/teams.ts")),
    ...(await import("../../lib/teams/deleted.ts")),
    ...(await import("../../lib/teams/members.ts")),
    ...(await import("../../lib/auth/profiles.ts")),
    ...(await import("../../lib/teams/invites.ts")),
    ...(await import("../../lib/teams/membership.ts")),
    ...(await import("../../lib/vault/access.ts")),
    ...(await import("../../lib/vault/service.ts")),
  };
}

beforeAll(async () => {
  db = await startDatabase();
  lib = await load();
});
afterAll(() => db.close());
beforeEach(async () => {
  [admin, member, stranger] = await Promise.all([db.person(), db.person(), db.person()]);
  team = (await lib.createTeam(admin, "Research")).id;
  await db.admin.from("team_members").insert({ team_id: team, user_id: member }).throwOnError();
});

export const roles = async (id = team) =>
  Object.fromEntries((await lib.listMembers(id, admin)).map(({ user_id, role }) => [user_id, role]));
export const emailOf = async (id: string) =>
  (await db.admin.from("profiles").select("email").eq("user_id", id).single().throwOnError()).data.email;
export const tokenOf = ({ url }: { url: string }) => url.slice(url.indexOf("#") + 1);
export const invite = async (role: "admin" | "member" = "member", from = admin) =>
  tokenOf(await lib.createInvite(from, team, role));
/** How each attempt ended: done, or the code of its problem. */
export const outcomes = async (attempts: Promise<unknown>[]) =>
  (await Promise.allSettled(attempts))
    .map((result) => (result.status === "fulfilled" ? "done" : result.reason.code))
    .sort();
