import "server-only";
import { env } from "../env";
import { leastReserve } from "../ledger/enter";
import { allowedModels } from "../ledger/models";
import { formatMoney } from "../vault-usage/money";

/**
 * Says why the platform's limits in dollars let nobody use its key, for the operator.
 *
 * @returns undefined where they let people use it, and where there is no key or no limit
 */
export function explainUnusableKey(): string | undefined {
  const { platformKeys, platformUsd } = env();
  const limits = { PLATFORM_DAILY_USD: platformUsd.daily, PLATFORM_MONTHLY_USD: platformUsd.monthly };
  const [name, limit] = Object.entries(limits)
    .filter((entry): entry is [string, number] => entry[1] !== null)
    .reduce((one, other) => (other[1] < one[1] ? other : one), ["", Number.POSITIVE_INFINITY]);
  if (platformKeys.size === 0 || !name) return undefined;
  const [model] = allowedModels();
  const most = leastReserve();
  if (most === null)
    return `The platform's key can't be used: the price of ${model} isn't known, and ${name} sets a limit. Choose another ANTHROPIC_MODEL, or set ${name}=none.`;
  if (most > limit)
    return `The platform's key can't be used: a run on ${model} may cost ${formatMoney(most)}, and ${name} is ${formatMoney(limit)}.`;
  return undefined;
}
