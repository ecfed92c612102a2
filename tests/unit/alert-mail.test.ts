import { describe, expect, it, vi } from "vitest";
import { alertLine, logAlert } from "@/lib/alerts/log";
import { alertMail } from "@/lib/alerts/mail";
import type { Alert, Cap } from "@/lib/alerts/types";

const TEAM = "7e000000-0000-4000-8000-000000000001";
const ORIGIN = "https://vault.example.com";

const alertOf = (cap: Cap, percent: Alert["percent"]): Alert => ({
  cap,
  percent,
  spentUsd: 8.5,
  limitUsd: 10,
  periodStart: cap === "platform_daily" ? "2026-11-29" : "2026-11-01",
  teamId: cap.startsWith("platform") ? null : TEAM,
  userId: null,
});

describe("the mail of an alert", () => {
  // For people who are signed out, there is no page of operators.
  it.each<Cap>(["platform_daily", "platform_monthly"])("of %s says to sign in first", (cap) => {
    expect(alertMail(alertOf(cap, 80), null, ORIGIN).text).toContain("Sign in to see its costs");
  });

  it.each<[Cap, string, string, string]>([
    ["platform_daily", "the limit for November 29 on the platform's key", "midnight", "/operator"],
    ["platform_monthly", "the limit for November on the platform's key", "the end of November", "/operator"],
    ["team_monthly", "the budget of “Crew” for November", "the end of November", `/team?team=${TEAM}`],
    ["member_monthly", "your budget in “Crew” for November", "the end of November", `/usage?team=${TEAM}`],
  ])("of %s says what is spent of what, until when, and where to act", (cap, limit, ends, path) => {
    const near = alertMail(alertOf(cap, 80), "“Crew”", ORIGIN);
    expect(near.subject).toBe(`80% spent: ${limit}`);
    expect(near.text).toContain(`${limit.slice(1)}: $8.50 of $10.00 spent.`);
    expect(near.text).toContain("When it's reached,");
    expect(near.text.split("\n\n").at(-1)).toBe(ORIGIN + path);
    const reached = alertMail(alertOf(cap, 100), "“Crew”", ORIGIN);
    expect(reached.subject).toBe(`Reached: ${limit}`);
    expect(reached.text).toContain(`are refused until ${ends} (UTC).`);
  });
});

describe("the log line of an alert", () => {
  it.each<[Cap, number]>([
    ["platform_daily", 1],
    ["platform_monthly", 1],
    ["team_monthly", 0],
    ["member_monthly", 0],
  ])("of %s is written %d times, with the allowed members alone", (cap, times) => {
    const log = vi.spyOn(console, "warn").mockImplementation(() => {});
    logAlert(alertOf(cap, 100));
    const lines = log.mock.calls.map(([line]) => alertLine.strict().parse(JSON.parse(line)));
    log.mockRestore();
    expect(lines).toEqual(
      Array(times).fill({
        time: expect.any(String),
        level: "warn",
        event: "spending.threshold",
        cap,
        percent: 100,
      }),
    );
  });
});
