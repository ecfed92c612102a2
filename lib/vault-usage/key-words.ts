import type { SecretSource } from "../vault/types";

/** How to speak of the key that paid for a call, and what to do about it. */
export interface KeyWords {
  /** In the middle of a sentence, e.g. "the team's key". */
  owner: string;
  /** How to get another key. */
  replace: string;
  /** How to get credit. */
  topUp: string;
  /** How to look into the key's limits and its account. */
  lookAt: string;
}

const OWNER: Record<SecretSource, string> = {
  user: "your key",
  team: "the team's key",
  env: "the platform's key",
};

/**
 * @param key its name in the vault
 * @param provider as people call it
 */
export function keyWords(source: SecretSource, key: string, provider: string): KeyWords {
  const own = `Add your own ${key} to your vault, or tell the operator of this site.`;
  const words: Record<SecretSource, Omit<KeyWords, "owner">> = {
    user: {
      replace: `Replace ${key} in your vault.`,
      topUp: `Add credit in ${provider}'s console, or store another key.`,
      lookAt: `Check both in ${provider}'s console, or store another key.`,
    },
    team: {
      replace: `Ask a team admin to replace ${key} in the team's vault.`,
      topUp: "Ask a team admin to add credit.",
      lookAt: "Ask a team admin to check both.",
    },
    env: { replace: own, topUp: own, lookAt: own },
  };
  return { owner: OWNER[source], ...words[source] };
}

/** A sentence about a key, and how to get another one. */
export function keyDetail({ owner, replace }: KeyWords, sentence: (owner: string) => string): string {
  const text = sentence(owner);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} ${replace}`;
}

/** Says that a key cannot be sent in a header. */
export const unsendableDetail = (words: KeyWords): string =>
  keyDetail(words, (owner) => `${owner} can't be used: it contains characters that no key has.`);
