"use client";

import { startTransition, useEffect, useState } from "react";
import { ANSWER_BOX, ANSWER_LABEL, ANSWER_TEXT } from "./box";
import { PlainText } from "./PlainText";

type Parts = typeof import("./parts").parts;

/** What lays answers out, and is loaded with the first. */
let loaded: Parts | null = null;

/** A model's answer as it is written, in a box that scrolls within itself. */
export function Answer({ text, isStreaming }: { text: string; isStreaming: boolean }) {
  const parts = useParts();
  if (parts) return <parts.AnswerBox text={text} isStreaming={isStreaming} />;
  return (
    <div className="rounded-md border bg-background">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset groups fields */}
      <div role="group" aria-label={ANSWER_LABEL} className={ANSWER_BOX}>
        <div className={`p-4 ${ANSWER_TEXT}`}>
          <PlainText text={text} />
        </div>
      </div>
    </div>
  );
}

interface AnswerTextProps {
  text: string;
  /** The level of the text's highest heading on this page: 3 is h3. */
  headingLevel: number;
}

/** A model's text in the middle of other things, complete. */
export function AnswerText({ text, headingLevel }: AnswerTextProps) {
  const parts = useParts();
  return (
    <div className={ANSWER_TEXT}>
      {parts ? <parts.Settled text={text} headingLevel={headingLevel} /> : <PlainText text={text} />}
    </div>
  );
}

/** Null until they are there, and where they do not come: the text can be read without, and the next answer tries again. */
function useParts(): Parts | null {
  const [parts, setParts] = useState(loaded);
  useEffect(() => {
    if (loaded) return;
    import("./parts").then(
      ({ parts }) => {
        loaded = parts;
        startTransition(() => setParts(parts));
      },
      () => {},
    );
  }, []);
  return parts;
}
