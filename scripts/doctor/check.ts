import type { Subject } from "./subject.ts";

/**
 * What came of a check. `look` is for what Supabase doesn't tell, so that a person has to look; `skipped` is for what can't
 * be checked after an earlier failure.
 */
export type Verdict = "ok" | "warning" | "failure" | "skipped" | "look";

/** One line of the report. Neither text quotes a secret, or anything that a server has said in its own words. */
export interface Finding {
  verdict: Verdict;
  says: string;
  /** What to do; of warnings, failures, and `look`. */
  remedy?: string;
}

/** One thing to find out. */
export interface Check {
  id: string;
  /** Completes "Checking …". */
  title: string;
  /** Of a check that others need: completes "Not checked until …". */
  ground?: string;
  /** Checks that come before; after a failure of one of them, this one is skipped. */
  needs?: readonly string[];
  /** Asks, and changes nothing. */
  run: (subject: Subject) => Finding | Finding[] | Promise<Finding | Finding[]>;
}

/** A finding, and what it is of. */
export interface Result extends Finding {
  check: string;
  title: string;
}

/** A finding that all is well. `says` has no period at its end. */
export const ok = (says: string): Finding => ({ verdict: "ok", says });
/** A finding that the app works in spite of. Both texts are sentences; `remedy` says what to do. */
export const warning = (says: string, remedy: string): Finding => ({ verdict: "warning", says, remedy });
/** A finding that has to be fixed. Both texts are sentences; `remedy` says what to do. */
export const failure = (says: string, remedy: string): Finding => ({ verdict: "failure", says, remedy });

const PATIENCE_MS = 1_000;

/**
 * Runs checks one after the other.
 *
 * @param onSlow receives the title of a check that takes longer than a second
 * @returns at least one result for each check, in the same order
 */
export async function runChecks(
  checks: readonly Check[],
  subject: Subject,
  onSlow: (title: string) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const check of checks) {
    const found = skippedBecause(check, checks, results) ?? (await run(check, subject, onSlow));
    results.push(...[found].flat().map((finding) => ({ check: check.id, title: check.title, ...finding })));
  }
  return results;
}

function skippedBecause(
  { needs = [] }: Check,
  checks: readonly Check[],
  results: readonly Result[],
): Finding | undefined {
  const missing = results.find(
    ({ check, verdict }) => needs.includes(check) && (verdict === "failure" || verdict === "skipped"),
  );
  if (!missing) return undefined;
  // The first failure, and not one that was skipped because of it.
  if (missing.verdict === "skipped") return { verdict: "skipped", says: missing.says };
  const ground = checks.find(({ id }) => id === missing.check)?.ground;
  return { verdict: "skipped", says: `Not checked until ${ground}` };
}

async function run(
  check: Check,
  subject: Subject,
  onSlow: (title: string) => void,
): Promise<Finding | Finding[]> {
  const patience = setTimeout(() => onSlow(check.title), PATIENCE_MS);
  try {
    return await check.run(subject);
  } finally {
    clearTimeout(patience);
  }
}

/** Whether something has to be fixed; with `isStrict`, warnings count too. */
export const hasFailed = (results: readonly Result[], isStrict: boolean): boolean =>
  results.some(({ verdict }) => verdict === "failure" || (isStrict && verdict === "warning"));
