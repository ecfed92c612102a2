import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { boundedFetch } from "@/lib/vault-usage/bounded-fetch";

/** Asks a server that begins its answer like this, and leaves the connection open. */
async function ask(beginning: string): Promise<{ response: Response; socket: Socket }> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const asked = boundedFetch(`http://127.0.0.1:${port}/`);
  const [socket] = (await once(server, "connection")) as [Socket];
  onTestFinished(() => void socket.destroy());
  await once(socket, "data");
  socket.write(beginning);
  return { response: await asked, socket };
}

it.each([
  ["a reason phrase that is not Latin", "200 成功", 200],
  ["a status that no list has", "999 Request denied", 599],
])("an answer with %s is one, whose connection can be closed", async (_, line, status) => {
  const { response, socket } = await ask(`HTTP/1.1 ${line}\r\nx-test: yes\r\n\r\nThe body`);
  expect({ status: response.status, header: response.headers.get("x-test") }).toEqual({
    status,
    header: "yes",
  });
  const reader = response.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("The body");
  const closed = once(socket, "close");
  await reader?.cancel();
  await closed;
});
