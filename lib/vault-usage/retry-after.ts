/** The longest wait that anybody here counts with: who asks for more is asked again no sooner than that. */
const DAY_SECONDS = 86_400;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
// The three forms of an HTTP date, all in UTC (RFC 9110, section 5.6.7). Not `Date.parse`, which takes "in 5 minutes"
// for a day in May. The day of the week says nothing that the rest does not.
const DATES: { form: RegExp; groups: ("day" | "month" | "year" | "time")[] }[] = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  {
    form: /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) ([\d:]{8}) GMT$/,
    groups: ["day", "month", "year", "time"],
  },
  // Sunday, 06-Nov-94 08:49:37 GMT
  {
    form: /^[A-Z][a-z]{5,8}, (\d\d)-([A-Z][a-z]{2})-(\d\d) ([\d:]{8}) GMT$/,
    groups: ["day", "month", "year", "time"],
  },
  // Sun Nov  6 08:49:37 1994
  {
    form: /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) ([\d:]{8}) (\d{4})$/,
    groups: ["month", "day", "time", "year"],
  },
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
  const date = DATES.find(({ form }) => form.test(text));
  if (!date) return Number.NaN;
  const found = date.form.exec(text) ?? [];
  const part = (name: (typeof date.groups)[number]) => found[date.groups.indexOf(name) + 1] ?? "";
  const [, hours, minutes, seconds] = /^(\d\d):(\d\d):(\d\d)$/.exec(part("time"))?.map(Number) ?? [];
  if (hours === undefined || minutes === undefined || seconds === undefined) return Number.NaN;
  const month = MONTHS.indexOf(part("month"));
  const day = Number(part("day"));
  const time = new Date(0);
  time.setUTCFullYear(fullYear(part("year"), now), month, day);
  // A 31st of February would roll over into March. A minute may end with a leap second.
  const exists = month >= 0 && time.getUTCDate() === day && time.getUTCMonth() === month;
  if (!exists || hours > 23 || minutes > 59 || seconds > 60) return Number.NaN;
  return time.setUTCHours(hours, minutes, seconds);
}

/** Of two digits, a year that is more than 50 years ahead is one of the past. */
function fullYear(digits: string, now: number): number {
  if (digits.length > 2) return Number(digits);
  const thisYear = new Date(now).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + Number(digits);
  return year > thisYear + 50 ? year - 100 : year;
}
