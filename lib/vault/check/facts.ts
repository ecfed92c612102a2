import type { CheckFacts } from "../types";

/** What a provider's answer says about the account behind a key, as untrusted as it came. */
export interface Findings {
  /** Whose key it is, by the name that people know. */
  account?: unknown;
  /** What is left to spend. */
  credit?: unknown;
  /** What the key may spend, and how often that begins again. */
  limit?: unknown;
  /** When the key expires. */
  expires?: unknown;
}

/** Facts that may be kept and shown, and the expiry in ISO 8601; null where the provider does not say. */
export interface Learned {
  facts: CheckFacts;
  expiresAt: string | null;
}

const MAX_CHARACTERS = 120;
/** As many characters in a row of a value are too many. */
const QUOTED = 5;
const MAX_AMOUNT = 1e12;
// ISO 8601, and how GitHub writes it: "2027-10-07 19:07:53 UTC" or "… +0200".
const TIME = /^(2\d{3}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,9})? ?(?:Z|UTC|([+-]\d\d):?(\d\d))$/;

/**
 * What may be kept of what a provider said. Whatever is missing, of another type, too long or no such time is left out, and
 * so is a text that quotes the key.
 *
 * @param value the plaintext that the provider was asked about
 */
export function learnedFrom({ account, credit, limit, expires }: Findings, value: string): Learned {
  const facts: CheckFacts = {};
  for (const [name, found] of Object.entries({ account, credit, limit }) as [keyof CheckFacts, unknown][]) {
    const text = plainText(found);
    if (text !== null && !quotes(text, value)) facts[name] = text;
  }
  return { facts, expiresAt: timeOf(expires) };
}

/** One line without control, format and bidirectional characters; null for anything else. */
function plainText(found: unknown): string | null {
  if (typeof found !== "string" || found.length > 1_000) return null;
  const text = found.replace(/\p{C}/gu, "").replace(/\s+/g, " ").trim();
  return text === "" || [...text].length > MAX_CHARACTERS ? null : text;
}

/** Whether a text has a few characters in a row of the value, in capitals or not. */
function quotes(text: string, value: string): boolean {
  const [shown, secret] = [text.toLowerCase(), value.toLowerCase()];
  const length = Math.min(QUOTED, secret.length);
  if (length === 0) return false;
  for (let start = 0; start + length <= shown.length; start += 1) {
    if (secret.includes(shown.slice(start, start + length))) return true;
  }
  return false;
}

function timeOf(found: unknown): string | null {
  const [, date, clock, fraction = "", hours = "+00", minutes = "00"] =
    (typeof found === "string" && found.length <= 40 && TIME.exec(found)) || [];
  const time = Date.parse(`${date}T${clock}${fraction.slice(0, 4)}${hours}:${minutes}`);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/**
 * An amount for people, e.g. "$12.34".
 *
 * @param amount a number, or its decimal digits
 * @param currency its three letters
 * @returns undefined for anything else
 */
export function money(amount: unknown, currency: unknown = "USD"): string | undefined {
  const isDecimal = typeof amount === "string" && /^-?\d{1,15}(\.\d{1,20})?$/.test(amount);
  const number = typeof amount === "number" ? amount : isDecimal ? Number(amount) : Number.NaN;
  if (!(Math.abs(number) < MAX_AMOUNT)) return undefined;
  if (typeof currency !== "string" || !/^[A-Z]{3}$/.test(currency)) return undefined;
  return new Intl.NumberFormat("en-US", { style: "currency", currency }).format(number);
}
