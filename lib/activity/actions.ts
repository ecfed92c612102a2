// What an event can say. The database has the same lists, in the check on vault_events.action.

/** What was done to a key. */
export const KEY_ACTIONS = [
  "created",
  "replaced",
  /** Replaced, where the old value could not be compared with the new one. */
  "replaced_unread",
  /** Given the value that it had already. */
  "resaved",
  "metadata",
  "revealed",
  "copied",
  "checked",
  "deleted",
  "rotation_confirmed",
  /** From before: created, replaced or resaved. */
  "set",
] as const;
export type KeyAction = (typeof KEY_ACTIONS)[number];

/** What was done to somebody's own account. */
export const ACCOUNT_ACTIONS = [
  "password_changed",
  "email_changed",
  "sessions_ended",
  "confirmation_failed",
  "factor_added",
  "factor_removed",
] as const;
export type AccountAction = (typeof ACCOUNT_ACTIONS)[number];

/** Everything else, which the database writes down by itself as it happens. */
const ADMINISTRATION = [
  "imported",
  "team_created",
  "team_renamed",
  "rule_changed",
  "budget_changed",
  "team_deleted",
  "team_restored",
  "member_invited",
  "invite_withdrawn",
  "member_joined",
  "member_left",
  "member_removed",
  "role_changed",
  "webhook_added",
  "webhook_changed",
  "webhook_paused",
  "webhook_resumed",
  "webhook_removed",
  "webhook_secret_renewed",
] as const;

export const EVENT_ACTIONS = [...KEY_ACTIONS, ...ADMINISTRATION, ...ACCOUNT_ACTIONS] as const;
export type EventAction = (typeof EVENT_ACTIONS)[number];
