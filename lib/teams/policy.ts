import type { SecretSource } from "../vault/types";
import type { KeyPolicy } from "./types";

const ALLOWED: Record<KeyPolicy, readonly SecretSource[]> = {
  own: ["user"],
  team: ["user", "team"],
  platform: ["user", "team", "env"],
};

/**
 * Whose keys may pay for runs in a team, nearest first.
 *
 * @param policy null outside of teams, where there is no rule
 */
export const allowedSources = (policy: KeyPolicy | null) => ALLOWED[policy ?? "platform"];
