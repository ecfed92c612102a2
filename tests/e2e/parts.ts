import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";

const CHUNKS = ".next/static/chunks";

/** Which addresses are those of the part of the app that has this text in it, and is loaded after the page. */
export function partWith(text: string): (url: URL) => boolean {
  const files = readdirSync(CHUNKS).filter(
    (file) => file.endsWith(".js") && readFileSync(join(CHUNKS, file), "utf8").includes(text),
  );
  expect(files, `the part with “${text}”`).not.toEqual([]);
  return ({ pathname }) => files.some((file) => pathname.endsWith(`/chunks/${file}`));
}
