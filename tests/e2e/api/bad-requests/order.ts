import { randomUUID } from "node:crypto";
import type { OutgoingHttpHeaders } from "node:http";
import { JSON_TYPE, post } from "../client";
import { ABSENT, ECHO, type Row, type Theme } from "./row";

/** Of several faults, the first in this order is told, so that nobody learns more than they may. */
export const order: Theme = ({ team }) => {
  const nowhere = randomUUID();
  const large = `{"value":"${"x".repeat(32_768)}`;
  const foreign = { "Sec-Fetch-Site": "cross-site" };
  const text = { "Content-Type": "text/plain" };
  const written = (headers: OutgoingHttpHeaders, body: string | object) => ({
    method: "POST",
    headers: { ...JSON_TYPE, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const change = { key: ABSENT, category: "LLM" };
  const path = "/api/vault";
  const row = (
    name: string,
    status: number,
    code: string,
    sending: Row["sending"],
    who?: Row["who"],
  ): Row => ({
    ...{ name: `first ${name}`, path, status, code, ...(sending && { sending }), ...(who && { who }) },
  });
  const queries = (["reveal", "delete"] as const).flatMap((what): Row[] => {
    const query = (key: string) =>
      `/api/vault?key=${key}${what === "reveal" ? "&reveal=true" : ""}&team_id=${nowhere}`;
    const method = what === "reveal" ? "GET" : "DELETE";
    const first = (
      fault: string,
      key: string,
      status: number,
      code: string,
      rest: Partial<Row> = {},
    ): Row => ({
      ...{
        name: `first ${fault}, of a ${what}`,
        path: query(key),
        sending: { method },
        status,
        code,
        ...rest,
      },
    });
    return [
      first("no session", "a", 401, "unauthenticated", {
        who: "nobody",
        sending: { method, headers: foreign },
      }),
      first("another site", "a", 403, "cross_origin", { sending: { method, headers: foreign } }),
      first("malformed", "a", 400, "invalid_request"),
      first("an unknown team", ABSENT, 404, "team_not_found"),
    ];
  });
  return [
    row("no session", 401, "unauthenticated", written({ ...foreign, ...text }, large), "nobody"),
    row("another site", 403, "cross_origin", written({ ...foreign, ...text }, large)),
    row("another type", 415, "unsupported_media_type", written(text, large)),
    row("too large", 413, "payload_too_large", written({}, large)),
    row("malformed", 400, "invalid_request", written({}, { key: "a", value: ECHO, team_id: nowhere })),
    row("an unknown team", 404, "team_not_found", written({}, { ...change, team_id: nowhere })),
    row("no role", 403, "team_role_required", post({ ...change, team_id: team }), "member"),
    row("not there", 404, "secret_not_found", post({ ...change, team_id: team })),
    ...queries,
  ];
};
