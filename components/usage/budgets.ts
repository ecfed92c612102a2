import { percentUsed } from "@/lib/teams/budget";
import type { BudgetUse } from "@/lib/teams/types";
import { formatMoney } from "@/lib/vault-usage/money";

/** From here on, a meter warns; in percent. */
const NEARLY_USED = 80;

/** How much of a budget is spent, in percent, as `percentUsed`; null without a budget. */
const percentSpent = ({ monthly_usd, spent_usd }: BudgetUse): number | null =>
  monthly_usd === null ? null : percentUsed(spent_usd, monthly_usd);

/** What was spent of a budget, e.g. "$12.30 of $50.00"; without one, "$12.30". */
export function describeSpent({ monthly_usd, spent_usd }: BudgetUse): string {
  const spent = formatMoney(spent_usd);
  return monthly_usd === null ? spent : `${spent} of ${formatMoney(monthly_usd)}`;
}

/** The same with its share, e.g. "$12.30 of $50.00 (24%)". */
export function describeShare(use: BudgetUse): string {
  const percent = percentSpent(use);
  return percent === null ? `${describeSpent(use)}, no budget` : `${describeSpent(use)} (${percent}%)`;
}

/** Whether there is room, hardly any, or none until next month or a raise. */
export function standingOf(use: BudgetUse): "fine" | "nearly" | "used" {
  const percent = percentSpent(use) ?? 0;
  return percent >= 100 ? "used" : percent >= NEARLY_USED ? "nearly" : "fine";
}

/** A month in UTC as people read it, e.g. "November 2026". */
export const formatMonth = (month: string) =>
  new Date(month).toLocaleDateString("en-US", { timeZone: "UTC", month: "long", year: "numeric" });
