import { describe, expect, it } from "vitest";
import { ICONS } from "../../components/activity/icons";
import { ACTION_LABELS } from "../../components/activity/labels";
import { describeEvent, nobody } from "../../components/activity/words";
import { ACTION_GROUPS, EVENT_ACTIONS, type EventAction } from "../../lib/activity/actions";
import type { VaultEvent } from "../../lib/activity/events";

const event = (action: EventAction, details: object | null = null): VaultEvent => ({
  id: "x",
  created_at: "2026-11-29T12:00:00.000000Z",
  import_id: null,
  key: "ANTHROPIC_API_KEY",
  actor: { email: "ann@example.com", is_you: false },
  subject: { email: "bob@example.com", is_you: false },
  action,
  details: details as VaultEvent["details"],
});

/** The sentence without its first words, as a person reads it. */
const read = (action: EventAction, details: object | null = null) =>
  describeEvent(event(action, details))
    .map((part) =>
      typeof part === "object"
        ? part.name
        : part === "KEY"
          ? "ANTHROPIC_API_KEY"
          : part === "SUBJECT"
            ? "bob@example.com"
            : part,
    )
    .join("");

describe("the words for an event", () => {
  it.each<[EventAction, object | null, string]>([
    ["replaced", null, "replaced ANTHROPIC_API_KEY"],
    ["copied", null, "copied ANTHROPIC_API_KEY"],
    ["revealed", null, "revealed ANTHROPIC_API_KEY"],
    ["resaved", null, "saved the same value of ANTHROPIC_API_KEY again"],
    ["imported", { count: 200 }, "imported 200 keys"],
    ["imported", { count: 1 }, "imported 1 key"],
    ["role_changed", { from: "member", to: "admin" }, "made bob@example.com an admin (was a member)"],
    ["member_removed", { role: "member" }, "removed bob@example.com from the team (was a member)"],
    [
      "member_joined",
      { role: "admin", invited_by: "ann@example.com" },
      "joined the team as an admin, invited by ann@example.com",
    ],
    [
      "member_left",
      { role: "admin", account_deleted: true },
      "deleted their account and left the team (was an admin)",
    ],
    ["member_invited", { role: "member", label: "Bob" }, "invited someone as a member (Bob)"],
    ["team_renamed", { from: "Old", to: "New" }, "renamed the team from Old to New"],
    [
      "rule_changed",
      { from: "own", to: "team" },
      "changed which keys runs may use from “Personal keys only” to “Personal, then team”",
    ],
    ["budget_changed", { of: "team", from: 20, to: 50 }, "raised the team budget from $20 to $50 a month"],
    [
      "budget_changed",
      { of: "default", from: 50, to: 0.5 },
      "lowered the budget for each member from $50 to $0.50 a month",
    ],
    [
      "budget_changed",
      { of: "member", from: null, to: 1000 },
      "set the budget for bob@example.com to $1,000 a month",
    ],
    ["budget_changed", { of: "team", from: 20, to: null }, "removed the team budget (was $20 a month)"],
    [
      "webhook_paused",
      { address: "https://hook.test/…", reason: "failures" },
      "paused the webhook https://hook.test/… after 20 failed attempts",
    ],
    [
      "webhook_paused",
      { address: "https://hook.test/…", reason: "creator_left" },
      "paused the webhook https://hook.test/…, because the admin responsible for it is no longer an admin",
    ],
    [
      "webhook_changed",
      { address: "https://hook.test/…", changed: ["address", "events"] },
      "changed the address and the events of the webhook https://hook.test/…",
    ],
    ["email_changed", { from: "a@b.c", to: "d@e.f" }, "changed the e-mail address from a@b.c to d@e.f"],
    ["sessions_ended", { scope: "others" }, "signed out all other sessions"],
    ["confirmation_failed", null, "entered a wrong password when confirming"],
  ])("%s %j", (action, details, sentence) => {
    expect(read(action, details)).toBe(sentence);
  });

  it.each(EVENT_ACTIONS)("of %s are a sentence, whatever its details lack or hold", (action) => {
    const names = [
      "from",
      "to",
      "of",
      "name",
      "role",
      "label",
      "address",
      "changed",
      "reason",
      "count",
      "scope",
      "email",
    ];
    for (const value of [undefined, null, "", "__proto__", "KEY", 7, true, ["x"], { nested: "x" }]) {
      const sentence = read(
        action,
        value === undefined ? null : Object.fromEntries(names.map((name) => [name, value])),
      );
      expect(sentence).toMatch(/^[a-z]/);
      expect(sentence).not.toMatch(/undefined|null|\[object|NaN|function| {2}/);
    }
    expect(ICONS[action]).toBeDefined();
    expect(ACTION_LABELS[action]).toBeDefined();
    expect(
      Object.values(ACTION_GROUPS).filter((actions: readonly string[]) => actions.includes(action)),
    ).toHaveLength(1);
  });

  it("name who did what nobody in the app did", () => {
    expect(nobody({ action: "webhook_paused" })).toBe("The vault");
    expect(nobody({ action: "member_joined" })).toBe("The operator");
  });
});
