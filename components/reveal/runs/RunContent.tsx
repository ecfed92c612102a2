import { AnalysisView } from "../AnalysisView";
import { Answer } from "../answer/Answer";
import type { PageRun } from "./run";
import { ScrollBox } from "./ScrollBox";

/** What a run has brought; nothing where that is nothing. All of it is a model's text. */
export function RunContent({ run: { kind, state, answer, analysis } }: { run: PageRun }) {
  if (analysis) {
    return (
      <ScrollBox label="The analysis" className="border bg-background">
        <AnalysisView analysis={analysis.result} dropped={analysis.dropped} />
      </ScrollBox>
    );
  }
  if (kind === "analyze" || answer === "") return null;
  return <Answer text={answer} isStreaming={state === "running"} />;
}
