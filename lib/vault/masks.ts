// What programs and pages show in the place of a value. Whoever copies that has no value to store.

/** Characters that hide others, apart from the asterisk and the letter x, which values may hold. */
const HIDERS = "•●∙·⋅・◦○⬤⚫＊∗⁎✱﹡█▇▮▓▒░■▪◼⬛";
const ALL_HIDDEN = new RegExp(`^[${HIDERS}]+$|^\\*{3,}$`, "u");
const PARTLY_HIDDEN = new RegExp(`[${HIDERS}]{3}`, "u");

/** `vercel env pull` writes [SENSITIVE], and logs have [REDACTED], <hidden>, ***MASKED*** and the like. */
const WORD = "redacted|sensitive|masked|hidden|filtered|concealed|encrypted|removed";
const BRACKETED_WORD = new RegExp(`^[[<({*]+\\s*(?:[\\w-]+[\\s-])?(?:${WORD})\\b[^\\n]*[\\]>)}*]$`, "i");
const WORD_ALONE = new RegExp(`^[_-]*(?:${WORD})[_-]*$`, "i");
/** As a part of a JSON text, or as the password of a connection string. */
const WORD_INSIDE = new RegExp(`[[<({](?:${WORD})[\\]>)}]`, "i");

/** The beginning and the end of a key, as lists of keys show it. */
const SHORTENED = /^[\w-]{3,}(?:\.{2,}|…+)[\w-]{3,8}$/;
/** The password of a connection string. */
const HIDDEN_PASSWORD = /:\/\/[^\s/@]*:(?:\*+|x{3,}|•+)@/i;

/**
 * Whether a value is a mask for certain: in all of it, or in a part that no value has.
 *
 * @param isToken the value is a key of a known provider, in which `***` and `...` are never a part
 */
export function isMask(value: string, isToken: boolean): boolean {
  if (ALL_HIDDEN.test(value) || PARTLY_HIDDEN.test(value) || BRACKETED_WORD.test(value)) return true;
  return isToken && /\*{3}|\.{3}|…/.test(value);
}

/** Whether a value looks like a mask and might, all the same, be a value. */
export function mayBeMask(value: string): boolean {
  return (
    WORD_ALONE.test(value) ||
    WORD_INSIDE.test(value) ||
    /\*{3}/.test(value) ||
    /^x{3,}$/i.test(value) ||
    /^([-_.#?…])\1{2,}$/u.test(value) ||
    SHORTENED.test(value) ||
    HIDDEN_PASSWORD.test(value)
  );
}
