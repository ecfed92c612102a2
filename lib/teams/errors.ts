import { vaultProblem } from "../vault/errors";
import { defineProblems, type Problem } from "../vault/http/problem";

/** The closed list of errors of teams and invitations; see docs/errors.md. */
export const TEAM_PROBLEMS = {
  team_limit: {
    status: 409,
    detail: "You are in 50 teams already, or have deleted many within 30 days. Leave one first.",
  },
  last_admin: {
    status: 409,
    detail: "A team has at least one admin. Make somebody else an admin first, or delete the team.",
  },
  team_needs_admin: {
    status: 409,
    detail:
      "You are the only admin of a team that has other members. Choose who takes over, or delete the team.",
  },
  member_not_found: { status: 404, detail: "This person is not in the team, or no longer." },
  invite_limit: {
    status: 409,
    detail: "The team has 20 open invite links already. Take one back first.",
  },
  mail_unavailable: {
    status: 409,
    detail: "This server sends no mail. Create the link without an address, and send it yourself.",
  },
  invite_mail_rate_limited: {
    status: 429,
    detail: "You have sent several invitations just now. Wait a moment, or create a link without an address.",
  },
  invite_not_found: {
    status: 404,
    detail: "This invitation does not work: it was used, taken back, or has expired. Ask for a new one.",
  },
} as const;

/** Builds a listed error to throw. */
export const teamProblem = defineProblems(TEAM_PROBLEMS);

/**
 * What a statement that asks for the role itself refuses with: who asks is not in such a team, is no admin of it, or wants to
 * see a value that is for use only.
 *
 * @returns undefined for any other error, and for none
 */
export function refusalOf(error: { code: string } | null): Problem | undefined {
  if (error?.code === "PT404") return vaultProblem("team_not_found");
  if (error?.code === "PT403") return vaultProblem("team_role_required");
  if (error?.code === "PT423") return vaultProblem("secret_use_only");
  return undefined;
}

/** {@link refusalOf} an error, or that the database did not answer. */
export const explainRefusal = (error: { code: string }): Problem =>
  refusalOf(error) ?? vaultProblem("vault_unavailable", { cause: error });
