import { isIPv6 } from "node:net";

/**
 * Whether an address is an IPv6 one that is not on the internet although no registry lists it: outside of the only
 * block that is given out (2000::/3, https://www.iana.org/assignments/ipv6-address-space), IPv4 in IPv6 (::/96) among
 * it, or with an IPv4 address in it that a gateway would go on to (ISATAP, RFC 5214). What the registries of special
 * addresses have is the library's business, and so is IPv4.
 */
export function isUnassigned(address: string): boolean {
  if (!isIPv6(address)) return false;
  // With a zone ("%eth0") it is one of a network next to us.
  const url = URL.parse(`http://[${address}]`);
  if (!url) return true;
  const groups = groupsOf(url.hostname.slice(1, -1));
  const [first = 0, , , , fifth = 0, sixth] = groups;
  const isIsatap = sixth === 0x5efe && (fifth & ~0x200) === 0;
  return first >> 13 !== 1 || isIsatap;
}

/** The eight numbers of an address in the form that `URL` writes. */
function groupsOf(address: string): number[] {
  const [before = [], after = []] = address
    .split("::")
    .map((half) => (half === "" ? [] : half.split(":").map((group) => Number.parseInt(group, 16))));
  return [...before, ...Array(8 - before.length - after.length).fill(0), ...after];
}
