import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockFolder } from "../../scripts/embedded/lock.ts";
import { kill, linesOf, runScript, testFolder } from "./support.ts";

test("a second process is refused, with the first one's id and the folder", async () => {
  const folder = join(testFolder(), "data");
  const first = runScript("hold-lock.ts", folder);
  await linesOf(first).next();
  expect(() => lockFolder(folder)).toThrow(`The database in ${folder} is in use by process ${first.pid}.`);
});

test("the same process is refused as well", () => {
  const folder = testFolder();
  const unlock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(`in use by process ${process.pid}.`);
  unlock();
});

test("the lock of a killed process is taken over", async () => {
  const folder = testFolder();
  const first = runScript("hold-lock.ts", folder);
  await linesOf(first).next();
  await kill(first);
  const unlock = lockFolder(folder);
  expect(readFileSync(join(folder, "lock.pid"), "utf8")).toBe(`${process.pid}\n`);
  unlock();
});

test("of many that take over a killed process's lock at once, one gets it", async () => {
  const folder = testFolder();
  const first = runScript("hold-lock.ts", folder);
  await linesOf(first).next();
  await kill(first);
  const waiting = Array.from({ length: 5 }, () => runScript("try-lock.ts", folder));
  const answers = await Promise.all(waiting.map(async (child) => (await linesOf(child).next()).value));
  expect(answers.sort()).toEqual(["locked", "refused", "refused", "refused", "refused"]);
});

test("a folder that was given free can be locked again", () => {
  const folder = testFolder();
  lockFolder(folder)();
  const unlock = lockFolder(folder);
  unlock();
  unlock();
  lockFolder(folder)();
});
