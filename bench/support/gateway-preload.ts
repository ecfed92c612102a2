import { Server } from "node:net";

// Imported before the peer's gateway, which as it is published would listen to the whole network, and fails at every
// answer: it adds headers to those of a reply that it has fetched, and they are immutable.

const listen = Server.prototype.listen;
Server.prototype.listen = function (this: Server, ...given: unknown[]) {
  const [first, ...rest] = given;
  const options = typeof first === "object" && first !== null ? first : { port: first };
  const done = rest.find((argument) => typeof argument === "function");
  return Reflect.apply(listen, this, [{ ...options, host: "127.0.0.1" }, done]);
} as typeof listen;

const fetched = globalThis.fetch;
const PlainResponse = Response;
globalThis.fetch = async (...request) => {
  const { body, status, headers } = await fetched(...request);
  return new PlainResponse(body, { status, headers: new Headers(headers) });
};
