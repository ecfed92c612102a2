import { request } from "node:http";
import { text } from "node:stream/consumers";
import { expect, test } from "@playwright/test";
import { newPerson, type Person, post } from "../e2e/api/client";
import { startAnthropicStandIn } from "../support/anthropic-standin";
import { ANTHROPIC_PORT, APP_PORT, SUPABASE_URL } from "../support/ports";
import { dataFolder, fillWithTemplate, startApp, startDatabase } from "./servers";

// The platform's total over HTTP, on servers of its own. What each limit does is in tests/service/limits.test.ts.

/** Room for five short runs, each at 9 cents at most. */
const LIMIT = { PLATFORM_DAILY_USD: "0.50", ANTHROPIC_API_KEY: "sk-ant-test-silent" };
const ROOM = 5;

/** A request whose body is held back until `release` is called, which resolves to the code of the refusal. */
function held({ cookie }: Person): { release: () => Promise<string> } {
  const { headers, body = "" } = post({ prompt: "Sing" });
  const outgoing = request({
    host: "127.0.0.1",
    port: APP_PORT,
    path: "/api/reveal/run",
    method: "POST",
    agent: false,
    headers: {
      ...headers,
      Host: `localhost:${APP_PORT}`,
      Cookie: cookie,
      "Content-Length": Buffer.byteLength(body),
    },
  });
  const answered = new Promise<string>((resolve) => {
    outgoing.once("response", async (incoming) => {
      const answer = await text(incoming).catch(() => "{}");
      resolve(JSON.parse(answer).code);
    });
    // Those that are under way break off when the app is killed.
    outgoing.once("error", () => resolve("broken off"));
  });
  outgoing.write(body.slice(0, 5));
  return {
    release: () => {
      outgoing.end(body.slice(5));
      return answered;
    },
  };
}

test("eight accounts with thirty held-back requests each do not pass the total, nor after a crash", async () => {
  const folder = dataFolder();
  fillWithTemplate(folder.path);
  const provider = await startAnthropicStandIn({ port: ANTHROPIC_PORT });
  const database = await startDatabase(folder.path);
  let app = await startApp(SUPABASE_URL, [], LIMIT);
  try {
    const people = await Promise.all(Array.from({ length: 8 }, () => newPerson()));
    const all = Array.from({ length: 30 }, () => people)
      .flat()
      .map(held);
    const codes: string[] = [];
    const ended: Promise<number>[] = [];
    // An eighth at a time, because the embedded database takes one after another and the app waits ten seconds.
    const eighth = all.length / 8;
    for (let first = 0; first < all.length; first += eighth) {
      for (const { release } of all.slice(first, first + eighth))
        ended.push(release().then((code) => codes.push(code)));
      // The provider answers none of them, so that each holds all that it may cost.
      await expect.poll(() => codes.length).toBe(ended.length - ROOM);
    }
    // On a busy machine a body may also come too late, and then its run never began.
    const refused = codes.filter((code) => code !== "request_timeout");
    expect(new Set(refused)).toEqual(new Set(["platform_limit_reached"]));
    await expect.poll(() => provider.requests.length).toBe(ROOM);

    await app.kill();
    await Promise.all(ended);
    expect(codes.filter((code) => code === "broken off")).toHaveLength(ROOM);
    app = await startApp(SUPABASE_URL, [], LIMIT);
    const again = await Promise.all(people.map((person) => held(person).release()));
    expect(new Set(again)).toEqual(new Set(["platform_limit_reached"]));
    expect(provider.requests).toHaveLength(ROOM);
  } finally {
    await app.kill();
    await database.kill();
    await provider.close();
    folder.remove();
  }
});
