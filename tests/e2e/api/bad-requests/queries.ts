import { randomUUID } from "node:crypto";
import { ABSENT, answered, ECHO, KEY, type Theme } from "./row";

const ID = randomUUID();
const NOW = "2026-01-01T00:00:00.000000Z";

/** What a client of PostgREST would write, and what objects have without being asked. */
const ANYWHERE: [string, string][] = [
  ["an operator", "select=encrypted_value"],
  ["all columns", "select=*"],
  ["an or", `or=(key.eq.${KEY})`],
  ["an and", `and=(key.eq.${KEY})`],
  ["an order", "order=encrypted_value"],
  ["a limit", "limit=1000"],
  ["a user_id", `user_id=${ID}`],
  ["an owner_id", `owner_id=eq.${ID}`],
  ["a team of no form", "team_id=x"],
  ["an empty team", "team_id="],
  ["a filter for a team", `team_id=eq.${ID}`],
  ["a negated team", `team_id=neq.${ID}`],
  ["two teams in one", `team_id=in.(${ID},${ID})`],
  ["a team and a condition", `team_id=${ID},owner_type.eq.user`],
  ["two teams", `team_id=${ID}&team_id=${ID}`],
  ["a list of teams", `team_id[]=${ID}`],
  ["__proto__ with a member", "__proto__[team_id]=1"],
  ["constructor", "constructor=1"],
  ["toString", "toString=1"],
  ["an access token", "access_token=x"],
];

const READS: [string, string][] = [
  ["two keys", `key=${KEY}&key=${ABSENT}`],
  ["the same key twice", `key=${KEY}&key=${KEY}`],
  ["a key twice, once escaped", `key=${KEY}&%6bey=${KEY}`],
  ["two keys in one", `key=${KEY},${ABSENT}`],
  ["a list of keys", `key[]=${KEY}`],
  ["a numbered key", `key[0]=${KEY}`],
  ["a member of a key", `key[eq]=${KEY}`],
  ["an empty key", "key="],
  ["a key in small letters", "key=openai"],
  ["a key of 65 characters", `key=${"A".repeat(65)}`],
  ["a filter for a key", `key=eq.${KEY}`],
  ["a negated key", `key=neq.${ABSENT}`],
  ["keys by their beginning", "key=like.O*"],
  ["keys of a list", `key=in.(${KEY},${ABSENT})`],
  ["a NUL after the key", `key=${KEY}%00`],
  ["a line break after the key", `key=${KEY}%0A`],
  ["a blank before the key", `key=+${KEY}`],
  ["a key escaped twice", `key=%254${"F"}PENAI_API_KEY`],
  ["a key of a prototype's name", "key=__proto__"],
  ["a key of an object's member", "key=hasOwnProperty"],
  ["escapes that are none", "key=%E0%A4%A"],
  ["a lone percent", "%"],
  ["only an equals sign", "="],
  ["a member in capitals", `KEY=${KEY}`],
  ["reveal twice", `key=${KEY}&reveal=true&reveal=false`],
  ["a reveal of yes", `key=${KEY}&reveal=yes`],
  ["a reveal of 1", `key=${KEY}&reveal=1`],
  ["a reveal of TRUE", `key=${KEY}&reveal=TRUE`],
  ["an empty reveal", `key=${KEY}&reveal=`],
  ["reveal in capitals", `key=${KEY}&REVEAL=true`],
  ["a list of reveals", `key=${KEY}&reveal[]=true`],
  ["a reveal of everything", "reveal=true"],
  ["Next's own parameters", `nxtPkey=${KEY}&nxtPreveal=true&reveal=true`],
  ["Next's own number", `key=${KEY}&_rsc=1`],
  ["a value", `key=${KEY}&value=${ECHO}`],
  ["a state", `key=${KEY}&if_updated_at=${NOW}`],
  ["a thousand parameters", Array.from({ length: 1_000 }, (_, index) => `p${index}=1`).join("&")],
];

