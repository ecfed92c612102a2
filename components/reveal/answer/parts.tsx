import { ANSWER_LABEL, ANSWER_TEXT } from "./box";
import { FollowedScroll } from "./FollowedScroll";
import { Settled } from "./Settled";

/** A model's answer as it is written, laid out. */
function AnswerBox({ text, isStreaming }: { text: string; isStreaming: boolean }) {
  return (
    <FollowedScroll label={ANSWER_LABEL} isGrowing={isStreaming}>
      <div className={ANSWER_TEXT}>
        <Settled text={text} isStreaming={isStreaming} headingLevel={3} />
      </div>
    </FollowedScroll>
  );
}

/** What is loaded with the first answer. */
export const parts = { AnswerBox, Settled };
