import { JSON_TYPE } from "../client";
import { everyRequest } from "./addresses";
import { answered, type Cast, type Row } from "./row";

/** Bodies that never end, declared and not. Each is answered after 15 seconds, so they are sent at the same time. */
export const slow = (cast: Cast): Row[] =>
  answered(
    408,
    "request_timeout",
    everyRequest(cast).flatMap(({ label, path, method, body }) => {
      if (!body) return [];
      return [
        {
          name: `${label} that never ends`,
          path,
          sending: { method, headers: { ...JSON_TYPE, "Content-Length": "900" } },
        },
        { name: `${label} that never ends, in chunks`, path, sending: { method, headers: JSON_TYPE } },
      ];
    }),
  );
