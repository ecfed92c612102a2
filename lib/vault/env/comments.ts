import { detectProvider } from "../catalog";
import { MAX_DESCRIPTION_LENGTH } from "../rules";

/**
 * Comment lines that may become a description. Descriptions are stored as plain text, and are read by people who may
 * not see the values, so a line that could hold a secret is left out: an assignment that was commented out, with all
 * its lines; a line with a long code; a line with a shorter one that speaks of a password or of what was before. No
 * guess finds every secret: a person has to take a comment over.
 */
export class Comments {
  #lines: string[] = [];
  /** What ends the value of a commented-out assignment that goes on over several lines. */
  #until: string | undefined;

  add(line: string): void {
    const comment = line.replace(/^[\s#]+/, "").trim();
    if (this.#until !== undefined) {
      if (comment.includes(this.#until)) this.#until = undefined;
      return;
    }
    const value = /^(?:export\s+)?[\p{L}\p{N}_.-]+\s*=\s*([\s\S]*)$/u.exec(comment)?.[1];
    if (value !== undefined) {
      this.#until = findContinuation(value);
    } else if (/[\p{L}\p{N}]/u.test(comment) && !mayHoldSecret(comment)) {
      this.#lines.push(comment);
    }
  }

  get text(): string {
    const text = this.#lines
      .join(" ")
      .replace(/[\p{Cc}\s]+/gu, " ")
      .replace(/\p{Cs}/gu, "\uFFFD");
    // A cut may leave half of a pair.
    return text
      .slice(0, MAX_DESCRIPTION_LENGTH)
      .replace(/[\ud800-\udbff]$/, "")
      .trim();
  }
}

/** What the last line of a value holds, if the value goes on after its first line. */
function findContinuation(value: string): string | undefined {
  if (/^["'`]?-----BEGIN /.test(value)) return value.includes("-----END ") ? undefined : "-----END ";
  const quote = /^["'`]/.exec(value)?.[0];
  return quote && !value.includes(quote, 1) ? quote : undefined;
}

/** Words beside which even a short code is a secret, and a name with a colon after it. */
const TELLTALE =
  /\b(?:pass|passwd|password|passwort|passphrase|pwd?|pin|secret|token|key|code|seed|backup|creds?|credentials?|login|was|old|rotated|prior|previous|previously|former|formerly|before)\b|[A-Z0-9]_[A-Z0-9_]*\s*:/i;
const SHORT_CODE = /^(?=\S*\p{L})(?=\S*[\d&$!%^*])\S{6,}$/u;
/** Such a word that is said to be something, or has a number beside it, and an address with a password. */
const SAID =
  /\b(?:pass\w*|pwd?|pin|secret|token|key|code|seed)(?:\s*(?::|=|→|->)|\s+is\b|\s+\d{4,})|:\/\/\S*@/i;

function mayHoldSecret(comment: string): boolean {
  const words = comment.split(/\s+/);
  if (words.some(maySecret) || SAID.test(comment)) return true;
  // A code that stands alone needs no such word.
  return (TELLTALE.test(comment) || /^[^\s/]+$/.test(comment)) && words.some((word) => SHORT_CODE.test(word));
}

/** Whether a word of a comment could be a secret: a long one of letters and digits that is no plain address. */
function maySecret(word: string): boolean {
  if (word.startsWith("-----BEGIN")) return true;
  if (word.length < 20 || /^https?:\/\/[^@?#]*$/.test(word)) return false;
  return detectProvider(word) !== undefined || /[@?=]/.test(word) || (/\d/.test(word) && /[a-z]/i.test(word));
}
