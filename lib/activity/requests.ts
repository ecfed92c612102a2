import { callApi } from "../vault/http/client";
import type { EventPage } from "./events";
import type { ActivityFilter } from "./filter";

/**
 * The routes of one log, as pages call them. All throw ApiError.
 *
 * @param teamId null for the person's own
 */
export function activityApi(teamId: string | null) {
  type Parameters = Record<string, string | undefined>;
  const query = (parameters: Parameters) => {
    const all = Object.entries({ team_id: teamId ?? undefined, ...parameters });
    return new URLSearchParams(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  };
  const page = (parameters: Parameters) =>
    callApi<EventPage>("GET", `/api/vault/events?${query(parameters)}`);
  return {
    /** @param before the `next` of the page before */
    next: (filter: ActivityFilter, before: string) => page({ ...filter, before }),
    /** What came with an import, by the id of its event. */
    parts: async (id: string) => (await page({ import: id })).events,
    /** Where the file is that has all that a filter shows. */
    exportHref: (filter: ActivityFilter, format: "csv" | "jsonl") =>
      `/api/vault/events/export?${query({ format, ...filter })}`,
  };
}
