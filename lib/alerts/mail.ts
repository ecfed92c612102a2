import { formatMoney } from "../vault-usage/money";
import { OPERATOR_PAGE, pageHref } from "../workspace/href";
import type { Alert } from "./types";

interface AlertMail {
  subject: string;
  text: string;
}

/**
 * An alert in words, with a link to the page where people can act on it.
 *
 * @param team its name, as a mail may quote it; null for the platform's caps
 * @param origin of the app's pages
 */
export function alertMail(alert: Alert, team: string | null, origin: string): AlertMail {
  const { percent, spentUsd, limitUsd } = alert;
  const { limit, keys, ends, next } = wordsOf(alert, team);
  const isReached = percent === 100;
  return {
    subject: isReached ? `Reached: ${limit}` : `80% spent: ${limit}`,
    text: [
      `${limit.charAt(0).toUpperCase()}${limit.slice(1)}: ${formatMoney(spentUsd)} of ${formatMoney(limitUsd)} spent.`,
      isReached
        ? `Runs on ${keys} that could cost more than what is left are refused until ${ends} (UTC).`
        : `When it's reached, runs on ${keys} are refused until ${ends} (UTC).`,
      next,
      `${origin}${pathOf(alert)}`,
    ].join("\n\n"),
  };
}

interface Words {
  limit: string;
  /** What is refused. */
  keys: string;
  ends: string;
  next: string;
}

function wordsOf({ cap, periodStart }: Alert, team: string | null): Words {
  const start = new Date(periodStart);
  const month = start.toLocaleDateString("en-US", { month: "long", timeZone: "UTC" });
  const day = start.toLocaleDateString("en-US", { month: "long", day: "numeric", timeZone: "UTC" });
  const keys = `the key of ${team}`;
  const ends = `the end of ${month}`;
  switch (cap) {
    case "platform_daily":
      return {
        limit: `the limit for ${day} on the platform's key`,
        keys: "the platform's key",
        ends: "midnight",
        next: "Sign in to see its costs or stop the key:",
      };
    case "platform_monthly":
      return {
        limit: `the limit for ${month} on the platform's key`,
        keys: "the platform's key",
        ends,
        next: "Sign in to see its costs or stop the key:",
      };
    case "team_monthly":
      return {
        limit: `the budget of ${team} for ${month}`,
        keys,
        ends,
        next: "An admin can change the budget:",
      };
    case "member_monthly":
      return {
        limit: `your budget in ${team} for ${month}`,
        keys,
        ends,
        next: "A team admin can raise it. See what you've used:",
      };
  }
}

function pathOf({ cap, teamId }: Alert): string {
  if (cap === "team_monthly") return pageHref("team", teamId);
  return cap === "member_monthly" ? pageHref("usage", teamId) : OPERATOR_PAGE;
}
