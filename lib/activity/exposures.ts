import "server-only";
import { z } from "zod";
import { adminClient } from "../supabase/admin";
import { allRows } from "../supabase/all-rows";
import { utcTime } from "../vault/schema";

const exposure = z.object({
  user_id: z.string(),
  /** Null once the account is deleted. */
  email: z.string().nullable(),
  key: z.string(),
  /** When the person last saw or entered the value. ISO 8601. */
  seen_at: utcTime,
  /** The secret's last_rotated_at when this was asked. */
  rotated_at: utcTime,
});

/** A team's key whose present value is known to somebody who is not a member now. */
export type Exposure = z.infer<typeof exposure>;

/**
 * The keys that a team should replace: those whose present value was shown to, or entered by, people who have
 * left or were removed. By person, then by key.
 *
 * @param teamId UUID; only admins of the team may learn this, which is for the caller to know
 * @param userId UUID, for one person's alone
 * @throws Problem vault_unavailable
 */
export async function listExposures(teamId: string, userId?: string): Promise<Exposure[]> {
  const rows = await allRows(
    (from, to) => {
      const all = adminClient().rpc("team_exposures", { for_team: teamId });
      return (userId === undefined ? all : all.eq("user_id", userId))
        .order("email", { nullsFirst: false })
        .order("user_id")
        .order("key")
        .range(from, to);
    },
    (row) => [row.user_id, row.key].join(),
  );
  return rows.map((row) => exposure.parse(row));
}
