import { findCatalogEntry, providerOf } from "@/lib/vault/catalog";
import type { CheckReply } from "@/lib/vault/requests";
import type { CheckFacts, KeyUse, SecretMetadata } from "@/lib/vault/types";

const WORDS: Record<CheckReply["result"], string> = {
  works: "Works",
  refused: "Refused",
  no_credit: "Out of credit",
  unreachable: "Couldn't check",
};

/** What the provider said about a value. */
export interface Verdict {
  result: CheckReply["result"];
  words: string;
  /** ISO 8601. */
  at: string;
  /** What to do about it; undefined where it works, or was checked before this page was opened. */
  detail: string | undefined;
  /** The account behind the value, what is left of its credit, and its limit. */
  facts: readonly string[];
}

const FACTS = ["account", "credit", "limit"] as const;
const listFacts = (facts: CheckFacts | null | undefined) =>
  FACTS.map((name) => facts?.[name]).filter((fact) => fact !== undefined && fact !== "") as string[];

/**
 * What the provider said last: on this page, or else as it was stored.
 *
 * @param check the reply to a check on this page
 * @returns undefined where nobody has asked
 */
export function verdictOf({ details }: SecretMetadata, check: CheckReply | undefined): Verdict | undefined {
  if (check) {
    const { result, detail, checked_at } = check;
    const facts = listFacts(check.facts);
    return {
      ...{ result, words: WORDS[result], at: checked_at, facts },
      detail: result === "works" ? undefined : detail,
    };
  }
  if (!details?.checked_at || !details.check_result) return undefined;
  return {
    ...{ result: details.check_result, words: WORDS[details.check_result], at: details.checked_at },
    ...{ detail: undefined, facts: listFacts(details.check_facts) },
  };
}

/** How a key did when it was last used, in words. */
export function describeUse(key: string, { result }: KeyUse): string {
  if (result === "worked") return "Worked";
  if (result === "no_credit") return "Out of credit";
  const known = findCatalogEntry(key);
  return known ? `Refused by ${providerOf(known)}` : "Refused by its provider";
}

/** Whether a value is known not to work: by its last use, or else by its last check. */
export function isFailing(use: KeyUse | undefined, verdict: Verdict | undefined): boolean {
  const isNewer = (at: string, other: string | undefined) => !other || Date.parse(at) >= Date.parse(other);
  if (use && isNewer(use.at, verdict?.at)) return use.result !== "worked";
  return verdict?.result === "refused" || verdict?.result === "no_credit";
}
