import type { PageRun } from "@/components/reveal/runs/run";

export const ME = "0f5ea887-f9a2-4bf2-a35a-0f5ab5715420";

/** A run that has ended well, as the page keeps it. */
export function newRun(changes: Partial<PageRun> = {}): PageRun {
  return {
    id: crypto.randomUUID(),
    kind: "run",
    at: 1_000,
    team: null,
    text: "Why?",
    model: "claude-x",
    source: "user",
    state: "done",
    answer: "Because.",
    analysis: null,
    receipt: null,
    is_free: false,
    failure: null,
    ...changes,
  };
}
