import { isIP } from "node:net";

/**
 * The address of the client that sent a request, from a header that the platform in front of the app sets.
 *
 * @param name of that header, as the operator has named it; clients can set any other. Undefined for none
 * @returns an IPv4 or IPv6 address. Of several, the last, since that is the one that the platform itself saw;
 * undefined where there is none
 */
export function clientAddress(headers: Headers, name: string | undefined): string | undefined {
  const last = name === undefined ? undefined : headers.get(name)?.split(",").at(-1)?.trim();
  if (!last) return undefined;
  // Some platforms add the port: 192.0.2.1:443, [2001:db8::1]:443.
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(last)?.[1] ?? /^([\d.]+):\d+$/.exec(last)?.[1] ?? last;
  const address = /^::ffff:([\d.]+)$/i.exec(bare)?.[1] ?? bare;
  return isIP(address) && !address.includes("%") ? address : undefined;
}

/**
 * What one client has at least to itself: an IPv4 address, or the /64 network of an IPv6 address, in which a client
 * may take any address it likes.
 *
 * @param address as {@link clientAddress} returns it
 */
export function networkOf(address: string): string {
  if (isIP(address) === 4) return address;
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const [before, after] = [head, tail].map((part) => (part ? part.split(":") : []));
  const groups = before?.concat(Array(8 - before.length - (after?.length ?? 0)).fill("0"), after ?? []);
  return `${groups?.slice(0, 4).join(":")}::/64`;
}
