/**
 * A part of an answer that is laid out by itself. While the answer grows only the last part changes, so that the others
 * are parsed once. `at` is where it begins, in UTF-16 code units.
 */
export interface Chunk {
  at: number;
  /** Code is fenced and at the margin: it needs no parser, however long it gets. */
  kind: "markdown" | "code" | "plain";
  text: string;
  /** Of code: the word after its fence. */
  language: string;
}

/** A parser's start costs as much as some hundred characters, so that short paragraphs share one. */
const MIN_CHARS = 1_000;
/** Twice what 12,288 tokens are in English; what a gateway sends beyond that is shown as plain text. */
const MAX_CHARS = 100_000;

const MARKER = /^( {0,3}(?:[-+*]|\d{1,9}[.)]))([ \t]+(?=[^ \t])|[ \t]*$)/;
const UNFINISHED_MARKER = /^(?:[-+*]|\d{1,9}[.)]?)$/;
/** Twenty marks are enough for anybody, and a million are no fence. */
const FENCE = /^( {0,3})(`{3,20}(?=[^`]*$)|~{3,20}(?!~))[ \t]*([^ \t]*)/;
/** HTML that goes on over blank lines, and where it ends. */
const RAW: [begin: RegExp, end: RegExp][] = [
  [/^ {0,3}<(?:script|pre|style|textarea)(?![^\s>])/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/],
  [/^ {0,3}<![a-z]/i, />/],
];

interface Fence {
  mark: string;
  /** Where its first line ends, if it is a part by itself. */
  own?: { code: number; language: string };
}

/**
 * Cuts Markdown where a block has ended for certain: before a line at the margin that follows a blank one and does not
 * go on with a list, and around fenced code at the margin. In doubt it does not cut. In time proportional to the text.
 */
export function cutAnswer(answer: string): Chunk[] {
  const text = answer.replace(/\r\n?/g, "\n");
  const chunks: Chunk[] = [];
  let start = 0;
  let fence: Fence | null = null;
  let rawEnd: RegExp | null = null;
  /** Where the content of the list's items begins; 0 outside of lists. */
  let itemColumn = 0;
  let isFresh = true;
  /** Whether what is as far to the right as the item's content is a part of it: not after a line that may have ended it. */
  let isSureItem = false;
  /** Whether a line of this paragraph begins as HTML does: then a fence or an item may be a part of that. */
  let hasTag = false;
  let isCertain = true;

  const cut = (at: number) => {
    if (at > start) chunks.push({ at: start, kind: "markdown", text: text.slice(start, at), language: "" });
    start = at;
  };
  const cutCode = (own: { code: number; language: string }, at: number, next: number) => {
    const code = text.slice(own.code, Math.max(own.code, at - 1));
    chunks.push({ at: start, kind: "code", text: code, language: own.language });
    start = next;
  };

  for (let at = 0, next = 0; at < text.length; at = next) {
    if (at > MAX_CHARS) {
      if (!fence?.own) chunks.push({ at: start, kind: "plain", text: text.slice(start), language: "" });
      else cutCode(fence.own, text.length + 1, text.length);
      return chunks;
    }
    const end = text.indexOf("\n", at);
    next = end < 0 ? text.length : end + 1;
    const line = text.slice(at, end < 0 ? next : end);
    if (fence) {
      if (!closes(line, fence.mark)) continue;
      if (fence.own) cutCode(fence.own, at, next);
      fence = null;
      isFresh = true;
      continue;
    }
    if (rawEnd) {
      if (rawEnd.test(line)) rawEnd = null;
      continue;
    }
    if (/^[ \t]*$/.test(line)) {
      isFresh = true;
      hasTag = false;
      continue;
    }
    const marker = MARKER.exec(line);
    // What is last may still become the marker of one more item.
    const isItem = marker || (end < 0 && UNFINISHED_MARKER.test(line));
    if (isFresh && !/^[ \t]/.test(line) && !(itemColumn && isItem)) {
      itemColumn = 0;
      // A line that is too long for the parser takes nothing with it.
      if (isCertain && (at - start >= MIN_CHARS || line.length >= MIN_CHARS)) cut(at);
    }
    isFresh = false;
    const opening = FENCE.exec(line);
    const raw = RAW.find(([begin]) => begin.test(line));
    // A fence or HTML inside an item ends with it.
    if (itemColumn && line.search(/[^ ]/) >= itemColumn) {
      if (!isSureItem && (opening || raw)) isCertain = false;
      continue;
    }
    isSureItem = marker !== null && !/^[-*+ \t]*$|^\s*\d+[.)]\s*$/.test(line);
    hasTag ||= /^ {0,3}</.test(line);
    if ((opening || marker) && hasTag) isCertain = false;
    if (marker) itemColumn = contentColumn(marker);
    else if (opening) {
      const [, indent, mark = "", language = ""] = opening;
      fence = { mark };
      itemColumn = 0;
      if (indent !== "" || !isCertain) continue;
      cut(at);
      fence.own = { code: next, language };
    } else if (raw && !raw[1].test(line)) rawEnd = raw[1];
  }
  if (fence?.own) cutCode(fence.own, text.endsWith("\n") ? text.length : text.length + 1, text.length);
  else cut(text.length);
  return chunks;
}

/** Whether the code ends here: at least as many of the same characters, and nothing else. */
function closes(line: string, mark: string): boolean {
  const closing = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
  return closing?.startsWith(mark) ?? false;
}

function contentColumn([, marker = "", space = ""]: RegExpExecArray): number {
  if (space.includes("\t")) return 4;
  // Five spaces and more begin indented code, one column after the marker.
  return marker.length + (space.length > 4 ? 1 : Math.max(1, space.length));
}
