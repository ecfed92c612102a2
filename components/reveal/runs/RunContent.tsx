import { AnalysisView } from "../AnalysisView";
import type { PageRun } from "./run";
import { ScrollBox } from "./ScrollBox";

/** What a run has brought; nothing where that is nothing. All of it is a model's text, shown as text. */
export function RunContent({ run: { kind, answer, analysis } }: { run: PageRun }) {
  if (analysis) {
    return (
      <ScrollBox label="The analysis">
        <AnalysisView analysis={analysis.result} dropped={analysis.dropped} />
      </ScrollBox>
    );
  }
  if (kind === "analyze" || answer === "") return null;
  return (
    <ScrollBox label="The answer">
      <p className="whitespace-pre-wrap break-words rounded-md border bg-background p-4 text-sm leading-relaxed">
        {answer}
      </p>
    </ScrollBox>
  );
}
