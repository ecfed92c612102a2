import { ADDRESSES } from "./addresses";
import { answered, KEY, type Row, type Theme } from "./row";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/** That Node's parser knows, and Next does not. */
const UNKNOWN = ["PURGE", "PROPFIND", "SEARCH", "QUERY", "LINK", "M-SEARCH", "REPORT"];

/** Every method that an address does not have, asked as a foreign page's preflight would. */
export const methods: Theme = ({ team, invite, member }) => {
  const preflight = { Origin: "https://evil.test", "Access-Control-Request-Method": "POST" };
  const missing = Object.entries(ADDRESSES).flatMap(([address, allow]): Row[] => {
    const path = address
      .replace("[teamId]", team)
      .replace("[inviteId]", invite)
      .replace("[userId]", member.id);
    const others = METHODS.filter((method) => !allow.split(", ").includes(method));
    return others.map((method) => ({
      name: `${method} ${address}`,
      path,
      sending: { method, headers: preflight },
      status: 405,
      code: method === "HEAD" ? undefined : "method_not_allowed",
      allow,
    }));
  });
  const reveal = `/api/vault?key=${KEY}&reveal=true`;
  return [
    ...missing,
    {
      ...{ name: "HEAD with what a reveal needs", path: reveal, sending: { method: "HEAD" }, status: 405 },
      allow: ADDRESSES["/api/vault"] ?? "",
    },
    ...UNKNOWN.map((method) => ({ name: method, path: reveal, sending: { method }, status: 400 })),
    ...answered(405, "method_not_allowed", [{ name: "TRACE", path: reveal, sending: { method: "TRACE" } }]),
  ];
};
