import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { SERVER_LOG } from "../support/paths";
import { APP_PORT, APP_URL, NO_PLATFORM_KEY_PORT } from "../support/ports";
import { send } from "./api/client";
import { expect, test } from "./fixtures";

// What people without a session make the server do. Over sockets: these requests are not what an HTTP library sends.

const HEAD = `Host: localhost:${APP_PORT}\r\nConnection: close\r\n`;

/** Sends bytes, and waits for the end of the answer. */
function ask(text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(APP_PORT, "127.0.0.1", () => socket.write(text, "latin1"));
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
  });
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
const logged = () => readFileSync(SERVER_LOG, "utf8");

const PAGES = ["/", "/login", "/dashboard", "/invite?x=1", "/auth/confirm", "/no-such-page", "/_next/none"];

test("a page's body is refused before it is sent", async () => {
  for (const path of PAGES) {
    for (const announced of [
      "Content-Length: 1",
      "Content-Length: 10000",
      "Content-Length: 9000000",
      "Content-Length: 0000010000",
      "Transfer-Encoding: chunked",
      "Content-Length: 9000000\r\nContent-Type: multipart/form-data; boundary=x",
      `Content-Length: 2\r\nContent-Type: text/plain\r\nNext-Action: ${"0".repeat(42)}`,
      "Content-Length: 0\r\nContent-Type: multipart/form-data; boundary=x",
      "Content-Type: multipart/form-data",
    ]) {
      for (const method of ["POST", "PUT", "GET", "PROPFIND"]) {
        // Nothing of the body follows: whoever read it first would never answer.
        const answer = await ask(`${method} ${path} HTTP/1.1\r\n${HEAD}${announced}\r\n\r\n`);
        const what = `${method} ${path} ${announced}`;
        expect([400, 405, 413], what).toContain(statusOf(answer));
        expect(answer, what).not.toContain("<html");
      }
    }
  }
  for (const path of PAGES) {
    for (const id of ["0".repeat(42), "x", ""]) {
      await ask(`POST ${path} HTTP/1.1\r\n${HEAD}Content-Length: 0\r\nNext-Action: ${id}\r\n\r\n`);
    }
  }
  expect(logged()).not.toMatch(/Request body exceeded|Server Action|Server Reference|FormData/);
});

test("megabytes of a stranger are thrown away as they come", async () => {
  const megabytes = Buffer.alloc(9_000_000, "a");
  for (const path of ["/login", "/no-such-page", "/api/no-such-route", "/api/vault", "/api/csp-reports"]) {
    for (const chunked of [false, true]) {
      const reply = await send(path, {
        method: "POST",
        headers: { "Content-Type": "text/plain" },
        body: megabytes,
        chunked,
      }).catch((error) => error);
      // Where the answer comes first, the connection may end before all has been sent.
      if (reply instanceof Error)
        expect(reply).toMatchObject({ code: expect.stringMatching(/EPIPE|ECONNRESET/) });
      else expect([401, 405, 413, 415]).toContain(reply.status);
    }
  }
  expect((await send("/login")).status).toBe(200);
});

test("no method and no address that Next cannot read is a mistake of the server's", async () => {
  const paths = [
    ...PAGES,
    "/api/vault",
    "/api/no-such-route",
    "/icon.svg",
    "/api/teams/%E0%A4%A",
    "/%E0%A4%A",
  ];
  for (const path of paths) {
    for (const method of [
      "TRACE",
      "CONNECT",
      "TRACK",
      "FOO",
      "get",
      "Trace",
      "PROPFIND",
      "QUERY",
      "OPTIONS",
    ]) {
      const status = statusOf(await ask(`${method} ${path} HTTP/1.1\r\n${HEAD}\r\n`));
      // Node itself ends the connection of a CONNECT.
      if (method === "CONNECT") expect(status).toBeNaN();
      else expect(status, `${method} ${path}`).toBeLessThan(500);
      if (method === "TRACE") expect(status, path).toBe(405);
      if (/^(Trace|FOO|get|TRACK)$/.test(method)) expect(status).toBe(400);
    }
  }
  for (const target of ["*", "http://evil.test/login", "https://evil.test:1/%", "login", "?", "http://["]) {
    for (const method of ["GET", "OPTIONS", "TRACE"]) {
      const answer = await ask(`${method} ${target} HTTP/1.1\r\n${HEAD}\r\n`);
      expect(statusOf(answer), `${method} ${target}`).toBeLessThan(500);
    }
  }
  expect(logged()).not.toMatch(/HTTP method is unsupported|Invalid URL|URI malformed/);
});

test("nobody has the server make pictures smaller", async ({ page }) => {
  for (const url of [
    "/icon.svg",
    "/no.png",
    "/login",
    "/api/vault",
    "https://evil.test/a.png",
    "//evil.test",
  ]) {
    const path = `/_next/image?url=${encodeURIComponent(url)}&w=64&q=75`;
    for (const method of ["GET", "HEAD", "POST"]) expect((await send(path, { method })).status).toBe(404);
  }
  expect(logged()).not.toMatch(/image response failed|dangerouslyAllowSVG|valid image/);
  await page.goto("/login");
  await expect(page.getByRole("heading").first()).toBeVisible();
});

test("what is at no address is the same problem, whatever is sent there", async () => {
  const form = '--x\r\nContent-Disposition: form-data; name="$ACTION_ID_00"\r\n\r\n\r\n--x--\r\n';
  for (const path of ["/api/none", "/api/vault/none", "/api/%", "/api/none.json"]) {
    for (const [method, headers, body] of [
      ["GET", {}, undefined],
      ["POST", { "Content-Type": "multipart/form-data; boundary=x" }, form],
      ["POST", { "Content-Type": "text/plain", "Next-Action": "0".repeat(42) }, "[]"],
      ["DELETE", { Origin: "https://evil.test" }, undefined],
    ] as const) {
      const reply = await send(path, { method, headers, ...(body && { body }) });
      expect(reply.json, `${method} ${path}`).toMatchObject({ status: 404, code: "address_not_found" });
      expect(reply.headers["cache-control"]).toBe("private, no-store");
    }
  }
});

test("a browser reports what a page's policy refused, and the log has the origin of it", async ({ page }) => {
  await page.goto("/login");
  await page.evaluate(() => {
    new Image().src = "https://browser.test/a-path?a-query#a-hash";
  });
  await expect
    .poll(logged)
    .toContain('"code":"csp_violation","directive":"img-src","blocked":"https://browser.test"}');
  expect(logged()).not.toMatch(/a-path|a-query|a-hash/);
});

test("security.txt names whom to tell, where the operator has said so", async () => {
  const { status, headers, text } = await send("/.well-known/security.txt");
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
  const fields = Object.fromEntries(
    text
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/: (.*)/s, 2)),
  );
  expect(fields).toEqual({
    Contact: "mailto:security@example.com",
    Expires: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    "Preferred-Languages": "en",
    Canonical: `${APP_URL}/.well-known/security.txt`,
  });
  const days = (Date.parse(fields.Expires) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(30);
  expect(days).toBeLessThan(365);
  expect((await send("/.well-known/security.txt", { port: NO_PLATFORM_KEY_PORT })).status).toBe(404);
});
