/** The longest wait that anybody here counts with: who asks for more is asked again no sooner than that. */
const DAY_SECONDS = 86_400;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
// The three forms of an HTTP date, all in UTC (RFC 9110, section 5.6.7). Not `Date.parse`, which takes "in 5 minutes"
// for a day in May. The day of the week says nothing that the rest does not.
const DATES = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  /^[A-Z][a-z]{2}, (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>[\d:]{8}) GMT$/,
  // Sunday, 06-Nov-94 08:49:37 GMT
  /^[A-Z][a-z]{5,8}, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) (?<time>[\d:]{8}) GMT$/,
  // Sun Nov  6 08:49:37 1994
  /^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>[\d:]{8}) (?<year>\d{4})$/,
];

/**
 * How long a `Retry-After` header asks to wait (RFC 9110, section 10.2.3).
 *
 * @param header a number of seconds, also with a fraction as some servers send it, or an HTTP date
 * @param now in milliseconds since 1970
 * @returns whole seconds, rounded up: 0 for a date in the past, and 86,400, a day, for everything longer. Undefined for
 * what is neither a number nor a date, is negative, or holds several values.
 */
export function retryAfterSeconds(header: string | null | undefined, now = Date.now()): number | undefined {
  const text = header?.trim() ?? "";
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (parseDate(text, now) - now) / 1000;
  if (Number.isNaN(seconds)) return undefined;
  return Math.min(Math.max(Math.ceil(seconds), 0), DAY_SECONDS);
}

/** An HTTP date in milliseconds since 1970; NaN for what is none. */
function parseDate(text: string, now: number): number {
  const parts = DATES.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  const [, hours, minutes, seconds] = /^(\d\d):(\d\d):(\d\d)$/.exec(parts?.time ?? "")?.map(Number) ?? [];
  if (!parts || hours === undefined || minutes === undefined || seconds === undefined) return Number.NaN;
  const month = MONTHS.indexOf(parts.month ?? "");
  const day = Number(parts.day);
  const date = new Date(0);
  date.setUTCFullYear(fullYear(parts.year ?? "", now), month, day);
  // A 31st of February would roll over into March. A minute may end with a leap second.
  const exists = month >= 0 && date.getUTCDate() === day && date.getUTCMonth() === month;
  if (!exists || hours > 23 || minutes > 59 || seconds > 60) return Number.NaN;
  return date.setUTCHours(hours, minutes, seconds);
}

/** Of two digits, a year that is more than 50 years ahead is one of the past. */
function fullYear(digits: string, now: number): number {
  if (digits.length > 2) return Number(digits);
  const thisYear = new Date(now).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + Number(digits);
  return year > thisYear + 50 ? year - 100 : year;
}
