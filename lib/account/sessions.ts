import "server-only";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import { utcTime } from "../vault/schema";
import type { SessionUser } from "../vault/session/session";
import { deviceOf } from "./device";
import type { AccountSession } from "./types";

/**
 * A person's sessions that are still good: this one first, then by their latest use.
 *
 * @param user from the session
 * @throws Problem vault_unavailable
 */
export async function listSessions(user: SessionUser): Promise<AccountSession[]> {
  const { data, error } = await adminClient().rpc("account_sessions", { for_user: user.id });
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  return data
    .flatMap(({ id, created_at, used_at, user_agent }) =>
      id && created_at
        ? {
            id,
            created_at: utcTime.parse(created_at),
            used_at: utcTime.parse(used_at ?? created_at),
            device: deviceOf(user_agent),
            is_current: id === user.sessionId,
          }
        : [],
    )
    .sort((a, b) => Number(b.is_current) - Number(a.is_current));
}
