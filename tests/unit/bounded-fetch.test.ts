import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { boundedFetch } from "@/lib/vault-usage/bounded-fetch";

const MAX_ANSWER = 16 * 1024 * 1024;
const MAX_ERROR = 64 * 1024;

const closers: (() => void)[] = [];
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => {
  vi.useRealTimers();
  for (const close of closers.splice(0)) close();
});

/** Asks a server that answers so. */
async function ask(answer: (response: ServerResponse) => void) {
  const { promise: closed, resolve: onClose } = Promise.withResolvers<boolean>();
  const server = createServer((_, response) => {
    response.on("close", () => onClose(response.writableFinished));
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const response = await boundedFetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return { response, /** Whether the answer was complete when its connection closed. */ isComplete: closed };
}

const bytes = (length: number) => Buffer.alloc(length, "x");
const lengthOf = async (response: Response) => (await response.arrayBuffer()).byteLength;

describe("an answer", () => {
  it("comes as it was sent, with its status and its headers", async () => {
    const { response } = await ask((response) => response.writeHead(201, { "x-request": "5" }).end("{}"));
    expect([response.status, response.headers.get("x-request"), await response.text()]).toEqual([
      201,
      "5",
      "{}",
    ]);
    const error = await ask((response) => response.writeHead(429, { "retry-after": "7" }).end("{}"));
    expect([error.response.status, error.response.headers.get("retry-after")]).toEqual([429, "7"]);
    expect(await error.response.text()).toBe("{}");
  });

  it("may have no body", async () => {
    const { response } = await ask((response) => response.writeHead(204).end());
    expect([response.status, response.body]).toEqual([204, null]);
  });

  it.each([
    ["a success", 200, MAX_ANSWER],
    ["an error", 500, MAX_ERROR],
  ])("is whole up to its bound, for %s", async (_, status, most) => {
    const { response } = await ask((response) => response.writeHead(status).end(bytes(most)));
    expect(await lengthOf(response)).toBe(most);
  });

  it.each([
    ["a success", 200, MAX_ANSWER],
    ["an error", 500, MAX_ERROR],
  ])("ends at its bound where it goes on, and is hung up on, for %s", async (_, status, most) => {
    const { response, isComplete } = await ask((response) =>
      response.writeHead(status).write(bytes(most + 1)),
    );
    const length = await lengthOf(response);
    // What has arrived counts, but for its last piece.
    expect(length).toBeLessThanOrEqual(most);
    expect(length).toBeGreaterThan(most / 4);
    expect(await isComplete).toBe(false);
  });

  it("that is an error ends after five seconds, and is hung up on", async () => {
    const { response, isComplete } = await ask((response) => response.writeHead(500).write("Sorry, "));
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("Sorry, ");
    const next = reader?.read();
    const hasEnded = vi.fn();
    next?.then(hasEnded);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(hasEnded).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await next).toMatchObject({ done: true });
    expect(await isComplete).toBe(false);
  });

  it("that is a success has all the time that its reader gives it", async () => {
    let send: ServerResponse | undefined;
    const { response } = await ask((response) => {
      response.writeHead(200).write("Well, ");
      send = response;
    });
    await vi.advanceTimersByTimeAsync(600_000);
    send?.end("yes");
    expect(await response.text()).toBe("Well, yes");
  });

  it("leaves no timer behind", async () => {
    const { response } = await ask((response) => response.writeHead(500).end("Sorry"));
    expect(await response.text()).toBe("Sorry");
    expect(vi.getTimerCount()).toBe(0);
  });
});
