import { expect, it } from "vitest";
import { describeTimeLeft } from "../../components/shared/timeLeft";
import { describeAge, formatUtc } from "../../components/vault/ui/RelativeTime";

it.each([
  [-5, "just now"],
  [0, "just now"],
  [59, "just now"],
  [60, "1 minute ago"],
  [3_599, "59 minutes ago"],
  [3_600, "1 hour ago"],
  [86_400, "yesterday"],
  [6 * 86_400, "6 days ago"],
  [7 * 86_400, "last week"],
  [89 * 86_400, "2 months ago"],
  [800 * 86_400, "2 years ago"],
])("an age of %i seconds reads %j", (seconds, words) => {
  expect(describeAge(seconds)).toBe(words);
});

it.each([
  ["2026-03-05T12:00:59.999999Z", "2026-03-05 12:00 UTC"],
  ["2026-03-05T00:30:00+01:00", "2026-03-04 23:30 UTC"],
])("the moment %s reads %j", (iso, words) => {
  expect(formatUtc(iso)).toBe(words);
});

it.each([
  [7 * 86_400, "in 7 days"],
  [36 * 3_600, "in 36 hours"],
  [3_600, "in 1 hour"],
  [3_599, "in 60 minutes"],
  [1, "in 1 minute"],
  [0, "now"],
  [-86_400, "now"],
])("what ends in %i seconds ends %j", (seconds, words) => {
  expect(describeTimeLeft(-seconds)).toBe(words);
});
