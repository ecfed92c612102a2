import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import { PATIENCE_MS } from "./patience.ts";

/** A request that a receiver got. */
export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A webhook's receiver on 127.0.0.1, as an integrator would write one. */
export interface WebhookReceiver {
  /** Where it listens, e.g. http://127.0.0.1:41234/hook. */
  url: string;
  received: Received[];
  /** What it answers from now on; 204 without a body unless told. A function may do anything with the reply. */
  answer:
    | { status: number; body?: string; headers?: Record<string, string> }
    | ((reply: ServerResponse) => void);
  /** Waits until so many requests have come in all. Rejects after 15 s. */
  waitFor(count: number): Promise<Received[]>;
  close(): Promise<void>;
}

/** Starts a receiver. It answers everything, signed or not: tests verify what has arrived with {@link verified}. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const server = createServer(async (request, reply) => {
    const body = await text(request);
    receiver.received.push({
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body,
    });
    const { answer } = receiver;
    if (typeof answer === "function") return answer(reply);
    reply.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received: [],
    answer: { status: 204 },
    async waitFor(count) {
      const until = Date.now() + PATIENCE_MS;
      while (receiver.received.length < count) {
        if (Date.now() > until) throw new Error(`${receiver.received.length} of ${count} requests came.`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return receiver.received;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return receiver;
}

/** What a receiver reads from a request, once the library of Standard Webhooks has verified the signature. */
export function verified(secret: string, { body, headers }: Received) {
  return new Webhook(secret).verify(body, headers as Record<string, string>) as {
    type: string;
    timestamp: string;
    data: Record<string, unknown>;
  };
}
