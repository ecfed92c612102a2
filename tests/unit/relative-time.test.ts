import { expect, it } from "vitest";
import { describeAge } from "../../components/vault/ui/RelativeTime";

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
