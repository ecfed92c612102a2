import { plural } from "@/components/shared/plural";
import type { EventAction } from "@/lib/activity/actions";
import type { VaultEvent } from "@/lib/activity/events";
import { formatMoney } from "@/lib/vault-usage/money";

/** A part of a sentence: words, something's own name, the event's key, or whom it was done to. */
export type Part = string | { name: string } | "KEY" | "SUBJECT";
type Described = Pick<VaultEvent, "details" | "actor" | "subject">;

const KEY = "KEY";
const SUBJECT = "SUBJECT";

/** A text among an event's details; undefined where it is missing, or is something else. */
function text({ details }: Described, name: string): string | undefined {
  const value = details?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A text as a name of its own, or what to say without one. */
const named = (event: Described, name: string, otherwise: string): Part => {
  const found = text(event, name);
  return found === undefined ? otherwise : { name: found };
};

/** The words for a name among the details; undefined for a name without any. */
const lookUp = (words: Readonly<Record<string, string>>, name: unknown) =>
  typeof name === "string" && Object.hasOwn(words, name) ? words[name] : undefined;

const ROLES: Readonly<Record<string, string>> = { admin: "an admin", member: "a member" };
const role = (event: Described, name: string) => lookUp(ROLES, text(event, name));
const RULES: Readonly<Record<string, string>> = {
  own: "Personal keys only",
  team: "Personal, then team",
  platform: "Personal, then team, then platform",
};
const rule = (event: Described, name: string) => lookUp(RULES, text(event, name));

/** " from … to …", as far as it is known. */
function change(from: Part | undefined, to: Part | undefined): Part[] {
  return [...(from ? [" from ", from] : []), ...(to ? [" to ", to] : [])];
}
const namedChange = (event: Described) =>
  change(
    text(event, "from") ? named(event, "from", "") : undefined,
    text(event, "to") ? named(event, "to", "") : undefined,
  );

/** An amount among the details: dollars, null for no limit, undefined where it is missing. */
function amount({ details }: Described, name: string): number | null | undefined {
  const value = details?.[name];
  return typeof value === "number" || value === null ? value : undefined;
}

/** As people write it: "$20", "$0.50". */
const money = (usd: number) => (Number.isInteger(usd) ? `$${usd.toLocaleString("en-US")}` : formatMoney(usd));

function budget(event: Described): Part[] {
  const [from, to] = [amount(event, "from"), amount(event, "to")];
  const of = text(event, "of");
  const what: Part[] =
    of === "member"
      ? ["the budget for ", SUBJECT]
      : [of === "default" ? "the budget for each member" : "the team budget"];
  if (to === undefined) return ["changed ", ...what];
  if (to === null) return ["removed ", ...what, from ? ` (was ${money(from)} a month)` : ""];
  if (typeof from !== "number") return ["set ", ...what, ` to ${money(to)} a month`];
  const verb = to > from ? "raised " : to < from ? "lowered " : "set ";
  return [verb, ...what, ` from ${money(from)} to ${money(to)} a month`];
}

const CHANGED: Readonly<Record<string, string>> = {
  address: "the address",
  events: "the events",
  description: "the description",
};

function webhookChange(event: Described): Part[] {
  const changed = event.details?.changed;
  const what = Array.isArray(changed) ? changed.flatMap((name) => lookUp(CHANGED, name) ?? []) : [];
  const list = what.join(", ").replace(/, ([^,]*)$/, " and $1");
  return [`changed ${list ? `${list} of ` : ""}`, ...webhook(event)];
}

const webhook = (event: Described): Part[] =>
  text(event, "address") ? ["the webhook ", named(event, "address", "")] : ["a webhook"];

const PAUSES: Readonly<Record<string, string>> = {
  failures: " after 20 failed attempts",
  gone: ", because its receiver is gone",
  no_secret: ", because it has no signing secret",
  creator_left: ", because the admin responsible for it is no longer an admin",
};

function joined(event: Described): Part[] {
  const as = role(event, "role");
  const by = text(event, "invited_by");
  return ["joined the team", as ? ` as ${as}` : "", ...(by ? [", invited by ", { name: by }] : [])];
}

function left(event: Described): Part[] {
  const as = role(event, "role");
  const how =
    event.details?.account_deleted === true ? "deleted their account and left the team" : "left the team";
  return [as ? `${how} (was ${as})` : how];
}

/** Of an invitation: for which role, and what it is labelled with. */
function invitation(event: Described): Part[] {
  const as = role(event, "role");
  const label = text(event, "label");
  return [as ? ` as ${as}` : "", ...(label ? [" (", { name: label }, ")"] : [])];
}

function roleChange(event: Described): Part[] {
  const [from, to] = [role(event, "from"), role(event, "to")];
  if (!to) return ["changed the role of ", SUBJECT];
  return ["made ", SUBJECT, ` ${to}`, from ? ` (was ${from})` : ""];
}

/** What was done, as what follows the name of who did it. */
const SENTENCES: Record<EventAction, (event: Described) => Part[]> = {
  created: () => ["added ", KEY],
  replaced: () => ["replaced ", KEY],
  replaced_unread: () => ["replaced ", KEY, ", whose old value couldn't be read"],
  resaved: () => ["saved the same value of ", KEY, " again"],
  set: () => ["replaced or added the value of ", KEY],
  metadata: () => ["changed the description or category of ", KEY],
  revealed: () => ["revealed ", KEY],
  copied: () => ["copied ", KEY],
  checked: () => ["checked ", KEY, " with its provider"],
  deleted: () => ["deleted ", KEY],
  rotation_confirmed: () => ["confirmed that ", KEY, " was rotated at its provider"],
  imported: ({ details }) =>
    typeof details?.count === "number" ? [`imported ${plural(details.count, "key")}`] : ["imported keys"],
  team_created: (event) => [
    "created the team",
    ...(text(event, "name") ? [" ", named(event, "name", "")] : []),
  ],
  team_renamed: (event) => ["renamed the team", ...namedChange(event)],
  rule_changed: (event) => [
    "changed which keys runs may use",
    ...change(quoted(rule(event, "from")), quoted(rule(event, "to"))),
  ],
  budget_changed: budget,
  team_deleted: (event) => ["deleted ", named(event, "name", "the team")],
  team_restored: (event) => ["restored ", named(event, "name", "the team")],
  member_invited: (event) => ["invited someone", ...invitation(event)],
  invite_withdrawn: (event) => ["revoked an invitation", ...invitation(event)],
  member_joined: joined,
  member_left: left,
  member_removed: (event) => {
    const as = role(event, "role");
    return ["removed ", SUBJECT, " from the team", as ? ` (was ${as})` : ""];
  },
  role_changed: roleChange,
  webhook_added: (event) => ["added ", ...webhook(event)],
  webhook_changed: webhookChange,
  webhook_paused: (event) => ["paused ", ...webhook(event), lookUp(PAUSES, text(event, "reason")) ?? ""],
  webhook_resumed: (event) => ["resumed ", ...webhook(event)],
  webhook_removed: (event) => ["deleted ", ...webhook(event)],
  webhook_shown: (event) => ["revealed the full address of ", ...webhook(event)],
  webhook_secret_renewed: (event) => ["created a new signing secret for ", ...webhook(event)],
  password_changed: () => ["changed the password"],
  email_changed: (event) => ["changed the e-mail address", ...namedChange(event)],
  sessions_ended: (event) => [
    text(event, "scope") === "others" ? "signed out all other sessions" : "signed out all sessions",
  ],
  confirmation_failed: () => ["entered a wrong password when confirming"],
  factor_added: () => ["added an authenticator app"],
  factor_removed: () => ["removed an authenticator app"],
};

const quoted = (words: string | undefined) => words && `“${words}”`;

/** An event as the parts of a sentence, after the name of who did it. What its details lack is left out. */
export const describeEvent = (event: VaultEvent): Part[] =>
  SENTENCES[event.action](event).filter((part) => part !== "");

/** Who did it, where that isn't a person in the app. */
export const nobody = ({ action }: Pick<VaultEvent, "action">) =>
  action === "webhook_paused" ? "The vault" : "The operator";
