// What both kinds of dialog look like. They start at the same height whatever is in them, so that none moves when a
// hint, an error or a list of suggestions comes and goes; and what is longer than the window scrolls between the title
// and the buttons, unless the window is so low that there would be no room left.

import { NO_OUTLINE } from "./focus";

export const OVERLAY = "fixed inset-0 z-50 bg-black/50";

export const PANEL = `fixed top-[var(--top)] left-1/2 z-50 flex max-h-[calc(100dvh-var(--top)-1rem)] w-[calc(100%-2rem)] -translate-x-1/2 flex-col rounded-lg border bg-background text-foreground shadow-lg [--top:max(1rem,calc(15dvh-4rem))] ${NO_OUTLINE} sm:max-w-lg`;

export const BODY =
  "flex flex-col gap-4 overflow-y-auto overscroll-contain rounded-[inherit] p-6 *:shrink-0 [@media(min-height:20rem)]:scroll-pt-16 [@media(min-height:20rem)]:scroll-pb-24";

// What sticks does so within the padding, and these two are as large as the whole dialog.
export const TITLE =
  "-top-6 z-10 -mx-6 -mt-6 bg-background px-6 pt-6 pb-2 text-lg leading-tight font-semibold [overflow-wrap:anywhere] [@media(min-height:20rem)]:sticky";

/** Close to the title, which has the room below it. */
export const DESCRIPTION = "-mt-4 text-sm text-muted-foreground";

export const FOOTER =
  "-bottom-6 z-10 -mx-6 -mb-6 flex flex-wrap items-center justify-end gap-2 border-t bg-background px-6 py-4 [@media(min-height:20rem)]:sticky";
