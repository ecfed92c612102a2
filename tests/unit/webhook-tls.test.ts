import { randomUUID } from "node:crypto";
import { createServer as createHttpsServer } from "node:https";
import {
  type AddressInfo,
  connect,
  createServer,
  type LookupFunction,
  type Server,
  type Socket,
} from "node:net";
import { getCACertificates, type SecureVersion, setDefaultCACertificates, type TlsOptions } from "node:tls";
import { generate } from "selfsigned";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

// What becomes of a message where two sides do not agree about TLS. Every receiver is a real server on this machine.
vi.stubEnv("NEXT_PUBLIC_SUPABASE_URL", "http://127.0.0.1:9");
vi.stubEnv("NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY", "publishable");
vi.stubEnv("SUPABASE_SECRET_KEY", "secret");
vi.stubEnv("WEBHOOKS_ALLOW_PRIVATE", "on");
const { send } = await import("../../lib/webhooks/send.ts");
const { newSigningSecret } = await import("../../lib/webhooks/secret.ts");

const SECRET = newSigningSecret();
/** As long as one may be, so that it is still being written when a late alert comes. */
const message = { id: `msg_${randomUUID()}`, payload: JSON.stringify({ keys: "K".repeat(32_000) }) };

type Identity = Awaited<ReturnType<typeof identityFor>>;

/** A key, and a certificate that it signs for itself. */
async function identityFor(names: { type: 2 | 7; value?: string; ip?: string }[], ends: string) {
  const { private: key, cert } = await generate([{ name: "commonName", value: randomUUID() }], {
    keyType: "ec",
    notBeforeDate: new Date("2020-01-01"),
    notAfterDate: new Date(ends),
    extensions: [{ name: "subjectAltName", altNames: names as never }],
  });
  return { key, cert };
}

const authorities = getCACertificates("default");
const servers: Server[] = [];
let trusted: Identity;
let expired: Identity;
let ofAnother: Identity;
let unknown: Identity;

beforeAll(async () => {
  [trusted, expired, ofAnother, unknown] = await Promise.all([
    identityFor(
      [
        { type: 7, ip: "127.0.0.1" },
        { type: 2, value: "receiver.test" },
      ],
      "2049-01-01",
    ),
    identityFor([{ type: 7, ip: "127.0.0.1" }], "2021-01-01"),
    identityFor([{ type: 2, value: "another.test" }], "2049-01-01"),
    identityFor([{ type: 7, ip: "127.0.0.1" }], "2049-01-01"),
  ]);
  setDefaultCACertificates([...authorities, trusted.cert, expired.cert, ofAnother.cert]);
});
afterAll(() => setDefaultCACertificates(authorities));
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** A receiver that takes any message, once the two agree about TLS. */
async function startReceiver(options: TlsOptions): Promise<{ url: string; received: string[] }> {
  const received: string[] = [];
  const server = createHttpsServer(options, (request, reply) => {
    received.push(request.method ?? "");
    request.resume();
    reply.writeHead(204).end();
  });
  return { url: await listen(server), received };
}

const version = (one: SecureVersion) => ({ minVersion: one, maxVersion: one });
const failure = (error: string) => ({
  status: "failed",
  response_status: null,
  response_excerpt: null,
  error,
  duration_ms: expect.any(Number),
});

describe.each<SecureVersion>(["TLSv1.2", "TLSv1.3"])("with %s, a receiver", (tls) => {
  it("that wants a client certificate is reported as one that does", async () => {
    const { url, received } = await startReceiver({ ...trusted, ...version(tls), requestCert: true });
    // Again and again, because the alert and the request cross each other on their way.
    for (let round = 0; round < 20; round += 1) {
      expect(await send(url, SECRET, message)).toEqual(failure("client_certificate_required"));
    }
    expect(received).toEqual([]);
  });

  it("that wants one, at the second of its addresses, is too", async () => {
    const { url } = await startReceiver({ ...trusted, ...version(tls), requestCert: true });
    const lookup: LookupFunction = (_, __, callback) =>
      callback(null, [
        { address: "::1", family: 6 },
        { address: "127.0.0.1", family: 4 },
      ]);
    const named = url.replace("127.0.0.1", "receiver.test");
    expect(await send(named, SECRET, message, { lookup })).toEqual(failure("client_certificate_required"));
  });

  it("that would like a client certificate gets the message without one", async () => {
    const optional = { requestCert: true, rejectUnauthorized: false };
    const { url } = await startReceiver({ ...trusted, ...version(tls), ...optional });
    expect(await send(url, SECRET, message)).toMatchObject({ status: "delivered", error: null });
  });

  it("whose certificate is valid gets the message", async () => {
    const { url } = await startReceiver({ ...trusted, ...version(tls) });
    expect(await send(url, SECRET, message)).toMatchObject({ status: "delivered", error: null });
  });

  it.each<[string, () => Identity]>([
    ["that nobody vouches for", () => unknown],
    ["that has expired", () => expired],
    ["that is for another name", () => ofAnother],
  ])("with a certificate %s is reported for that", async (_, identity) => {
    const { url, received } = await startReceiver({ ...identity(), ...version(tls) });
    expect(await send(url, SECRET, message)).toEqual(failure("certificate_invalid"));
    expect(received).toEqual([]);
  });
});

