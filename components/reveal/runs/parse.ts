import type { Analysis } from "@/lib/reveal/types";
import { SOURCES } from "@/lib/usage/types";
import { STOP_REASONS, type Usage } from "@/lib/vault-usage/types";
import { type PageRun, type RunReceipt, STATES } from "./run";

// What comes back from the browser's storage may be anybody's text, or of another version of this page. It is taken
// only if every part of it is what it should be.

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Longer than anything that this page writes. */
const MAX_TEXT = 1_000_000;
const MAX_ITEMS = 1_000;

type Check<Value> = (value: unknown) => value is Value;
type Checks<Value> = { [Name in keyof Value]-?: Check<Value[Name]> };

const isText: Check<string> = (value): value is string =>
  typeof value === "string" && value.length <= MAX_TEXT;
const isBoolean: Check<boolean> = (value): value is boolean => typeof value === "boolean";
/** Neither negative nor endless. */
const isAmount: Check<number> = (value): value is number =>
  typeof value === "number" && Number.isFinite(value) && value >= 0;
const isTime: Check<number> = (value): value is number => isAmount(value) && value <= 8.64e15;

const oneOf =
  <Value>(values: readonly Value[]): Check<Value> =>
  (value): value is Value =>
    values.includes(value as Value);
const orNull =
  <Value>(check: Check<Value>): Check<Value | null> =>
  (value): value is Value | null =>
    value === null || check(value);
const listOf =
  <Value>(check: Check<Value>): Check<Value[]> =>
  (value): value is Value[] =>
    Array.isArray(value) && value.length <= MAX_ITEMS && value.every(check);
/** Exactly these members, so that nothing else is carried along. */
const record =
  <Value extends object>(checks: Checks<Value>): Check<Value> =>
  (value): value is Value => {
    if (typeof value !== "object" || value === null) return false;
    const names = Object.keys(checks) as (keyof Value & string)[];
    return (
      Object.keys(value).length === names.length &&
      names.every((name) => Object.hasOwn(value, name) && checks[name]((value as Value)[name]))
    );
  };

const isUsage = record<Usage>({
  input_tokens: isAmount,
  output_tokens: isAmount,
  cache_creation_input_tokens: isAmount,
  cache_read_input_tokens: isAmount,
});

const isReceipt = record<RunReceipt>({
  model: isText,
  source: oneOf(SOURCES),
  status: isText,
  stop_reason: orNull(oneOf(STOP_REASONS)),
  usage: isUsage,
  is_counted: isBoolean,
  cost_usd: orNull(isAmount),
  duration_ms: orNull(isAmount),
});

const isAnalysis = record<Analysis>({
  title: isText,
  summary: isText,
  findings: listOf(record({ title: isText, explanation: isText, quote: isText })),
  open_questions: listOf(isText),
});

const isRun = record<PageRun>({
  id: (value): value is string => typeof value === "string" && UUID.test(value),
  kind: oneOf(["run", "analyze"] as const),
  at: isTime,
  team: orNull(isText),
  text: isText,
  model: orNull(isText),
  source: orNull(oneOf(SOURCES)),
  state: oneOf(STATES),
  answer: isText,
  analysis: orNull(record({ result: isAnalysis, dropped: isAmount })),
  receipt: orNull(isReceipt),
  is_free: isBoolean,
  failure: orNull(isText),
});

/** A run that was kept; null for anything else. */
export const parseRun = (text: string): PageRun | null => parse(text, isRun);

/** What was being typed, and when. */
export interface Draft {
  at: number;
  text: string;
}

/** A draft that was kept; null for anything else. */
export const parseDraft = (text: string): Draft | null =>
  parse(text, record<Draft>({ at: isTime, text: isText }));

function parse<Value>(text: string, check: Check<Value>): Value | null {
  try {
    const value: unknown = JSON.parse(text);
    return check(value) ? value : null;
  } catch {
    return null;
  }
}
