import type { Analysis } from "./types";

/**
 * Leaves out the findings whose quote is not in the text: a passage that nobody wrote must not be shown as
 * one, and the other findings are still worth reading. White space does not count, because models write a
 * line break inside a sentence as a space.
 *
 * @returns the analysis with the findings that stand, and how many did not
 */
export function keepQuoted(analysis: Analysis, text: string): { result: Analysis; dropped: number } {
  const source = collapse(text);
  const findings = analysis.findings.filter(({ quote }) => {
    const passage = collapse(quote);
    return passage !== "" && source.includes(passage);
  });
  return { result: { ...analysis, findings }, dropped: analysis.findings.length - findings.length };
}

const collapse = (text: string) => text.replace(/\s+/g, " ").trim();
