// What a budget may be, for the form and the server alike.

/** US dollars. */
const MAX_BUDGET_USD = 999_999.99;
export const BUDGET_RULE =
  "A budget is an amount in US dollars from 0 to 999,999.99 with at most two decimals, or empty for none.";
/** The same for one member, in whose form empty is the team's default. */
export const MEMBER_BUDGET_RULE = BUDGET_RULE.replace("for none", "for the team's default");

/** Whether an amount in US dollars can be a budget. */
export const isBudget = (usd: number) => usd >= 0 && usd <= MAX_BUDGET_USD && Number(usd.toFixed(2)) === usd;

/**
 * The budget that somebody typed, e.g. "20", "$1,250.50".
 *
 * @returns US dollars; null where nothing was typed; undefined for what is not a budget
 */
export function parseBudget(text: string): number | null | undefined {
  const typed = text.trim();
  if (typed === "") return null;
  const amount = /^\$? ?((?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d{1,2})?)$/.exec(typed)?.[1]?.replaceAll(",", "");
  if (amount === undefined) return undefined;
  return isBudget(Number(amount)) ? Number(amount) : undefined;
}

/** A budget as a form shows it; empty for none. */
export const budgetText = (usd: number | null) => (usd === null ? "" : usd.toFixed(2).replace(/\.00$/, ""));

/**
 * How much of a budget is used, in percent, rounded down: 100 is said only where nothing is left.
 *
 * @param used US dollars, as `budget`
 */
export function percentUsed(used: number, budget: number): number {
  if (budget === 0) return 100;
  // 3.3 of 10 is 32.99… in binary fractions.
  const percent = Math.floor(Number(((used / budget) * 100).toFixed(6)));
  return used < budget ? Math.min(99, percent) : Math.max(100, percent);
}
