/**
 * The eight numbers of an IPv6 address, however it is written.
 *
 * @param address as `isIPv6` of node:net takes it
 * @returns undefined for one with a zone ("%eth0"), which is an address of a network next to us
 */
export function ipv6Groups(address: string): number[] | undefined {
  const url = `http://[${address}]`;
  if (!URL.canParse(url)) return undefined;
  const [before = [], after = []] = new URL(url).hostname
    .slice(1, -1)
    .split("::")
    .map((half) => (half === "" ? [] : half.split(":").map((group) => Number.parseInt(group, 16))));
  return [...before, ...Array(8 - before.length - after.length).fill(0), ...after];
}
