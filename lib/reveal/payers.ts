import "server-only";
import { z } from "zod";
import { expiresSoon } from "../alerts/expiring";
import { adminClient } from "../supabase/admin";
import type { TeamSummary } from "../teams/types";
import { vaultProblem } from "../vault/errors";
import { utcTime, uuid } from "../vault/schema";
import { explainResolution } from "../vault/service";
import type { SessionUser } from "../vault/session/session";
import { readBudget } from "./budget";
import { readTeamBudget } from "./team-budget";
import { type Payers, REVEAL_KEY } from "./types";

/**
 * Whose key the next run would be paid with. Decrypts nothing.
 *
 * @param team one that the person is in; null for their own workspace
 * @throws Problem vault_unavailable
 */
export async function explainPayers(
  user: Pick<SessionUser, "id">,
  team: TeamSummary | null,
): Promise<Payers> {
  const [holders, expiries] = await Promise.all([
    explainResolution(user.id, team?.id ?? null, REVEAL_KEY),
    readExpiries(user.id, team?.id ?? null),
  ]);
  const [budget, team_budget] = await Promise.all([
    holders.includes("env") ? readBudget(user.id) : null,
    team && team.key_policy !== "own" && holders.includes("team") ? readTeamBudget(team, user.id) : null,
  ]);
  return {
    holders: budget ? holders : holders.filter((source) => source !== "env"),
    policy: team?.key_policy ?? null,
    budget,
    team_budget,
    expiries,
  };
}

const expiryRows = z.array(
  z.object({
    owner_type: z.enum(["user", "team"]),
    details: z.object({ expires_at: utcTime.nullable() }).nullable(),
  }),
);

/** Those of the keys that could pay which expire soon. */
async function readExpiries(userId: string, teamId: string | null): Promise<Payers["expiries"]> {
  // These filters are text, so what goes into them is checked here whatever the caller has checked.
  const of = (type: string, id: string) => `and(owner_type.eq.${type},owner_id.eq.${uuid.parse(id)})`;
  const owners = [of("user", userId), ...(teamId === null ? [] : [of("team", teamId)])];
  const { data, error } = await adminClient()
    .from("vault_secrets")
    .select("owner_type, details:vault_secret_details(expires_at)")
    .eq("key", REVEAL_KEY)
    .or(owners.join());
  const rows = expiryRows.safeParse(data);
  if (error || !rows.success) throw vaultProblem("vault_unavailable", { cause: error ?? rows.error });
  const dated = rows.data.map(
    ({ owner_type, details }) => [owner_type, details?.expires_at ?? null] as const,
  );
  return Object.fromEntries(dated.filter(([, expiry]) => expiresSoon(expiry)));
}
