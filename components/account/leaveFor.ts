import { forgetRuns } from "@/components/reveal/runs/forget";

/**
 * Goes to a page for somebody who is no longer signed in, in the place of this one, and leaves nothing of this one for the
 * back button to bring back, nor of their prompts and answers in this browser.
 *
 * @param path of ours
 * @returns never: what waits for it stays as it is until the next page is there
 */
export function leaveFor(path: string): Promise<never> {
  forgetRuns();
  window.addEventListener("pagehide", () => document.body.replaceChildren());
  window.addEventListener("pageshow", () => window.location.reload());
  window.location.replace(path);
  return new Promise(() => {});
}
