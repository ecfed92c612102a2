import { ANSWER_LABEL, ANSWER_TEXT } from "./box";
import { FollowedScroll } from "./FollowedScroll";
import { Settled } from "./Settled";

// What is loaded with the first answer.

export { Settled };

/** A model's answer as it is written, laid out. */
export function AnswerBox({ text, isStreaming }: { text: string; isStreaming: boolean }) {
  return (
    <FollowedScroll label={ANSWER_LABEL} isGrowing={isStreaming}>
      <div className={ANSWER_TEXT}>
        <Settled text={text} isStreaming={isStreaming} headingLevel={3} />
      </div>
    </FollowedScroll>
  );
}
