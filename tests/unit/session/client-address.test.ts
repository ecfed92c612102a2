import { describe, expect, it } from "vitest";
import { clientAddress, networkOf } from "../../../lib/vault/session/client-address.ts";

const from = (value: string | undefined, name: string | undefined = "x-real-ip") =>
  clientAddress(new Headers(value === undefined ? {} : { "X-Real-IP": value }), name);

describe("the client's address", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    [" 192.0.2.1 ", "192.0.2.1"],
    ["2001:db8::1", "2001:db8::1"],
    ["192.0.2.1:51324", "192.0.2.1"],
    ["[2001:db8::1]:51324", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::FFFF:c000:0201", "192.0.2.1"],
    ["0:0:0:0:0:ffff:192.0.2.1", "192.0.2.1"],
    ["[::ffff:c000:201]:443", "192.0.2.1"],
    // What a client sends comes first; the platform adds what it sees.
    ["203.0.113.9, 192.0.2.1", "192.0.2.1"],
    ["unknown, 192.0.2.1", "192.0.2.1"],
  ])("in “%s” is %s", (header, address) => {
    expect(from(header)).toBe(address);
  });

  it.each([
    undefined,
    "",
    ",",
    "unknown",
    "192.0.2.1, ",
    "192.0.2.1, unknown",
    "192.0.2.256",
    "192.0.2",
    "localhost",
    "fe80::1%eth0",
    "192.0.2.1\t192.0.2.2",
    "for=192.0.2.1",
  ])("in “%s” is unknown", (header) => {
    expect(from(header)).toBeUndefined();
  });

  it("is taken from the named header only", () => {
    const sent = new Headers({ "X-Forwarded-For": "192.0.2.1", "CF-Connecting-IP": "192.0.2.2" });
    expect(clientAddress(sent, undefined)).toBeUndefined();
    expect(clientAddress(sent, "x-real-ip")).toBeUndefined();
    expect(clientAddress(sent, "cf-connecting-ip")).toBe("192.0.2.2");
  });
});

describe("its network", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:0DB8:0001:0002::", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::", "0:0:0:0::/64"],
  ])("of %s is %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