const DELETIONS: [string, string][] = [
  ["nothing", ""],
  ["a reveal", `key=${KEY}&reveal=true`],
  ["a value", `key=${KEY}&value=${ECHO}`],
  ["the same key twice", `key=${KEY}&key=${KEY}`],
  ["a filter for a key", `key=neq.${ABSENT}`],
  ["keys of a list", `key=in.(${KEY})`],
  ["an or", `or=(key.eq.${KEY})`],
  ["an empty key", "key="],
  ["an empty state", `key=${KEY}&if_updated_at=`],
  ["no state", `key=${KEY}&if_updated_at=null`],
  ["a state that is no time", `key=${KEY}&if_updated_at=now()`],
  ["a filter for a state", `key=${KEY}&if_updated_at=neq.${NOW}`],
  ["two states", `key=${KEY}&if_updated_at=${NOW}&if_updated_at=${NOW}`],
  ["a state of a year that is none", `key=${KEY}&if_updated_at=0000-01-01T00:00:00Z`],
  ["a key in a prototype", `__proto__[key]=${KEY}&__proto__=${KEY}`],
];

const OTHERS: [string, string, string?][] = [
  ["events of a key in small letters", "/api/vault/events?key=lower"],
  ["events of two keys", `/api/vault/events?key=${KEY}&key=${ABSENT}`],
  ["events of a filtered key", `/api/vault/events?key=eq.${KEY}`],
  ["events before nothing", "/api/vault/events?before="],
  ["events before no cursor", "/api/vault/events?before=x"],
  ["events before an id that is none", `/api/vault/events?before=${NOW}_x`],
  ["events before a cursor with a condition", `/api/vault/events?before=${NOW}_${ID},id.gt.0`],
  ["runs before nothing", "/api/usage/runs?before="],
  ["runs before no time", "/api/usage/runs?before=yesterday"],
  ["runs before a time without an id", `/api/usage/runs?before=${NOW}`],
  ["runs before a cursor with a condition", `/api/usage/runs?before=${NOW}_${ID},id.gt.0`],
  ["runs before a cursor with a quote", `/api/usage/runs?before=${NOW}%22,id.gt.0_${ID}`],
  ["runs before a year that is none", `/api/usage/runs?before=0000-01-01T00:00:00Z_${ID}`],
  ["usage as XML", "/api/usage?format=xml"],
  ["usage of an unknown range", "/api/usage?range=7-days"],
  ["usage of two ranges", "/api/usage?range=30-days&range=90-days"],
  ["usage as two files", "/api/usage?format=csv&format=csv"],
  ["usage of a period", "/api/usage?from=2020-01-01"],
  ["payers of a key", `/api/reveal/payers?key=${KEY}`],
  ["deliveries of nothing", "/api/webhooks/deliveries"],
  ["deliveries of two", `/api/webhooks/deliveries?id=${ID}&id=${ID}`],
  ["deliveries of a number", "/api/webhooks/deliveries?id=1"],
  ["deliveries of a filter", `/api/webhooks/deliveries?id=eq.${ID}`],
  ["a hundred deliveries", `/api/webhooks/deliveries?id=${ID}&limit=100`],
  ["deletion of no webhook", "/api/webhooks", "DELETE"],
  ["deletion of two webhooks", `/api/webhooks?id=${ID}&id=${ID}`, "DELETE"],
  ["deletion of all webhooks", "/api/webhooks?id=neq.0", "DELETE"],
  ["deletion of somebody's webhook", `/api/webhooks?id=${ID}&user_id=${ID}`, "DELETE"],
];

/** Parameters that are twice there, lists, operators, or not in their form. */
export const queries: Theme = () =>
  answered(400, "invalid_request", [
    ...["/api/vault", "/api/usage/runs"].flatMap((path) =>
      ANYWHERE.map(([what, query]) => ({ name: `GET ${path} with ${what}`, path: `${path}?${query}` })),
    ),
    ...["/api/vault/events", "/api/usage", "/api/reveal/payers", "/api/webhooks"].flatMap((path) =>
      ANYWHERE.filter((_, index) => index % 3 === 0).map(([what, query]) => ({
        ...{ name: `GET ${path} with ${what}`, path: `${path}?${query}` },
      })),
    ),
    ...READS.map(([what, query]) => ({ name: `GET /api/vault with ${what}`, path: `/api/vault?${query}` })),
    ...DELETIONS.map(([what, query]) => ({
      ...{
        name: `DELETE /api/vault with ${what}`,
        path: `/api/vault?${query}`,
        sending: { method: "DELETE" },
      },
    })),
    ...OTHERS.map(([name, path, method = "GET"]) => ({ name, path, sending: { method } })),
  ]);
