// What an event can say. The database has the same lists, in the check on vault_events.action.

/** What was done to a key. */
const KEY_ACTIONS = [
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
const ACCOUNT_ACTIONS = [
  "password_changed",
  "email_changed",
  "sessions_ended",
  "confirmation_failed",
  "factor_added",
  "factor_removed",
] as const;
export type AccountAction = (typeof ACCOUNT_ACTIONS)[number];

/** Many keys at once, each of which has its own event beside this one. */
const IMPORT = "imported";

/** What was done to teams, members, invitations and webhooks, which the database writes down by itself as it happens. */
const ADMINISTRATION = [
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
  "webhook_shown",
] as const;

export const EVENT_ACTIONS = [...KEY_ACTIONS, IMPORT, ...ADMINISTRATION, ...ACCOUNT_ACTIONS] as const;
export type EventAction = (typeof EVENT_ACTIONS)[number];

/** What people look for by one name, however many actions that is. */
export const ACTION_GROUPS = {
  values_seen: ["revealed", "copied"],
  key_changes: [
    "created",
    "replaced",
    "replaced_unread",
    "resaved",
    "set",
    "imported",
    "metadata",
    "deleted",
    "rotation_confirmed",
  ],
  checks: ["checked"],
  people: [
    "member_invited",
    "invite_withdrawn",
    "member_joined",
    "member_left",
    "member_removed",
    "role_changed",
  ],
  team_settings: [
    "team_created",
    "team_renamed",
    "rule_changed",
    "budget_changed",
    "team_deleted",
    "team_restored",
  ],
  webhooks: [
    "webhook_added",
    "webhook_changed",
    "webhook_paused",
    "webhook_resumed",
    "webhook_removed",
    "webhook_secret_renewed",
    "webhook_shown",
  ],
  account: ACCOUNT_ACTIONS,
} as const satisfies Record<string, readonly EventAction[]>;
export type ActionGroup = keyof typeof ACTION_GROUPS;

/** The actions that a filter names: those of a group, or a single one. */
export const actionsOf = (name: ActionGroup | EventAction): readonly EventAction[] =>
  name in ACTION_GROUPS ? ACTION_GROUPS[name as ActionGroup] : [name as EventAction];
