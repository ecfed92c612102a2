import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findReceipt } from "@/components/reveal/runs/ledger";
import { ME } from "./reveal-run.ts";

afterEach(() => vi.unstubAllGlobals());

describe("a receipt that the page did not get", () => {
  const entry = {
    ...{ id: ME, created_at: "2026-11-30T00:00:00Z", kind: "run", model: "m", source: "user" },
    ...{ stop_reason: null, duration_ms: 5, is_counted: false, cost: 0.5, cost_exact: false, details: {} },
    ...{ input_tokens: 1, output_tokens: 2, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
  };
  /** The server's answers, one after the other; the last one again and again. */
  function answer(...answers: (object | string)[]) {
    vi.stubGlobal("document", { querySelector: () => null });
    const asked = vi.fn(async (path: string) => {
      expect(path).toBe(`/api/usage/runs/${ME}`);
      const next = answers.length > 1 ? answers.shift() : answers[0];
      if (typeof next !== "string") return Response.json(next);
      return Response.json({ code: next, detail: "No." }, { status: 404 });
    });
    vi.stubGlobal("fetch", asked);
    return asked;
  }
  const pause = vi.fn(async (_: number) => {});
  beforeEach(() => pause.mockClear());

  it("is asked for until the server has noticed the end", async () => {
    const asked = answer(
      { ...entry, status: "started" },
      { ...entry, status: "started" },
      { ...entry, status: "cancelled" },
    );
    expect(await findReceipt(ME, false, pause)).toEqual({
      is_free: false,
      receipt: {
        ...{ model: "m", source: "user", status: "cancelled", stop_reason: null, is_counted: false },
        ...{ cost_usd: 0.5, duration_ms: 5 },
        usage: {
          input_tokens: 1,
          output_tokens: 2,
          cache_creation_input_tokens: 0,
          cache_read_input_tokens: 0,
        },
      },
    });
    expect(asked).toHaveBeenCalledTimes(3);
  });

  it("is given up after ten seconds, with longer and longer pauses", async () => {
    answer({ ...entry, status: "started" });
    expect(await findReceipt(ME, false, pause)).toBeNull();
    const waits = pause.mock.calls.map(([ms]) => ms);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(10_000);
  });

  it("is none where the run was never entered, which takes a moment to be sure of", async () => {
    const free = { receipt: null, is_free: true };
    const asked = answer("run_not_found");
    expect(await findReceipt(ME, true, pause)).toEqual(free);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(await findReceipt(ME, false, pause)).toEqual(free);
    expect(asked).toHaveBeenCalledTimes(4);
    answer("run_not_found", { ...entry, status: "cancelled" });
    expect(await findReceipt(ME, false, pause)).toMatchObject({ is_free: false });
  });

  it("is not known where the server does not say", async () => {
    answer("address_not_found");
    expect(await findReceipt(ME, false, pause)).toBeNull();
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    expect(await findReceipt(ME, false, pause)).toBeNull();
  });
});
