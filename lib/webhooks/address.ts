import "server-only";
import type { LookupAddress } from "node:dns";
import { Resolver } from "node:dns/promises";
import type { Agent } from "node:http";
import type { LookupFunction } from "node:net";
import { urlToHttpOptions } from "node:url";
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from "request-filtering-agent";
import { env } from "../env";
import type { Problem } from "../vault/http/problem";
import { isLoopback } from "../vault/http/site";
import { WEBHOOK_PROBLEMS, webhookProblem } from "./errors";
import { isUnassigned } from "./global";

// Where webhooks may lead. Whoever can sign up can name an address, and the server stands where they do not: inside
// a private network, next to a cloud's metadata service. So the address that a connection is about to be made to is
// checked as it is made, after the name is resolved: what a name meant a moment before proves nothing.

/** Azure's platform services answer there, though the address is in no private range. */
// https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
const AZURE_PLATFORM = "168.63.129.16";
const PROBE_MS = 2_000;

const filter = () => ({
  allowPrivateIPAddress: env().webhooksAllowPrivate,
  denyIPAddressList: [AZURE_PLATFORM],
});

/**
 * What connects to an address. Its connections fail where that is a private, loopback, link-local, shared,
 * multicast or reserved one, unless the operator allows private ones.
 */
export function agentFor(url: URL): Agent {
  return url.protocol === "http:"
    ? new RequestFilteringHttpAgent(filter())
    : new RequestFilteringHttpsAgent(filter());
}

/**
 * Resolves the names of receivers, which strangers choose. Node's own way waits in a pool of four threads that all of
 * the server shares: a few names whose servers never answer would keep everybody from resolving any. This one asks DNS
 * alone, without threads, and gives up. "localhost" is this machine (RFC 6761), and so is refused as such.
 */
const lookupPublic: LookupFunction = (hostname, { all }, callback) => {
  resolve(hostname).then(
    (addresses) => {
      const [first] = addresses;
      if (all) callback(null, addresses);
      else callback(null, first.address, first.family);
    },
    (error) => callback(error, ""),
  );
};

type Addresses = [LookupAddress, ...LookupAddress[]];

async function resolve(hostname: string): Promise<Addresses> {
  if (/(^|\.)localhost\.?$/i.test(hostname)) return [{ address: "127.0.0.1", family: 4 }];
  const resolver = new Resolver({ timeout: 1_000, tries: 2 });
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const found = [
    ...(v4.status === "fulfilled" ? v4.value.map((address) => ({ address, family: 4 })) : []),
    ...(v6.status === "fulfilled" ? v6.value.map((address) => ({ address, family: 6 })) : []),
  ];
  const [first, ...others] = found;
  if (first) return [first, ...others];
  const isNone = [v4, v6].every(
    (answer) => answer.status === "rejected" && ["ENOTFOUND", "ENODATA"].includes(answer.reason.code),
  );
  // The codes of Node's own look-up: there is no such name, or nobody can tell now.
  throw Object.assign(new Error("The name does not resolve."), { code: isNone ? "ENOTFOUND" : "EAI_AGAIN" });
}

/** Fails as the library does, where it does not. */
const forbidden = () => new Error("DNS lookup is not allowed. Because, It is no address of the internet.");

/**
 * How names are resolved: on one's own machine by its own names as well.
 *
 * @param own what tests resolve them with
 */
export function lookupOf(own?: LookupFunction): LookupFunction | undefined {
  if (env().webhooksAllowPrivate) return own;
  const lookup = own ?? lookupPublic;
  return (hostname, options, callback) =>
    lookup(hostname, options, (error, found, family) => {
      const addresses = Array.isArray(found) ? found.map(({ address }) => address) : [found];
      if (!error && addresses.some(isUnassigned)) callback(forbidden(), "");
      else callback(error, found, family);
    });
}

const lacksEncryption = (url: URL) => url.protocol !== "https:" && !env().webhooksAllowPrivate;
const isUnassignedNumber = (url: URL) =>
  !env().webhooksAllowPrivate && isUnassigned(urlToHttpOptions(url).hostname ?? "");

/** Whether it says by itself that nothing may be sent there. */
export const isRuledOut = (url: URL) => lacksEncryption(url) || isUnassignedNumber(url);

/**
 * Whether a connection failed because it would have led where webhooks may not, or because there is no such name. The
 * two are one, or whoever may add a webhook would learn which names a private network has.
 */
export function isForbidden(error: NodeJS.ErrnoException): boolean {
  // The library has no code for it.
  if (/^DNS lookup .*is not allowed\. Because/.test(error.message)) return true;
  return error.code === "ENOTFOUND" && !env().webhooksAllowPrivate;
}

/**
 * Refuses an address that nothing could be sent to, so that a person hears of it at once. A receiver that merely
 * does not answer is no reason.
 *
 * @param lookup how names are resolved; as {@link lookupOf} says unless a test says otherwise
 * @throws Problem webhook_address_not_https, webhook_address_not_allowed
 */
export async function requireUsableAddress(text: string, lookup?: LookupFunction): Promise<void> {
  const url = new URL(text);
  if (lacksEncryption(url)) throw refusal("webhook_address_not_https");
  if (isUnassignedNumber(url)) throw refusal("webhook_address_not_allowed");
  const error = await probe(url, lookupOf(lookup));
  if (error && isForbidden(error)) throw refusal("webhook_address_not_allowed");
}

/** With the way on for those who try the app on their own machine. */
function refusal(code: "webhook_address_not_https" | "webhook_address_not_allowed"): Problem {
  const isOwnMachine = isLoopback(new URL(env().siteOrigin).hostname);
  const { detail } = WEBHOOK_PROBLEMS[code];
  return webhookProblem(code, {
    detail: isOwnMachine
      ? `${detail} For a receiver on this machine, set WEBHOOKS_ALLOW_PRIVATE=on in .env.local.`
      : detail,
  });
}

/** Connects as a delivery would, but for TLS, and hangs up; what that failed with. */
function probe(url: URL, lookup: LookupFunction | undefined): Promise<NodeJS.ErrnoException | null> {
  const { hostname, port } = urlToHttpOptions(url);
  const socket = new RequestFilteringHttpAgent(filter()).createConnection({
    host: hostname ?? "",
    port: Number(port || 443),
    signal: AbortSignal.timeout(PROBE_MS),
    ...(lookup && { lookup }),
  });
  return new Promise<NodeJS.ErrnoException | null>((resolve) => {
    socket.once("connect", () => resolve(null));
    // Kept, so that a later error has somebody to hear it.
    socket.on("error", resolve);
  }).finally(() => socket.destroy());
}
