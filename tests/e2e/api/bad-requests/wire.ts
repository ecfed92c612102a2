import { APP_PORT } from "../../../support/ports";
import { type Bytes, ECHO, KEY, type Theme } from "./row";

// Over a socket: what a server behind a proxy may read in two ways, and what is no HTTP.

/** Requests whose bytes no HTTP library would send. */
export const wire: Theme = ({ owner }) => {
  const host = `Host: localhost:${APP_PORT}\r\n`;
  const end = `Cookie: ${owner.cookie}\r\nConnection: close\r\n`;
  const head = host + end;
  const type = "Content-Type: application/json\r\n";
  const body = JSON.stringify({ key: KEY, value: ECHO });
  const length = `Content-Length: ${body.length}\r\n`;
  const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const chunked = "Transfer-Encoding: chunked\r\n";
  const write = (headers: string, content = body) =>
    `POST /api/vault HTTP/1.1\r\n${head}${type}${headers}\r\n${content}`;
  const read = (headers: string, target = `/api/vault?key=${KEY}&reveal=true`) =>
    `GET ${target} HTTP/1.1\r\n${headers}\r\n`;
  const rows = (status: number, code: string | undefined, all: Record<string, string | Buffer>): Bytes[] =>
    Object.entries(all).map(([name, bytes]) => ({ name, bytes, status, code }));
  const upgrade = (to: string) =>
    `${host}Cookie: ${owner.cookie}\r\nConnection: Upgrade\r\nUpgrade: ${to}\r\nSec-WebSocket-Version: 13\r\n`;
  return [
    // Node's parser is strict, so that no two servers disagree about where a body ends.
    ...rows(400, undefined, {
      "a length and chunks": write(length + chunked, chunks),
      "chunks and a length": write(`${chunked}Content-Length: 4\r\n`, chunks),
      "two lengths": write(`${length}Content-Length: 4\r\n`),
      "the same length twice": write(length + length),
      "a list of lengths": write(`Content-Length: ${body.length}, ${body.length}\r\n`),
      "a negative length": write("Content-Length: -1\r\n"),
      "a length with a plus": write(`Content-Length: +${body.length}\r\n`),
      "a length in hexadecimal": write("Content-Length: 0x10\r\n"),
      "a length of 23 digits": write(`Content-Length: ${"9".repeat(23)}\r\n`),
      "a blank before the colon": write(`Content-Length : ${body.length}\r\n`),
      "a shorter length than the body": write("Content-Length: 5\r\n"),
      "an encoding that is nearly chunked": write("Transfer-Encoding: xchunked\r\n", chunks),
      "chunks that are not the last encoding": write("Transfer-Encoding: chunked, identity\r\n", chunks),
      "chunked twice": write(chunked + chunked, chunks),
      "chunked on a folded line": write("Transfer-Encoding:\r\n chunked\r\n", chunks),
      "a chunk without a size": write(chunked, `ZZ\r\n${body}\r\n0\r\n\r\n`),
      "a chunk of negative size": write(chunked, `-1\r\n${body}\r\n0\r\n\r\n`),
      "a chunk of 17 digits": write(chunked, `${"F".repeat(17)}\r\n${body}\r\n0\r\n\r\n`),
      "a chunk that is longer than it says": write(chunked, `4\r\n${body}\r\n0\r\n\r\n`),
      "no Host": read(end),
      "a NUL in a header": read(`${head}X: a\0b\r\n`),
      "a control character in a header": read(`${head}X: a\x01b\r\n`),
      "a lone line feed in a header": read(`${head}X: a\nOrigin: b\r\n`),
      "a lone carriage return in a header": read(`${head}X: a\rOrigin: b\r\n`),
      "a folded header": read(`${head}X: a\r\n b\r\n`),
      "a header without a colon": read(`${head}Nothing\r\n`),
      "a header without a name": read(`${head}: x\r\n`),
      "a header with a blank in its name": read(`${head}X Y: x\r\n`),
      "a header with a name that is no ASCII": read(`${head}Ü: x\r\n`),
      "a target without a slash": read(head, "api/vault"),
      "no target": read(head, ""),
      "a target with a blank": read(head, "/api/vault x"),
      "a target that is no ASCII": read(head, "/api/vault/ü"),
      "a target with a NUL": read(head, "/api/vault\0"),
      "a target with a line feed": read(head, "/api/vault\n"),
      "HTTP/2 without being asked": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "HTTP/9.9": `GET /api/vault HTTP/9.9\r\n${head}\r\n`,
      "HTTP in small letters": `GET /api/vault http/1.1\r\n${head}\r\n`,
      "a method in small letters": `get /api/vault HTTP/1.1\r\n${head}\r\n`,
      "an unknown method": `REVEAL /api/vault HTTP/1.1\r\n${head}\r\n`,
      "a greeting of TLS": Buffer.from("16030100a5010000a10303", "hex"),
      "no text": Buffer.from([0, 1, 2, 3, 255, 254, 13, 10, 13, 10]),
    }),
    ...rows(431, undefined, {
      "a header of 20,000 bytes": read(`${head}X: ${"x".repeat(20_000)}\r\n`),
      "a cookie of 20,000 bytes": read(`${head}Cookie: x=${"x".repeat(20_000)}\r\n`),
      "3,000 headers": read(`${head}${"X: y\r\n".repeat(3_000)}`),
      "a target of 20,000 bytes": read(head, `/api/vault?${"x".repeat(20_000)}`),
    }),
    ...rows(413, undefined, {
      "a chunk with a comment of 20,000 bytes": write(
        chunked,
        `${body.length.toString(16)};${"x".repeat(20_000)}\r\n`,
      ),
    }),
    ...rows(413, "payload_too_large", {
      "a length of a gigabyte": write("Content-Length: 1000000000\r\n"),
      "a length of one byte too many, and nothing more": write("Content-Length: 32769\r\n", ""),
    }),
    ...rows(417, undefined, { "an unknown expectation": write(`${length}Expect: nonsense\r\n`) }),
    ...rows(0, undefined, {
      "a tunnel": `CONNECT evil.test:443 HTTP/1.1\r\n${head}\r\n`,
      "a tunnel to an address of ours": `CONNECT /api/vault HTTP/1.1\r\n${head}\r\n`,
      "an upgrade to a WebSocket": read(`${upgrade("websocket")}Sec-WebSocket-Key: eA==\r\n`),
      "an upgrade to HTTP/2": read(upgrade("h2c")),
    }),
    // Next's own: it sends whoever writes a whole address on to that address.
    ...rows(308, undefined, {
      "our whole address": read(head, `http://localhost:${APP_PORT}/api/vault?key=${KEY}&reveal=true`),
      "a foreign whole address": read(head, `http://evil.test/api/vault?key=${KEY}&reveal=true`),
      "a deletion at a foreign whole address": `DELETE http://evil.test/api/vault?key=${KEY} HTTP/1.1\r\n${head}\r\n`,
    }),
    ...rows(405, "method_not_allowed", {
      "the asterisk": `OPTIONS * HTTP/1.1\r\n${head}\r\n`,
      "a GET of the asterisk": read(head, "*"),
    }),
    ...rows(415, "unsupported_media_type", {
      "another content type and then JSON": `POST /api/vault HTTP/1.1\r\n${head}Content-Type: text/plain\r\n${type}${length}\r\n${body}`,
    }),
    ...rows(403, "cross_origin", {
      "two Origins": write(`${length}Origin: http://localhost:${APP_PORT}\r\nOrigin: http://evil.test\r\n`),
      "two of Sec-Fetch-Site": write(
        `${length}Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n`,
      ),
    }),
    ...rows(401, "unauthenticated", {
      "a second session cookie": read(`${host}${end}Cookie: sb-127-auth-token=garbage\r\n`),
      "a request without a version": "GET /api/vault\r\n\r\n",
      "a session cookie after the body": `POST /api/vault HTTP/1.1\r\n${host}Connection: close\r\n${type}${chunked}Trailer: Cookie\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\nCookie: ${owner.cookie}\r\n\r\n`,
    }),
    ...rows(404, "secret_not_found", {
      "a foreign Host before ours": read(`Host: evil.test\r\n${head}`, "/api/vault?key=NOT_THERE"),
      "a fragment": read(head, "/api/vault?key=NOT_THERE#x"),
      "a GET with a body": `${read(`${head}${type}${length}`, "/api/vault?key=NOT_THERE")}${body}`,
    }),
    ...rows(400, "invalid_request", {
      "a DELETE with its key in the body": `DELETE /api/vault HTTP/1.1\r\n${head}${type}${length}\r\n${body}`,
      "HTTP/1.0 without a Host": `GET /api/vault?key=small HTTP/1.0\r\nCookie: ${owner.cookie}\r\n\r\n`,
    }),
  ];
};
