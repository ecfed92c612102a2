import "server-only";
import { z } from "zod";
import { adminClient } from "../supabase/admin";
import { utcTime } from "../vault/schema";
import { webhookProblem } from "./errors";

const leftWebhook = z.object({
  id: z.string(),
  address: z.string(),
  description: z.string(),
  /** Of who answered for it; null once the account is deleted, where nobody else has it. */
  email: z.string().nullable(),
  /** ISO 8601. */
  paused_at: utcTime,
});

/** A team's webhook that is paused because the person responsible is no longer an admin. */
export type LeftWebhook = z.infer<typeof leftWebhook>;

/**
 * The webhooks of a team that wait for another admin to answer for them, those that have waited longest first.
 *
 * @param teamId UUID; only admins of the team may learn this, which is for the caller to know
 * @throws Problem webhooks_unavailable
 */
export async function listLeftWebhooks(teamId: string): Promise<LeftWebhook[]> {
  const { data, error } = await adminClient().rpc("left_webhooks", { for_team: teamId });
  if (error) throw webhookProblem("webhooks_unavailable", { cause: error });
  return data.map((row) => leftWebhook.parse(row));
}
