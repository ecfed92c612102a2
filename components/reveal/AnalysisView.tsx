import type { Analysis } from "@/lib/reveal/types";
import { AnswerText } from "./answer/Answer";

/**
 * An analysis. All of it is a model's text: what explains is Markdown, titles and quotes are shown as they are.
 *
 * @param dropped how many findings were left out because their quote is not in the text
 */
export function AnalysisView({ analysis, dropped }: { analysis: Analysis; dropped: number }) {
  const { title, summary, findings, open_questions: questions } = analysis;
  return (
    <article className="grid gap-4 p-4 text-sm leading-relaxed break-words">
      <h3 className="text-base font-semibold">{title}</h3>
      <AnswerText text={summary} headingLevel={4} />
      {findings.length > 0 && (
        <section className="grid gap-3">
          <h4 className="font-semibold">Findings</h4>
          <ol className="grid gap-4">
            {findings.map((finding, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list is replaced as a whole and never reordered
              <li key={index} className="grid gap-1.5">
                <p className="font-medium">{finding.title}</p>
                <AnswerText text={finding.explanation} headingLevel={5} />
                <blockquote className="whitespace-pre-wrap border-l-2 pl-3 text-muted-foreground">
                  {finding.quote}
                </blockquote>
              </li>
            ))}
          </ol>
        </section>
      )}
      {dropped > 0 && <p className="text-muted-foreground">{describeDropped(dropped)}</p>}
      {questions.length > 0 && (
        <section className="grid gap-2">
          <h4 className="font-semibold">Open questions</h4>
          <ul className="grid list-disc gap-1 pl-5">
            {questions.map((question, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list is replaced as a whole and never reordered
              <li key={index}>
                <AnswerText text={question} headingLevel={5} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </article>
  );
}

function describeDropped(count: number): string {
  return count === 1
    ? "One more finding was left out because its quote isn't in the text."
    : `${count} more findings were left out because their quotes aren't in the text.`;
}
