import { expect, test } from "../fixtures";
import { ESTIMATE, runEach, tryEach } from "./provider";

// What comes instead of an answer: which of our codes it is, the same for a run and for an analysis.

const GROUPS: Record<string, string[]> = {
  // By the provider's own word alone: a page that says 401 is no verdict on a key.
  provider_refused_key: ["refused", "openai-key", "litellm-auth", "litellm-unknown", "litellm-expired"],
  provider_no_credit: ["nocredit", "low-balance", "budget-429", "budget-400", "credits-402", "quota-spent"],
  provider_key_limited: ["no-permission", "org-disabled", "litellm-access"],
  provider_blocks_server: ["region-forbidden", "legal-451"],
  provider_rejected_request: ["nomodel", "too-long", "html-413", "litellm-model", "other-invalid"],
  provider_unclear: [
    "html-401",
    "html-403",
    "html-404",
    "login-page",
    "nowhere-json",
    "litellm-outage",
    "bare-401",
    "bare-403",
    "openai-no-key",
    "error-text",
    "error-null",
    "error-number",
    "error-list",
    "error-object",
  ],
  provider_rate_limited: ["ratelimited", "retry-date", "retry-garbage", "retry-zero"],
  provider_overloaded: ["overloaded", "error-first"],
  provider_timeout: ["html-504"],
  // Of a 407, `fetch` says no more than that it failed.
  provider_unavailable: [
    "api-error",
    "hangup",
    "redirected",
    "html-407",
    "html-502",
    "error-odd-500",
    "json-200",
  ],
  provider_rejected_request_by_status: ["error-odd-400"],
  provider_bad_answer: ["empty-stream"],
};

for (const [group, words] of Object.entries(GROUPS)) {
  const code = group.replace(/_by_status$/, "");
  test(`${group}: ${words.join(", ")}`, async () => {
    const seen = (await tryEach(words)).map(({ words, run, analysis }) => [
      words,
      run.problem?.code,
      analysis.problem?.code,
      run.reply.status < 400,
    ]);
    expect(seen).toEqual(words.map((word) => [word, code, code, false]));
  });
}

test("a provider that may have read the prompt before it failed is entered with what was sent", async () => {
  const words = ["hangup", "html-502", "html-504", "login-page", "empty-stream"];
  const seen = (await runEach(words)).map(({ words, row }) => [
    words,
    row.input_tokens,
    row.is_counted,
    row.cost_exact,
  ]);
  expect(seen).toEqual(words.map((word) => [word, ESTIMATE, false, false]));
});

test("an error whose body never comes to an end is said soon, and hung up on", async () => {
  for (const { run, analysis } of (
    await Promise.all([tryEach(["endless-body"]), tryEach(["body-never"])])
  ).flat()) {
    expect([run.problem?.code, analysis.problem?.code]).toEqual([
      "provider_unavailable",
      "provider_unavailable",
    ]);
  }
});

test("when to try again is said as far as the provider says it", async () => {
  const [seconds, date, garbage] = (await runEach(["ratelimited", "retry-date", "retry-garbage"])).map(
    ({ reply }) => reply.headers["retry-after"],
  );
  expect(seconds).toBe("7");
  // A date 90 seconds after the reply to a request that is over.
  expect(Number(date)).toBeGreaterThan(0);
  expect(Number(date)).toBeLessThanOrEqual(90);
  expect(garbage).toBeUndefined();
});

test("a provider that repeats the key in its errors is not repeated", async () => {
  // `tryEach` looks for the key in everything that the app says and prints.
  const words = [
    "refused",
    "low-balance",
    "budget-400",
    "html-403",
    "html-502",
    "errorevent",
    "model-is-key",
  ];
  await tryEach(words.map((word) => `${word}-echo`));
});
