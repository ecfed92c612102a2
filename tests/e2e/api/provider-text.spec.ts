import { expect, test } from "../fixtures";
import { PROMPT, runEach, tryEach } from "./provider";

// Whatever form an answer's text comes in, all of it arrives, in its order, and nothing else.

const SAME = [
  "block-text",
  "message-text",
  "block-space",
  "text-null",
  "text-odd",
  "delta-typeless",
  "type-number",
  "type-empty",
  "type-object",
  "thinks-first",
  "tool-json",
  "unknown-events",
  "data-only",
  "no-space",
  "crlf",
  "comments",
  "done-marker",
  "bom",
  "bytewise",
  "starts-late",
  "after-stop",
  "streamless",
  "unknown-events-data-only-crlf-comments-bytewise",
];

test("the text is the same, however it comes", async () => {
  const [usual, ...others] = await tryEach(["usual", ...SAME]);
  expect(usual?.run.text).toContain(PROMPT.slice(0, 80));
  const seen = others.map(({ words, run, analysis }) => {
    const { title, findings } = analysis.done?.result ?? {};
    // JSON may begin with white space.
    return [
      words,
      words === "block-space" ? run.text.slice(1) : run.text,
      run.row.status,
      title,
      findings?.length,
    ];
  });
  expect(seen).toEqual(SAME.map((word) => [word, usual?.run.text, "completed", "Simulated analysis", 3]));
});

test("text in a block's first event comes before that of its deltas", async () => {
  const [usual, both] = await runEach(["usual", "block-and-deltas"]);
  expect(both?.text).toBe(`This came first. ${usual?.text}`);
});
