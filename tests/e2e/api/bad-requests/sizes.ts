import { JSON_TYPE } from "../client";
import { everyRequest } from "./addresses";
import { answered, type Theme } from "./row";

/** Bodies of one byte more than an address takes, declared and not, and far larger ones. */
export const sizes: Theme = (cast) =>
  answered(
    413,
    "payload_too_large",
    everyRequest(cast).flatMap(({ label, path, method, body, limit }) => {
      if (!body || limit === undefined) return [];
      const json = JSON.stringify(body);
      const lengths: [string, number, boolean][] = [
        ["one byte too many", limit + 1, false],
        ["one byte too many, in chunks", limit + 1, true],
        ...(path === "/api/vault"
          ? [["ten times too much, in chunks", 10 * limit, true] as [string, number, boolean]]
          : []),
      ];
      return lengths.map(([what, length, chunked]) => ({
        name: `${label} with ${what}`,
        path,
        sending: { method, headers: JSON_TYPE, body: json.padEnd(length), chunked },
      }));
    }),
  );
