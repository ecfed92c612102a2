import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { retryAfterSeconds } from "../../lib/vault-usage/retry-after.ts";

const NOW = Date.parse("2026-11-29T10:00:00Z");
const DAY = 86_400;

describe("Retry-After", () => {
  it.each<[string, number]>([
    ["0", 0],
    ["00", 0],
    ["7", 7],
    ["007", 7],
    [" 7\t", 7],
    ["1.2", 2],
    ["2.0", 2],
    ["0.001", 1],
    ["86400", DAY],
    ["86399.5", DAY],
  ])("of %j seconds", (header, seconds) => {
    expect(retryAfterSeconds(header, NOW)).toBe(seconds);
  });

  it.each<[string, number]>([
    ["Sun, 29 Nov 2026 10:00:30 GMT", 30],
    ["Sunday, 29-Nov-26 10:00:30 GMT", 30],
    ["Sun Nov 29 10:00:30 2026", 30],
    ["Mon, 30 Nov 2026 10:00:00 GMT", DAY],
    // The day of the week is wrong, the date is clear.
    ["Mon, 29 Nov 2026 10:01:00 GMT", 60],
    ["Sun, 29 Nov 2026 10:00:60 GMT", 60],
  ])("of the date %j", (header, seconds) => {
    expect(retryAfterSeconds(header, NOW)).toBe(seconds);
  });

  it("of a date is rounded up, so that nobody comes early", () => {
    expect(retryAfterSeconds("Sun, 29 Nov 2026 10:00:30 GMT", NOW + 1)).toBe(30);
    expect(retryAfterSeconds("Sun, 29 Nov 2026 10:00:30 GMT", NOW + 999)).toBe(30);
    expect(retryAfterSeconds("Sun, 29 Nov 2026 10:00:30 GMT", NOW + 1_000)).toBe(29);
  });

  it.each([
    "Sun, 29 Nov 2026 10:00:00 GMT",
    "Sun, 29 Nov 2026 09:59:59 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Mon, 01 Jan 0001 00:00:00 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
    // 51 years ahead, so that the century before is meant.
    "Friday, 01-Jan-77 00:00:00 GMT",
  ])("of a date that has passed is 0: %s", (header) => {
    expect(Object.is(retryAfterSeconds(header, NOW), 0)).toBe(true);
  });

  it.each([
    "86401",
    "604800",
    "86400.001",
    "9".repeat(400),
    "Mon, 30 Nov 2026 10:00:01 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Wednesday, 01-Jan-76 00:00:00 GMT",
  ])("of more than a day counts as a day: %s", (header) => {
    expect(retryAfterSeconds(header, NOW)).toBe(DAY);
  });

  it.each([
    null,
    undefined,
    "",
    " ",
    "-1",
    "-0",
    "+5",
    "1e3",
    "0x10",
    "5.",
    ".5",
    "1,5",
    "1 000",
    "5s",
    "5 seconds",
    "in 5 minutes",
    "soon",
    "Infinity",
    "NaN",
    "5, 10",
    "Sun, 29 Nov 2026 10:00:30 GMT, Sun, 29 Nov 2026 10:01:30 GMT",
    "2026-11-29T10:00:30Z",
    "Sun, 29 Nov 2026 10:00:30",
    "Sun, 29 Nov 2026 10:00:30 CET",
    "Sun, 29 Nov 2026 10:00:30 +0000",
    "29 Nov 2026 10:00:30 GMT",
    "Mon, 31 Nov 2026 10:00:30 GMT",
    "Mon, 30 Feb 2026 10:00:30 GMT",
    "Mon, 00 Dec 2026 10:00:30 GMT",
    "Tue, 01 Foo 2026 10:00:30 GMT",
    "Tue, 01 Dec 2026 24:00:00 GMT",
    "Tue, 01 Dec 2026 10:60:00 GMT",
    "Tue, 01 Dec 2026 10:00:61 GMT",
    "Tue, 01 Dec 2026 1:0:00:0 GMT",
    "Tue, 01 Dec 2026 :::::::: GMT",
    "٣",
    "5\n6",
  ])("of %j says nothing", (header) => {
    expect(retryAfterSeconds(header, NOW)).toBeUndefined();
  });

  it("is counted from now, unless another time is given", () => {
    vi.useFakeTimers({ toFake: ["Date"], now: NOW });
    expect(retryAfterSeconds("Sun, 29 Nov 2026 10:00:30 GMT")).toBe(30);
    vi.useRealTimers();
  });

  it("of any text is whole seconds of a day, or nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (header) => {
        const seconds = retryAfterSeconds(header, NOW) ?? 0;
        expect(Number.isInteger(seconds) && seconds >= 0 && seconds <= DAY).toBe(true);
      }),
    );
  });

  it("of any date of the next day is how far away that is", () => {
    fc.assert(
      fc.property(fc.nat({ max: DAY }), (seconds) => {
        const date = new Date(NOW + seconds * 1000).toUTCString();
        expect(retryAfterSeconds(date, NOW)).toBe(seconds);
      }),
    );
  });
});
