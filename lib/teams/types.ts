import type { TeamRole } from "../vault/types";

export type { TeamRole };

// What the browser and the server both need to know of teams.

/** Whose keys may pay for runs in a team: the person's own only, also the team's, also the platform's. */
export const KEY_POLICIES = ["own", "team", "platform"] as const;
export type KeyPolicy = (typeof KEY_POLICIES)[number];

/** The most characters that a team's name has. */
export const MAX_TEAM_NAME_LENGTH = 80;
export const TEAM_NAME_RULE = `A team's name has 1 to ${MAX_TEAM_NAME_LENGTH} characters.`;

/** What the form says of a name before it is sent, since a very long one would not even be read; null if that is nothing. */
export const nameProblem = (name: string): string | null =>
  name.trim().length > MAX_TEAM_NAME_LENGTH ? TEAM_NAME_RULE : null;

/** The most characters that the label of an invitation has. */
export const MAX_LABEL_LENGTH = 60;
export const LABEL_RULE = `A label has 1 to ${MAX_LABEL_LENGTH} characters.`;

/** A team as one of its members sees it in a list. */
export interface TeamSummary {
  id: string;
  name: string;
  role: TeamRole;
  key_policy: KeyPolicy;
  /** US dollars a month (UTC) for runs on the team's key; null for no budget. */
  monthly_usd: number | null;
  /** The same for each member who has no budget of their own; for admins only. */
  member_monthly_usd?: number | null;
  /** The same for the person who reads this: their own budget, or the default. */
  own_monthly_usd: number | null;
}

/** What was spent of a budget this month (UTC) on the team's key, in US dollars. */
export interface BudgetUse {
  /** Null for no budget. */
  monthly_usd: number | null;
  spent_usd: number;
  /** The most that runs under way may cost. */
  held_usd: number;
}

/** A member's. */
export interface MemberBudget extends BudgetUse {
  user_id: string;
  /** Whether it is the team's default, and not a budget of their own. */
  is_default: boolean;
}

/** What somebody may see of the budgets of their team. */
export interface TeamBudgets {
  own: BudgetUse;
  /** For admins only. What people spent who left counts here alone. */
  team?: BudgetUse;
  /** For admins only. */
  members?: MemberBudget[];
}

/** Somebody in a team, as the others see them. */
export interface TeamMember {
  user_id: string;
  /** Empty where the account has none. */
  email: string;
  role: TeamRole;
  joined_at: string;
  is_you: boolean;
}

/** An invitation that can still be accepted. */
export interface OpenInvite {
  id: string;
  role: TeamRole;
  /** Whom it is for, as its admin wrote it. */
  label: string | null;
  /** The admin's e-mail address. */
  created_by: string;
  created_at: string;
  expires_at: string;
}

/** An invitation that was just created; its link is never shown again. */
export interface NewInvite {
  id: string;
  url: string;
  role: TeamRole;
  label: string | null;
  expires_at: string;
}

/** The reply where it was to be sent by mail as well. */
export interface MailedInvite extends NewInvite {
  /** Whether the mail server took the mail. */
  is_mailed?: boolean;
}

/** What somebody who has an invitation's link sees before they join. */
export interface InvitePreview {
  team_name: string;
  role: TeamRole;
  /** The admin's e-mail address. */
  invited_by: string;
  expires_at: string;
  already_member: boolean;
  /** Only for those who are in the team already. */
  team_id?: string;
}

/** A team's key whose value somebody has seen who was just removed. */
export interface KeyToRotate {
  key: string;
  seen_at: string;
}

/** For how long a deleted team can be brought back. The database has the same number. */
export const KEPT_DAYS = 30;

/** A deleted team, as one of its former admins sees it. Times are ISO 8601 in UTC. */
export interface DeletedTeam {
  id: string;
  name: string;
  deleted_at: string;
  deleted_by: {
    /** Null where the account is gone, and nobody has its address. */
    email: string | null;
    is_you: boolean;
  };
  /** From then on it is gone for good. */
  kept_until: string;
}
