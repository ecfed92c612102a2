/** A Node process's memory in MB after a forced collection, so that garbage is not taken for a leak. */
export interface Memory {
  /** What JavaScript still refers to, buffers included. */
  used: number;
  /** All that the process has of the machine, code and WebAssembly included. */
  resident: number;
}

/**
 * Collects the garbage of another process and measures what is left, through Node's inspector.
 *
 * @param port where the process listens with `--inspect`
 */
export async function collectedMemory(port: number): Promise<Memory> {
  const [target] = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  let id = 0;
  const call = (method: string, params: object = {}) =>
    // biome-ignore lint/suspicious/noExplicitAny: the protocol's own reply
    new Promise<any>((resolve) => {
      const mine = ++id;
      socket.addEventListener("message", ({ data }) => {
        const message = JSON.parse(data);
        if (message.id === mine) resolve(message.result);
      });
      socket.send(JSON.stringify({ id: mine, method, params }));
    });
  await call("HeapProfiler.collectGarbage");
  const expression = "JSON.stringify(process.memoryUsage())";
  const { result } = await call("Runtime.evaluate", { expression });
  socket.close();
  const { heapUsed, external, rss } = JSON.parse(result.value);
  return { used: (heapUsed + external) / 1e6, resident: rss / 1e6 };
}
