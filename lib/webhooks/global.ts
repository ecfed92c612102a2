import { isIPv6 } from "node:net";
import { ipv6Groups } from "../vault/http/ipv6";

/**
 * Whether an address is an IPv6 one that is not on the internet although no registry lists it: outside of the only
 * block that is given out (2000::/3, https://www.iana.org/assignments/ipv6-address-space), IPv4 in IPv6 (::/96) among
 * it, or with an IPv4 address in it that a gateway would go on to (ISATAP, RFC 5214). What the registries of special
 * addresses have is the library's business, and so is IPv4.
 */
export function isUnassigned(address: string): boolean {
  if (!isIPv6(address)) return false;
  const groups = ipv6Groups(address);
  if (!groups) return true;
  const [first = 0, , , , fifth = 0, sixth] = groups;
  const isIsatap = sixth === 0x5efe && (fifth & ~0x200) === 0;
  return first >> 13 !== 1 || isIsatap;
}
