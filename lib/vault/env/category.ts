import { CATALOG, findCatalogEntry } from "../catalog";
import type { Category } from "../types";

/** Categories of the catalogue's providers, by the first word of their keys; null where they differ. */
const BY_FIRST_WORD = new Map<string, Category | null>();
for (const { key, category } of CATALOG) {
  const word = firstWord(key);
  const seen = BY_FIRST_WORD.get(word);
  BY_FIRST_WORD.set(word, seen === undefined || seen === category ? category : null);
}

const BY_WORD: readonly [RegExp, Category][] = [
  [/(^|_)(E?MAIL|SMTP|IMAP)(_|$)/, "Email"],
  [/(^|_)(LLM|GPT)(_|$)/, "LLM"],
  [/(^|_)(DB|PG|POSTGRES|MYSQL|MONGO|MONGODB|REDIS|S3|R2)(_|$)/, "Infrastructure"],
];

/** The category for a key, by what is known of it or by the words of its name. */
export function findCategory(key: string): Category {
  return (
    findCatalogEntry(key)?.category ??
    BY_WORD.find(([word]) => word.test(key))?.[1] ??
    BY_FIRST_WORD.get(firstWord(key)) ??
    "General"
  );
}

function firstWord(key: string): string {
  return key.split("_", 1)[0] ?? key;
}
