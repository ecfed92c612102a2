import { isIP } from "node:net";
import { ipv6Groups } from "../http/ipv6";

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
  if (!isIP(bare) || bare.includes("%")) return undefined;
  return isIP(bare) === 6 ? (mappedIPv4(bare) ?? bare) : bare;
}

/** The IPv4 address that an IPv6 one stands for (RFC 4291, 2.5.5.2), however it is written. */
function mappedIPv4(address: string): string | undefined {
  const groups = ipv6Groups(address) ?? [];
  const [high = 0, low = 0] = groups.slice(6);
  if (groups.slice(0, 6).join() !== "0,0,0,0,0,65535") return undefined;
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/**
 * What one client has at least to itself: an IPv4 address, or the /64 network of an IPv6 address, in which a client
 * may take any address it likes.
 *
 * @param address as {@link clientAddress} returns it
 */
export function networkOf(address: string): string {
  if (isIP(address) === 4) return address;
  return `${prefixOf(address, 4)}::/64`;
}

/** The network around a client's address that a log may name: /24 of IPv4, /48 of IPv6. */
export function shortNetworkOf(address: string): string {
  if (isIP(address) === 4) return address.replace(/\d+$/, "0/24");
  return `${prefixOf(address, 3)}::/48`;
}

const prefixOf = (address: string, groups: number): string =>
  (ipv6Groups(address) ?? [])
    .slice(0, groups)
    .map((group) => group.toString(16))
    .join(":");
