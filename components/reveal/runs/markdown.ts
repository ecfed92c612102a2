import { formatUtc } from "@/components/vault/ui/RelativeTime";
import type { Analysis } from "@/lib/reveal/types";
import { describeRun } from "../words";
import type { PageRun } from "./run";

/** What a run has brought, as Markdown: an answer as the model wrote it. */
export const markdownOf = ({ answer, analysis }: PageRun): string =>
  analysis ? analysisText(analysis.result) : answer;

function analysisText({ title, summary, findings, open_questions: questions }: Analysis): string {
  const parts = [`# ${inline(title)}`, escapeText(summary)];
  if (findings.length > 0) parts.push("## Findings");
  for (const [index, { title, explanation, quote }] of findings.entries()) {
    parts.push(`### ${index + 1}. ${inline(title)}`, escapeText(explanation), quoted(quote));
  }
  if (questions.length > 0) {
    parts.push("## Open questions", questions.map((question) => `- ${inline(question)}`).join("\n"));
  }
  return parts.join("\n\n");
}

const inline = (text: string) => escapeText(text.replace(/\s+/g, " ").trim());

const quoted = (text: string) =>
  escapeText(text)
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");

/** Text that a Markdown reader shows as it is: https://spec.commonmark.org/0.31.2/#backslash-escapes */
const escapeText = (text: string) =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(/[\\`*[\]<>~|&]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\$&")
    // What makes a heading, a quotation or a list at the beginning of a line.
    .replace(/^(\s*)([#+=-])/gm, "$1\\$2")
    .replace(/^(\s*\d+)([.)])/gm, "$1\\$2");

/** The file to download: what a run has brought, with its receipt at the end. */
export function fileOf(run: PageRun): { name: string; text: string } {
  const { at, team, kind } = run;
  const iso = new Date(at).toISOString();
  const where = team === null ? "" : `, in the team ${inline(team)}`;
  const what = kind === "run" ? "Run" : "Analysis";
  const receipt = `${what} of ${formatUtc(iso)}${where}. ${escapeText(describeRun(run))}`;
  return { name: fileName(run), text: `${closeFence(markdownOf(run))}\n\n---\n\n${receipt}\n` };
}

const MAX_NAME = 40;

/**
 * A file's name from the beginning of the prompt and the day (UTC). Letters, digits and dashes only, so that every system
 * takes it and nothing in it has a meaning.
 */
export function fileName({ at, text, kind }: Pick<PageRun, "at" | "text" | "kind">): string {
  const words =
    text
      .slice(0, 1_000)
      .normalize("NFC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const beginning = Array.from(words.join("-")).slice(0, MAX_NAME).join("").replace(/-+$/, "");
  const day = new Date(at).toISOString().slice(0, 10);
  return `${day}-${beginning || (kind === "run" ? "run" : "analysis")}.md`;
}

/** Ends a block of code that an answer broke off in, so that what follows is no part of it. */
function closeFence(markdown: string): string {
  let open: string | null = null;
  for (const line of markdown.split("\n")) {
    const fence = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (!fence?.[1]) continue;
    const [, marks, rest = ""] = fence;
    if (open === null) open = marks;
    else if (marks[0] === open[0] && marks.length >= open.length && rest.trim() === "") open = null;
  }
  return open === null ? markdown : `${markdown}\n${open}`;
}
