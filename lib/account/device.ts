/** The first that matches counts: most browsers name Chrome and Safari too. */
const BROWSERS: [RegExp, string][] = [
  [/\b(Edg|EdgA|EdgiOS)\b/, "Edge"],
  [/\b(OPR|OPT)\b/, "Opera"],
  [/\bSamsungBrowser\b/, "Samsung Internet"],
  [/\b(Firefox|FxiOS)\b/, "Firefox"],
  [/\b(Chrome|CriOS|HeadlessChrome)\b/, "Chrome"],
  [/\bSafari\b/, "Safari"],
];

const SYSTEMS: [RegExp, string][] = [
  [/\b(iPhone|iPod)\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

/**
 * What to call the device of a session: "Chrome on macOS". No more than that, because browsers say less and less of
 * themselves, and a person knows their devices.
 *
 * @param userAgent the browser's User-Agent header (RFC 9110, 10.1.5), as the auth server wrote it down
 * @returns null for one that is not recognized
 */
export function deviceOf(userAgent: string | null): string | null {
  const find = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(userAgent ?? ""))?.[1];
  const [browser, system] = [find(BROWSERS), find(SYSTEMS)];
  return browser && system ? `${browser} on ${system}` : (browser ?? system ?? null);
}
