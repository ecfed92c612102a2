import "server-only";
import { z } from "zod";
import { countTurns } from "../vault/http/turns";

// Anybody can send a report, true or not, so a log line says no more than which directive it was and which origin was
// refused: paths, queries, samples of scripts and the page's own address may hold anything.

/** Reports of the browsers' own making are smaller. */
export const MAX_REPORT_BYTES = 16 * 1024;
export const REPORT_TYPE = "application/csp-report";
const MOST_LINES_A_MINUTE = 20;

const DIRECTIVES = [
  ...["default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem"],
  ...["style-src-attr", "img-src", "font-src", "connect-src", "object-src", "base-uri", "form-action"],
  ...["frame-ancestors", "frame-src", "child-src", "worker-src", "manifest-src", "media-src"],
] as const;

/** What browsers name in place of an address. */
const KEYWORDS = ["inline", "eval", "wasm-eval", "self", "data", "blob", "filesystem", "about"];

const text = z.string().max(MAX_REPORT_BYTES).optional().catch(undefined);
/** What `report-uri` sends (https://www.w3.org/TR/CSP3/#deprecated-serialize-violation). */
const report = z.object({
  "csp-report": z.object({ "effective-directive": text, "violated-directive": text, "blocked-uri": text }),
});

/** One line of the log: the allow-list for what is said of a report. */
const reportLine = z.object({
  time: z.iso.datetime(),
  level: z.literal("warning"),
  code: z.literal("csp_violation"),
  directive: z.enum(DIRECTIVES),
  /** An origin, a scheme such as `chrome-extension:`, or a keyword such as `inline`. */
  blocked: z.string().regex(/^[a-z0-9.:/[\]-]{1,270}$/),
});

const takeLine = countTurns(MOST_LINES_A_MINUTE);

/**
 * Writes one line to the server's output for a report that is understood, and at most 20 a minute for all of them.
 *
 * @param body parsed JSON, of whatever shape
 */
export function logReport(body: unknown): void {
  const parsed = report.safeParse(body);
  if (!parsed.success) return;
  const { "csp-report": said } = parsed.data;
  const line = reportLine.safeParse({
    time: new Date().toISOString(),
    level: "warning",
    code: "csp_violation",
    // The older name has the directive's sources behind it.
    directive: (said["effective-directive"] ?? said["violated-directive"])?.split(" ", 1)[0],
    blocked: originOf(said["blocked-uri"]),
  });
  if (line.success && takeLine("all") === 0) console.warn(JSON.stringify(line.data));
}

function originOf(blocked: string | undefined): string | undefined {
  if (blocked === undefined || KEYWORDS.includes(blocked)) return blocked;
  if (!URL.canParse(blocked)) return undefined;
  const { origin, protocol } = new URL(blocked);
  return origin === "null" ? protocol : origin;
}
