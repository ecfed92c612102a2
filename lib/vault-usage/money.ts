/** Below it a price would read as nothing. */
export const SMALLEST_USD = 0.0001;

/** Without the last digits of binary fractions: a single token costs at least 1e-8 USD. */
export const roundUsd = (usd: number) => Math.round(usd * 1e10) / 1e10;

const dollars = (digits: number) =>
  new Intl.NumberFormat("en-US", {
    style: "currency",
    currency: "USD",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
const WITH_CENTS = dollars(2);
const BELOW_CENTS = dollars(4);

/**
 * An amount as people read it. The same on the server and in every browser.
 *
 * @example "$1.23", "$0.0042", "less than $0.0001"
 */
export function formatMoney(usd: number): string {
  if (usd > 0 && usd < SMALLEST_USD) return `less than ${BELOW_CENTS.format(SMALLEST_USD)}`;
  // Nobody reads hundredths of a cent beside dollars, or two zeros after whole cents.
  const precise = BELOW_CENTS.format(usd);
  return usd >= 1 || precise.endsWith("00") ? WITH_CENTS.format(usd) : precise;
}
