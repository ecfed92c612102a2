import { afterEach, describe, expect, it, vi } from "vitest";
import { readJson, readQuery } from "../../lib/vault/http/guard.ts";

const request = (body: ReadableStream<Uint8Array>) =>
  new Request("http://localhost/api", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
    duplex: "half",
  } as RequestInit);

afterEach(() => {
  vi.useRealTimers();
});

describe("a body", () => {
  it("that does not arrive in time is given up", async () => {
    vi.useFakeTimers();
    const cancelled = vi.fn();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"a":')),
      cancel: cancelled,
    });
    const reading = readJson(request(body), 1_000).catch((problem) => problem);
    await vi.advanceTimersByTimeAsync(14_000);
    expect(cancelled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await reading).toMatchObject({ code: "request_timeout", status: 408 });
    expect(cancelled).toHaveBeenCalled();
  });

  it("that comes in pieces is read whole", async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of ['{"a":', '"\u00e9', '"}']) controller.enqueue(new TextEncoder().encode(piece));
        controller.close();
      },
    });
    expect(await readJson(request(body), 1_000)).toEqual({ a: "\u00e9" });
  });
});

describe("a query", () => {
  const query = (text: string) => readQuery(new Request(`http://localhost/api?${text}`));

  it("is read as it is", () => {
    expect({ ...query("key=A&team_id=") }).toEqual({ key: "A", team_id: "" });
  });

  it("with a parameter given twice is refused", () => {
    expect(() => query("key=A&key=B")).toThrow("twice");
  });
});
