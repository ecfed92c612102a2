/** Why the database did not enter a run: the function enter_run. Amounts are in tokens or USD. */
export interface Refusal {
  reason: string;
  /** What is used for good. */
  spent: number;
  /** What runs under way may use. */
  held: number;
  allowed: number;
}

/** Whether there is room for it once all that is under way has ended. */
export const fits = ({ spent, allowed }: Refusal, { mostCost }: { mostCost: number | null }) =>
  spent + (mostCost ?? 0) <= allowed;
