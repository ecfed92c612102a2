import { vi } from "vitest";
import { PATIENCE_MS } from "./patience.ts";

/**
 * Looks again and again until it succeeds. Unlike `vi.waitFor`, which gives up after a second.
 *
 * @param look throws as long as it is too early
 * @returns what it returns then
 */
export const eventually = <Value>(look: () => Value | Promise<Value>): Promise<Value> =>
  vi.waitFor(look, { interval: 20, timeout: PATIENCE_MS });
