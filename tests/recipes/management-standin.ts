import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A stand-in for Supabase's Management API, as far as `supabase config push` of the CLI asks it: it says what a project is
 * set to, and takes down what would be changed. Its addresses and shapes are those that the CLI sends and reads
 * (https://supabase.com/docs/reference/api, and `GET /v2/projects/{ref}/config`, which is not documented yet).
 *
 * @param config the project's settings, by service: `{ auth: { site_url: … }, … }`
 */
export async function startManagementStandIn(config: Record<string, Record<string, unknown>>) {
  /** The bodies of changes, by the last part of their address, such as `auth`. */
  const changes = new Map<string, Record<string, unknown>>();
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    if (request.method !== "GET") changes.set(path.split("/").at(-1) ?? "", JSON.parse(body));
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(answerTo(path, config)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    changes,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerTo(path: string, attributes: object): object {
  if (path.endsWith("/billing/addons")) return { selected_addons: [], available_addons: [] };
  if (/^\/v2\/projects\/[a-z]+\/config$/.test(path)) return { data: { attributes } };
  return {};
}
