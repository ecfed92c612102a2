import { expect, it } from "vitest";
import { hourly } from "../../lib/vault/hourly.ts";

const HOUR = 3_600_000;

it("is due once an hour for each name, and again where it could not be done", () => {
  const work = hourly();
  expect(work.isDue("one", 0)).toBe(true);
  expect(work.isDue("two", 1)).toBe(true);
  expect(work.isDue("one", HOUR - 1)).toBe(false);
  expect(work.isDue("one", HOUR)).toBe(true);
  expect(work.isDue("two", HOUR)).toBe(false);
  work.forget("two");
  expect(work.isDue("two", HOUR)).toBe(true);
});

it("is due where the clock was set back, so that it never waits for longer than an hour", () => {
  const work = hourly();
  work.isDue("one", 10 * HOUR);
  expect(work.isDue("one", 0)).toBe(true);
  expect(work.isDue("one", HOUR - 1)).toBe(false);
});

it("remembers so many names and no more", () => {
  const work = hourly(2);
  for (const name of ["one", "two", "one", "three"]) work.isDue(name, 0);
  expect(work.isDue("two", 1)).toBe(false);
  expect(work.isDue("three", 1)).toBe(false);
  expect(work.isDue("one", 1)).toBe(true);
});
