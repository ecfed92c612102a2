import { memo, useMemo } from "react";
import { CodeBlock } from "./CodeBlock";
import { type Chunk, cutAnswer } from "./chunks";
import { isTooMuch } from "./limits";
import { Markdown } from "./Markdown";
import { PlainText } from "./PlainText";

interface LaidOutProps {
  text: string;
  isStreaming: boolean;
  /** The level of the text's highest heading on this page: 3 is h3. */
  headingLevel: number;
}

/** A model's Markdown, laid out. */
export const LaidOut = memo(function LaidOut({ text, isStreaming, headingLevel }: LaidOutProps) {
  const chunks = useMemo(() => chunksOf(text, isStreaming), [text, isStreaming]);
  const topHeading = useMemo(() => topHeadingOf(chunks), [chunks]);
  return chunks.map(({ at, kind, ...chunk }) => {
    if (kind === "code") return <CodeBlock key={at} {...chunk} />;
    if (kind === "plain") return <PlainText key={at} {...chunk} />;
    return <Markdown key={at} {...chunk} topHeading={topHeading} headingLevel={headingLevel} />;
  });
});

/** A complete answer is one part if some of it is defined elsewhere in it: a link's address, a footnote. */
function chunksOf(text: string, isStreaming: boolean): Chunk[] {
  const chunks = cutAnswer(text);
  const isOne = !isStreaming && chunks.length > 1 && chunks.some(hasDefinition) && !isTooMuch(text);
  return isOne ? [{ at: 0, kind: "markdown", text, language: "" }] : chunks;
}

const hasDefinition = ({ kind, text }: Chunk) =>
  kind === "markdown" && /(?:^|\n)[ \t>*+\-\d.)]*\[[^\]\n]+\]:/.test(text);

/** Answers begin with any level, and the page's outline has no gaps. */
function topHeadingOf(chunks: readonly Chunk[]): number {
  const marks = chunks
    .filter(({ kind }) => kind === "markdown")
    .flatMap(({ text }) => [...text.matchAll(/(?:^|\n) {0,3}(#{1,6})(?=[ \t\n]|$)/g)]);
  return Math.min(6, ...marks.map(([, mark = ""]) => mark.length));
}
