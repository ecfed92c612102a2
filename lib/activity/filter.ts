import type { ActionGroup, EventAction } from "./actions";

/** What of a log is looked at. Without any of these, all of it. */
export interface ActivityFilter {
  key?: string | undefined;
  /** The id of somebody who did it, or to whom it was done. */
  person?: string | undefined;
  action?: ActionGroup | EventAction | undefined;
  /** Days in UTC, both included, e.g. "2026-11-23". */
  from?: string | undefined;
  to?: string | undefined;
  /** A part of a key's name or of a person's address. */
  search?: string | undefined;
}

/** Whether a filter leaves anything out. */
export const isFiltering = (filter: ActivityFilter) =>
  Object.values(filter).some((value) => value !== undefined);
