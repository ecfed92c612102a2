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

/**
 * How to start a Chromium without installing one: Playwright's own where it is there, else one of the
 * system's, else the one that comes inside an npm package (Linux only).
 */
export async function browserLaunchOptions(): Promise<LaunchOptions> {
  if (existsSync(chromium.executablePath())) return {};
  const executablePath = INSTALLED.find((path) => existsSync(path));
  // Chromium's sandbox refuses to work for root, which containers often are.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  if (executablePath) return { executablePath, args };
  return { executablePath: await bundled.executablePath(), args: ["--no-sandbox", "--disable-gpu"] };
}