describe("with TLS 1.2, a receiver that was sent no certificate", () => {
  it.each([
    [42, "client_certificate_required"],
    [43, "client_certificate_required"],
    [44, "client_certificate_required"],
    [45, "client_certificate_required"],
    [46, "client_certificate_required"],
    [48, "client_certificate_required"],
    [49, "tls_refused"],
    [80, "tls_refused"],
  ])("and answers with alert %i is reported as %s", async (alert, error) => {
    const { url } = await startReceiver({ ...trusted, ...version("TLSv1.2"), requestCert: true });
    expect(await send(await startInFront(url, alert), SECRET, message)).toEqual(failure(error));
  });
});

describe("a receiver that refuses TLS", () => {
  it.each<[string, TlsOptions]>([
    ["because the two have no cipher in common", { ...version("TLSv1.2"), ciphers: "ECDHE-RSA-AES128-SHA" }],
    [
      "because it only knows a version that nobody should use",
      { ...version("TLSv1.1"), ciphers: "ALL:@SECLEVEL=0" },
    ],
    [
      "because the two have no cipher of TLS 1.3 in common",
      { ciphers: "TLS_AES_128_CCM_SHA256", ...version("TLSv1.3") },
    ],
  ])("%s is not said to have an invalid certificate", async (_, options) => {
    const { url, received } = await startReceiver({ ...trusted, ...options });
    expect(await send(url, SECRET, message)).toEqual(failure("tls_refused"));
    expect(received).toEqual([]);
  });

  // https://www.iana.org/assignments/tls-parameters/tls-parameters.xhtml#tls-parameters-6
  it.each([
    10, 20, 21, 22, 30, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 60, 70, 71, 80, 86, 90, 100, 109, 110,
    111, 112, 113, 114, 115, 120, 121, 200,
  ])("at once, with alert %i, is said to refuse", async (alert) => {
    const url = await startAlarm(alert);
    expect(await send(url, SECRET, message)).toEqual(failure("tls_refused"));
  });

  it("because it requires a certificate is believed, whenever it says so", async () => {
    expect(await send(await startAlarm(116), SECRET, message)).toEqual(
      failure("client_certificate_required"),
    );
  });

  it("by hanging up has said nothing", async () => {
    const hangUp = (socket: Socket) => socket.once("data", () => socket.destroy());
    const url = await listen(createServer((socket) => hangUp(socket.on("error", () => {}))));
    expect(await send(url, SECRET, message)).toEqual(failure("connection_failed"));
  });
});

/** A server that answers every greeting with a fatal alert (RFC 8446, section 6). */
function startAlarm(alert: number): Promise<string> {
  return listen(
    createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, alert])));
    }),
  );
}

/** Passes everything on but for a fatal handshake_failure that is sent as it is, which becomes another alert. */
function startInFront(url: string, alert: number): Promise<string> {
  const handshakeFailure = Buffer.from([21, 3, 3, 0, 2, 2, 40]);
  return listen(
    createServer((socket) => {
      const onward = connect(Number(new URL(url).port), "127.0.0.1");
      socket.on("error", () => onward.destroy()).pipe(onward);
      onward.on("error", () => socket.destroy()).on("end", () => socket.end());
      onward.on("data", (data) => {
        const at = data.indexOf(handshakeFailure);
        if (at >= 0) data[at + 6] = alert;
        socket.write(data);
      });
    }),
  );
}
