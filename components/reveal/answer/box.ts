// Before and after the rest is loaded, so that nothing moves.

export const ANSWER_LABEL = "The answer";

export const ANSWER_BOX =
  "max-h-[min(60vh,32rem)] overflow-y-auto rounded-md focus-visible:outline-hidden focus-visible:ring-[3px] focus-visible:ring-ring/60 print:max-h-none";

export const ANSWER_TEXT = "space-y-3 text-sm leading-relaxed [overflow-wrap:anywhere]";
