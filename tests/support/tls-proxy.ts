import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { generate } from "selfsigned";

/** Names below example.test, a domain that no one can register (RFC 2606). Browsers have to be led to 127.0.0.1. */
export const DOMAIN = "example.test";
export const RESOLVE_HERE = `--host-resolver-rules=MAP *.${DOMAIN} 127.0.0.1`;

/** What stands in front of the app, and another host of the same domain. */
export interface TlsProxy {
  /** Where people reach the app. */
  siteOrigin: string;
  /** Another host under the same domain, which is somebody else's: it sets each `set-cookie` of its query. */
  sibling: string;
  close(): void;
}

/**
 * Starts a server that ends TLS with a certificate made for this run, and passes requests on as nginx does with a plain
 * `proxy_pass`: the `Host` that the app sees is its own address.
 *
 * @param appPort of the app, on 127.0.0.1
 */
export async function startTlsProxy(appPort: number): Promise<TlsProxy> {
  const { private: key, cert } = await generate([{ name: "commonName", value: DOMAIN }], {
    keyType: "ec",
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: `*.${DOMAIN}` }] }],
  });
  const server = createServer({ key, cert }, (incoming, outgoing) => {
    const { host = "" } = incoming.headers;
    if (!host.startsWith("vault.")) {
      const cookies = new URL(incoming.url ?? "/", `https://${host}`).searchParams.getAll("set-cookie");
      outgoing.setHeader("Set-Cookie", cookies);
      return void outgoing.end("somebody else's");
    }
    const onward = request(
      {
        ...{ host: "127.0.0.1", port: appPort, method: incoming.method, path: incoming.url, agent: false },
        headers: { ...incoming.headers, host: `127.0.0.1:${appPort}`, "x-forwarded-proto": "https" },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.once("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    siteOrigin: `https://vault.${DOMAIN}:${port}`,
    sibling: `https://evil.${DOMAIN}:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
