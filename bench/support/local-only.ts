import { Socket } from "node:net";

// Imported before a peer that is a whole product: whatever its settings leave on, it reaches nothing but this machine.

const LOCAL = ["127.0.0.1", "::1", "localhost"];
/** Refuses every connection. */
const NOWHERE = { host: "127.0.0.1", port: 1 };

const connect = Socket.prototype.connect;
Socket.prototype.connect = function (this: Socket, ...given: unknown[]) {
  // Node's own callers have put their arguments into a list before.
  const [first, second] = Array.isArray(given[0]) ? given[0] : given;
  const { host, path } = Object(first);
  const to = typeof second === "string" ? second : (host ?? "localhost");
  const isLocal = path || typeof first === "string" || LOCAL.includes(to);
  return Reflect.apply(connect, this, isLocal ? given : [NOWHERE]);
} as typeof connect;
