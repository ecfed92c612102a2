import "server-only";
import { dictionary } from "@zxcvbn-ts/language-common";
import { isTooLong } from "./fields";
import { type AccountCode, accountProblem } from "./messages";

/** About 49,000, from published leaks, in lower case. */
const COMMON = new Set<string>(dictionary["passwords-common"]);

/** As the form says. */
const MIN_LENGTH = 10;
/** Shorter units and words say nothing of a long password. */
const MIN_WORD = 4;
/** As many digits and signs as people put around a word: "Password2024!". */
const MAX_AROUND = 6;

/**
 * Refuses a new password that is guessed first. For sign-ups alone: somebody with such a password still signs in.
 *
 * @param email of the same account
 * @throws Problem password_too_short, password_too_long, password_is_email, password_common
 */
export function requireGoodPassword(password: string, email: string): void {
  const fault = faultOf(password, email.toLowerCase());
  if (fault) throw accountProblem(fault);
}

function faultOf(password: string, email: string): AccountCode | undefined {
  if ([...password].length < MIN_LENGTH) return "password_too_short";
  if (isTooLong(password)) return "password_too_long";
  // Capitals and full-width letters are no protection.
  const text = password.normalize("NFKC").toLowerCase().trim();
  const bare = plainPartOf(text);
  const local = email.slice(0, email.lastIndexOf("@"));
  if ([email, local].some((part) => [text, bare, unitOf(text)].includes(part))) return "password_is_email";
  return isCommon(text) || isCommon(bare) ? "password_common" : undefined;
}

/** Whether it is on the list, or one short thing over and over: "aaaaaaaaaa", "abcabcabcabc", "dragondragon". */
function isCommon(text: string): boolean {
  const unit = unitOf(text);
  return COMMON.has(text) || (unit !== text && (unit.length < MIN_WORD || COMMON.has(unit)));
}

/** The shortest text of which this one is a repetition; itself where it is none. */
function unitOf(text: string): string {
  // A text that is a repetition is found in itself, doubled, before its end.
  const length = (text + text).indexOf(text, 1);
  return length > 0 ? text.slice(0, length) : text;
}

/** What is left without a few digits and signs at both ends; the text itself where more than a few would go. */
function plainPartOf(text: string): string {
  const bare = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  return bare.length >= MIN_WORD && text.length - bare.length <= MAX_AROUND ? bare : text;
}
