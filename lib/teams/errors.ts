import { defineProblems } from "../vault/http/problem";

/** The closed list of errors of teams and invitations; see docs/errors.md. */
export const TEAM_PROBLEMS = {
  team_limit: {
    status: 409,
    detail: "You're already in 50 teams, or you've deleted many in the past 30 days. Leave one first.",
  },
  last_admin: {
    status: 409,
    detail: "A team needs at least one admin. Make someone else an admin first, or delete the team.",
  },
  team_needs_admin: {
    status: 409,
    detail: "You're the only admin of a team with other members. Choose who takes over, or delete the team.",
  },
  member_not_found: { status: 404, detail: "This person isn't in the team. Reload the page." },
  invite_limit: {
    status: 409,
    detail: "The team already has 20 open invite links. Revoke one first.",
  },
  mail_unavailable: {
    status: 409,
    detail: "This server doesn't send e-mail. Create the link without an address, and send it yourself.",
  },
  invite_mail_rate_limited: {
    status: 429,
    detail: "You've just sent several invitations. Wait a moment, or create a link without an address.",
  },
  invite_not_found: {
    status: 404,
    detail: "This invitation isn't valid: it was used, was revoked, or has expired. Ask for a new one.",
  },
} as const;

/** Builds a listed error to throw. */
export const teamProblem = defineProblems(TEAM_PROBLEMS);
