import { z } from "zod";
import type { Alert } from "./types";

/**
 * What the log says of an alert: the allow-list beside that of lib/vault/http/log.ts. Only of the platform's caps, and
 * without amounts, addresses or ids.
 */
export const alertLine = z.object({
  time: z.iso.datetime(),
  level: z.literal("warn"),
  event: z.literal("spending.threshold"),
  cap: z.enum(["platform_daily", "platform_monthly"]),
  percent: z.literal([80, 100]),
});

/** Writes one line of JSON for an alert of the platform's caps, and none for others. */
export function logAlert({ cap, percent }: Pick<Alert, "cap" | "percent">): void {
  const time = new Date().toISOString();
  const line = alertLine.safeParse({ time, level: "warn", event: "spending.threshold", cap, percent });
  if (line.success) console.warn(JSON.stringify(line.data));
}
