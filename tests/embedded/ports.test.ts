import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { freePort, freePortFrom, HOST, isFree, portFrom } from "../../scripts/embedded/ports.ts";

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test("a taken port is passed over, and the move is announced", async () => {
  const taken = await takenPort();
  const print = vi.spyOn(console, "log").mockImplementation(() => {});
  onTestFinished(() => print.mockRestore());
  expect(await isFree(taken)).toBe(false);
  const port = await freePortFrom(taken, "the app");
  expect(port).toBeGreaterThan(taken);
  expect(print).toHaveBeenCalledWith(`! Port ${taken} is taken: using ${port} for the app`);
});

test("a free port is kept", async () => {
  const free = await freePort((await takenPort()) + 1);
  expect(await freePort(free)).toBe(free);
});

test("without a free port in reach, one sentence says so", async () => {
  const taken = await takenPort();
  await expect(freePort(taken, 1)).rejects.toThrow(`No port between ${taken} and ${taken} is free.`);
});

test.each(["http", "0", "70000", "3000.5"])("%s is no port number", (value) => {
  expect(() => portFrom("PORT", value)).toThrow(`PORT is "${value}", which isn't a port number`);
});

test("an empty variable is an unset one", () => {
  expect(portFrom("PORT", "")).toBeUndefined();
  expect(portFrom("PORT", "3001")).toBe(3001);
});
