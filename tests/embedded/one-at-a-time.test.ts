import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { oneAtATime } from "../../scripts/embedded/one-at-a-time.ts";

const request = (path: string, init?: RequestInit) => new Request(`http://localhost/${path}`, init);

test("requests that arrive together are answered one after the other", async () => {
  const events: string[] = [];
  const answer = oneAtATime(async ({ url, method, headers, body }) => {
    const name = new URL(url).pathname.slice(1);
    events.push(`${name} begins`);
    await sleep(5);
    events.push(`${name} ends`);
    return new Response(`${method} ${headers.get("x-name")} ${await new Response(body).text()}`);
  });
  const [first] = await Promise.all([
    answer(request("a", { method: "POST", headers: { "x-name": "ann" }, body: "body" })),
    answer(request("b", { method: "POST" })),
    answer(request("c", { method: "DELETE" })),
  ]);
  expect(events).toHaveLength(6);
  for (let i = 0; i < events.length; i += 2) {
    expect(events[i + 1]).toBe(events[i]?.replace("begins", "ends"));
  }
  expect(await first.text()).toBe("POST ann body");
});

test("a failure is its own request's alone", async () => {
  const answer = oneAtATime(async ({ url }) => {
    if (url.endsWith("/bad")) throw new Error("bad");
    return new Response("good");
  });
  const bad = answer(request("bad"));
  const good = answer(request("good"));
  await expect(bad).rejects.toThrow("bad");
  expect(await (await good).text()).toBe("good");
});

test("a body that does not arrive holds up nobody", async () => {
  const answer = oneAtATime(async () => new Response("done"));
  const endless = new ReadableStream();
  void answer(request("slow", { method: "POST", body: endless, duplex: "half" } as RequestInit));
  expect(await (await answer(request("next"))).text()).toBe("done");
});
