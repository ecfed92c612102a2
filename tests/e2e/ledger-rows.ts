import { insertRows } from "./api/client";

export const MODEL = "claude-sonnet-5-5";

const DAY_MS = 86_400_000;

export const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();

export const today = () => new Date().toISOString().slice(0, 10);

/** Writes runs as the ledger would; what is not said is the same for all. */
export const ran = (...runs: object[]) =>
  insertRows(
    "reveal_runs",
    runs.map((run) => ({
      kind: "run",
      model: MODEL,
      source: "user",
      status: "completed",
      input_tokens: 1000,
      output_tokens: 100,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      stop_reason: null,
      is_counted: true,
      cost_usd: 0.003,
      cost_exact: true,
      details: {},
      duration_ms: 3200,
      team_id: null,
      created_at: new Date().toISOString(),
      ...run,
    })),
  );

export const unpriced = { cost_usd: null, cost_exact: false };
