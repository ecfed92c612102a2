import { randomUUID } from "node:crypto";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { eventually } from "../support/eventually.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";

// What webhook-send.test.ts and webhook-no-answer.test.ts have in common: what is sent, and real servers on this
// machine that receive it, so the operator's switch is on. What the switch is there to prevent is in
// webhook-address.test.ts.
vi.stubEnv("NEXT_PUBLIC_SUPABASE_URL", "http://127.0.0.1:9");
vi.stubEnv("NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY", "publishable");
vi.stubEnv("SUPABASE_SECRET_KEY", "secret");
vi.stubEnv("WEBHOOKS_ALLOW_PRIVATE", "on");
export const { send } = await import("../../lib/webhooks/send.ts");
export const { newSigningSecret } = await import("../../lib/webhooks/secret.ts");

export const SECRET = newSigningSecret();
export const message = {
  id: `msg_${randomUUID()}`,
  payload: '{"type":"webhook.test","data":{"text":"ü🎉"}}',
};
/** Short, for receivers that never come to an end. */
export const BRIEF = { timeout: 300 };

/** Connections that are open in this process, of either side. */
const openSockets = () =>
  process.getActiveResourcesInfo().filter((kind) => /^(TCPSocketWrap|TCPConnectWrap|TLSWrap)$/.test(kind));

export let receiver: WebhookReceiver;
let socketsBefore: number;
const peers: Server[] = [];

beforeEach(async () => {
  socketsBefore = openSockets().length;
  receiver = await startWebhookReceiver();
});
afterEach(async () => {
  // Before anything is closed on the receiver's side: it is the sender that may leave nothing open.
  await eventually(() => expect(openSockets().length).toBeLessThanOrEqual(socketsBefore));
  await receiver.close();
  for (const peer of peers.splice(0)) peer.close();
});

export async function listen(server: Server): Promise<number> {
  peers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A peer that waits for a request, and then does something that HTTP servers do not. */
export async function startPeer(act: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => act(socket));
  });
  return `http://127.0.0.1:${await listen(server)}/`;
}
