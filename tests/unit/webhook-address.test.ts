import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import { type AddressInfo, createServer, type LookupFunction, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../support/eventually.ts";
import { PATIENCE_MS } from "../support/patience.ts";
import { IPV4, IPV6 } from "./private-addresses.ts";

// Where webhooks may not lead. Every case is a real attempt to connect, with a trap on this machine that counts
// whoever gets through.

const MESSAGE = { id: "msg_11111111-1111-4111-8111-111111111111", payload: "{}" };
const SECRET = `whsec_${Buffer.alloc(32).toString("base64")}`;
/** Global, but of a block that is given to nobody: no packet to it arrives anywhere. */
const PUBLIC = "2d00::1";
const FORBIDDEN = { status: "failed", error: "address_not_allowed", response_status: null };

/** The modules as a process has them that was started with this switch. */
async function start(allowPrivate?: "on") {
  vi.resetModules();
  vi.stubEnv("NEXT_PUBLIC_SUPABASE_URL", "http://127.0.0.1:9");
  vi.stubEnv("NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY", "publishable");
  vi.stubEnv("SUPABASE_SECRET_KEY", "secret");
  vi.stubEnv("WEBHOOKS_ALLOW_PRIVATE", allowPrivate);
  const { env } = await import("../../lib/env.ts");
  // Read at the first use, which may come after the next process is started.
  env();
  const { send } = await import("../../lib/webhooks/send.ts");
  const { requireUsableAddress } = await import("../../lib/webhooks/address.ts");
  return {
    requireUsableAddress,
    send: (url: string, lookup?: LookupFunction, timeout = PATIENCE_MS) =>
      send(url, SECRET, MESSAGE, { timeout, ...(lookup && { lookup }) }),
  };
}

let trapped = 0;
let port: number;
const traps: Server[] = [];

/** Listens on all of this machine's own addresses at one port; on IPv4 alone where there is no IPv6. */
async function setTraps(): Promise<void> {
  for (const host of ["0.0.0.0", "::1"]) {
    const trap = createServer((socket) => {
      trapped += 1;
      socket.destroy();
    });
    const listening = await new Promise<boolean>((resolve) => {
      trap.once("error", () => resolve(false));
      trap.listen({ host, port: port ?? 0 }, () => resolve(true));
    });
    if (listening) traps.push(trap);
    port ??= (trap.address() as AddressInfo).port;
  }
}

beforeAll(setTraps);
afterAll(() => {
  for (const trap of traps) trap.close();
});
let closed: Awaited<ReturnType<typeof start>>;
beforeEach(async () => {
  trapped = 0;
  closed = await start();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Resolves every name to these, in the form that is asked for. */
const resolving =
  (...addresses: string[]): LookupFunction =>
  (_, { all }, callback) => {
    const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    if (all) return callback(null, found);
    callback(null, found[0]?.address ?? "", found[0]?.family ?? 4);
  };

const bracketed = (address: string) => (address.includes(":") ? `[${address}]` : address);

describe("a delivery", () => {
  it("would fall into the trap if nothing were forbidden", async () => {
    const open = await start("on");
    for (const host of ["127.0.0.1", "localhost"]) {
      expect(await open.send(`https://${host}:${port}/`)).toMatchObject({ error: "connection_failed" });
    }
    expect(await open.send("https://hooks.test/", resolving("127.0.0.1"))).not.toMatchObject(FORBIDDEN);
    expect(await open.send(`https://hooks.test:${port}/`, resolving("127.0.0.1"))).toMatchObject({
      error: "connection_failed",
    });
    expect(trapped).toBe(3);
  });

  it.each([...IPV4, ...IPV6])("does not connect to %s", async (address) => {
    const outcome = await closed.send(`https://${bracketed(address)}:${port}/`);
    expect(outcome).toMatchObject(FORBIDDEN);
    expect(trapped).toBe(0);
  });

  it.each([PUBLIC, "2a00:1450:4001::1", "2606:4700::6810", "2a00::5eff:7f00:1", "2a00::5efe:0:0:1"])(
    "may be made to %s",
    async (address) => {
      for (const outcome of [
        await closed.send(`https://[${address}]:${port}/`, undefined, 1_500),
        await closed.send(`https://hooks.test:${port}/`, resolving(address), 1_500),
      ]) {
        expect(outcome.error).toMatch(/^(timeout|connection_failed)$/);
      }
    },
  );

  it.each([...IPV4, ...IPV6])("does not connect to a name that means %s", async (address) => {
    const outcome = await closed.send(`https://hooks.test:${port}/`, resolving(address));
    expect(outcome).toMatchObject(FORBIDDEN);
    expect(trapped).toBe(0);
  });

  it.each([
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "017700000001",
    "0177.0.0.1",
    "127.1",
    "127.0.1",
    "127.0.0.1.",
    "①②⑦.⓪.⓪.①",
    "127%2e0%2e0%2e1",
    "0",
    "0x0",
    "localhost",
    "LOCALHOST",
    "2852039166",
    "0xa9fea9fe",
    "169.16689662",
    "[0:0:0:0:0:0:0:1]",
    "[::FFFF:7F00:1]",
    "[0:0:0:0:0:ffff:169.254.169.254]",
  ])("does not connect to https://%s", async (host) => {
    expect(await closed.send(`https://${host}:${port}/`)).toMatchObject(FORBIDDEN);
    expect(trapped).toBe(0);
  });

  it("does not tell a name of this machine from one that nobody has", async () => {
    for (const host of ["localhost.", "foo.localhost"]) {
      expect(await closed.send(`https://${host}:${port}/`)).toMatchObject(FORBIDDEN);
    }
    const failing: LookupFunction = (_, __, callback) =>
      callback(Object.assign(new Error("none"), { code: "ENOTFOUND" }), "");
    expect(await closed.send(`https://intranet.test:${port}/`, failing)).toMatchObject(FORBIDDEN);
    expect(trapped).toBe(0);
  });

  it("is never made without encryption, wherever it leads", async () => {
    const lookup = vi.fn(resolving(PUBLIC));
    for (const host of ["127.0.0.1", "hooks.test", `[${PUBLIC}]`]) {
      expect(await closed.send(`http://${host}:${port}/`, lookup)).toMatchObject(FORBIDDEN);
    }
    expect(lookup).not.toHaveBeenCalled();
    expect(trapped).toBe(0);
  });

  it("does not use a credential or a port in the address to get around it", async () => {
    for (const url of [`https://${PUBLIC}@127.0.0.1:${port}/`, `https://127.0.0.1:${port}\\@hooks.test/`]) {
      expect(await closed.send(url, resolving(PUBLIC))).toMatchObject(FORBIDDEN);
    }
    expect(trapped).toBe(0);
  });

  it("does not reach Azure's platform even where private networks are allowed", async () => {
    const open = await start("on");
    for (const url of ["http://168.63.129.16/", "https://hooks.test/"]) {
      expect(await open.send(url, resolving("168.63.129.16"))).toMatchObject(FORBIDDEN);
    }
  });
});

describe("a name that means something else a moment later", () => {
  it("does not lead from the check to this machine", async () => {
    const answers = [[PUBLIC], ["127.0.0.1"], ["::1"], ["127.0.0.1"]];
    let asked = 0;
    const lookup: LookupFunction = (name, options, callback) => {
      asked += 1;
      resolving(...(answers.shift() ?? []))(name, options, callback);
    };
    const url = `https://rebinding.test:${port}/`;
    await closed.requireUsableAddress(url, lookup);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await closed.send(url, lookup)).toMatchObject(FORBIDDEN);
    }
    // Once for each connection: what was checked is what is connected to.
    expect(asked).toBe(4);
    expect(trapped).toBe(0);
  });

  it("does not lead there when it means both at once, in either order", async () => {
    const open = await start("on");
    for (const both of [
      [PUBLIC, "127.0.0.1"],
      ["127.0.0.1", PUBLIC],
      [PUBLIC, "::1"],
      [PUBLIC, "::ffff:127.0.0.1"],
      [PUBLIC, "169.254.169.254"],
    ]) {
      const url = `https://both.test:${port}/`;
      expect(await closed.send(url, resolving(...both))).toMatchObject(FORBIDDEN);
      await expect(closed.requireUsableAddress(url, resolving(...both))).rejects.toMatchObject({
        code: "webhook_address_not_allowed",
      });
    }
    expect(trapped).toBe(0);
    // Node would have tried one after the other.
    await open.send(`https://both.test:${port}/`, resolving(PUBLIC, "127.0.0.1"));
    expect(trapped).toBe(1);
  });

  it("does not lead anywhere when it means nothing", async () => {
    for (const answer of [[], ["not an address"], ["127.0.0.1 "], ["fe80::1%lo"]]) {
      expect(await closed.send(`https://hooks.test:${port}/`, resolving(...answer))).toMatchObject({
        status: "failed",
      });
    }
    expect(trapped).toBe(0);
  });
});

describe("names that strangers choose", () => {
  let shared: ReturnType<typeof vi.spyOn>;
  beforeEach(() => {
    shared = vi.spyOn(dns, "lookup");
    syncBuiltinESMExports();
  });
  afterEach(() => {
    shared.mockRestore();
    syncBuiltinESMExports();
  });

  // Its four threads are everybody's: twenty names whose servers never answer would fill them for minutes.
  it("are not resolved by the look-up that all of the server shares", async () => {
    const url = `https://no-such-name.invalid:${port}/`;
    // Where there is no name server at all, nobody can tell.
    expect((await closed.send(url)).error).toMatch(/^(address_not_allowed|name_not_found)$/);
    await closed.requireUsableAddress(url).catch(() => {});
    expect(shared).not.toHaveBeenCalled();
  });

  it("are resolved as everything on this machine where the operator allows private addresses", async () => {
    const open = await start("on");
    await open.send(`https://localhost:${port}/`);
    expect(shared).toHaveBeenCalledOnce();
    expect(trapped).toBe(1);
  });
});

describe("an address to be stored", () => {
  const url = () => `https://hooks.test:${port}/`;
  const codeOf = (call: Promise<void>) =>
    call.then(
      () => null,
      (problem) => problem.code,
    );
  const failing = (code: string) =>
    ((_, __, callback) => callback(Object.assign(new Error(code), { code }), "")) satisfies LookupFunction;

  it("is refused if it leads into a private network, by its number or its name", async () => {
    for (const address of [...IPV4, ...IPV6]) {
      const code = await codeOf(closed.requireUsableAddress(url(), resolving(address)));
      expect(code, address).toBe("webhook_address_not_allowed");
    }
    for (const host of [...IPV4, "[::1]", "[::ffff:7f00:1]", "localhost", "2130706433"]) {
      const code = await codeOf(closed.requireUsableAddress(`https://${host}:${port}/`));
      expect(code, host).toBe("webhook_address_not_allowed");
    }
    expect(trapped).toBe(0);
  });

  it("is refused without encryption", async () => {
    for (const host of ["127.0.0.1", "hooks.test"]) {
      const code = await codeOf(closed.requireUsableAddress(`http://${host}:${port}/`, resolving(PUBLIC)));
      expect(code).toBe("webhook_address_not_https");
    }
  });

  it.each([
    ["http://localhost:3000", true],
    ["https://vault.example.com", false],
  ])("is refused at %s with the switch named: %s", async (site, isNamed) => {
    vi.stubEnv("SITE_URL", site);
    const { requireUsableAddress } = await start();
    for (const address of ["https://127.0.0.1/", "http://hooks.test/"]) {
      const { message } = await requireUsableAddress(address).catch((problem) => problem);
      expect(message.includes("WEBHOOKS_ALLOW_PRIVATE=on")).toBe(isNamed);
    }
  });

  it("is refused in the same words whether its name is private or nobody's, so that no network is mapped", async () => {
    const refusals = await Promise.all(
      [
        ...["10.0.0.1", "127.0.0.1", "169.254.169.254", "fd00::1", "::7f00:1"].map((address) =>
          resolving(address),
        ),
        failing("ENOTFOUND"),
      ].map((lookup) => closed.requireUsableAddress(url(), lookup).catch((problem) => problem)),
    );
    const [first] = refusals;
    expect(first).toMatchObject({ status: 400, code: "webhook_address_not_allowed" });
    for (const { status, code, message } of refusals) {
      expect({ status, code, message }).toEqual({ status: 400, code: first.code, message: first.message });
    }
    expect(await codeOf(closed.requireUsableAddress(url(), failing("EAI_AGAIN")))).toBeNull();
  });

  it("is accepted within about 2 seconds where nobody answers", async () => {
    const before = performance.now();
    const silent: LookupFunction = () => {};
    expect(
      await Promise.all([
        codeOf(closed.requireUsableAddress(url(), resolving(PUBLIC))),
        codeOf(closed.requireUsableAddress(`https://[${PUBLIC}]/`)),
        codeOf(closed.requireUsableAddress(url(), silent)),
      ]),
    ).toEqual([null, null, null]);
    expect(performance.now() - before).toBeGreaterThan(1_900);
  });

  it("may be any, where the operator allows private ones", async () => {
    const open = await start("on");
    for (const address of [`http://127.0.0.1:${port}/`, `https://localhost:${port}/`]) {
      await open.requireUsableAddress(address);
    }
    await eventually(() => expect(trapped).toBe(2));
    await open.requireUsableAddress("http://hooks.test/", failing("ENOTFOUND"));
    expect(await codeOf(open.requireUsableAddress("http://0.0.0.0/"))).toBe("webhook_address_not_allowed");
  });

  it("is sent nothing while it is tried out, and the connection is closed", async () => {
    const open = await start("on");
    let heard = "";
    let left = false;
    const server = createServer((socket) => {
      socket.on("data", (chunk) => {
        heard += chunk;
      });
      socket.once("close", () => {
        left = true;
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    await open.requireUsableAddress(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await eventually(() => expect(left).toBe(true));
    expect(heard).toBe("");
    server.close();
  });
});
