/**
 * `npm run test:registry`: takes the vault into apps that are not this one, as docs/install.md says, and runs browser tests
 * there.
 *
 * @example npm run test:registry -- flat
 */
import { setFlagsFromString } from "node:v8";
import { startAnthropicStandIn } from "../support/anthropic-standin.ts";
import { ANTHROPIC_PORT } from "../support/ports.ts";
import { HOSTS, hostNamed } from "./hosts.ts";
import { build, install } from "./install.ts";
import { buildRegistry } from "./item.ts";
import { endAll } from "./processes.ts";
import { step } from "./step.ts";
import { testHost } from "./test-host.ts";

// The WebAssembly of the hosts' databases is compiled in haste: to optimize it takes longer than they run.
setFlagsFromString("--liftoff-only");

/** Lets work go on whose error is met where it is awaited. */
function later<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}

function onSignal(): void {
  endAll();
  process.exit(130);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);

const names = process.argv.slice(2);
const hosts = names.length === 0 ? HOSTS : names.map(hostNamed);
await startAnthropicStandIn({ port: ANTHROPIC_PORT, inspect: true });
try {
  const item = await step("shadcn build", buildRegistry);
  const ready = hosts.map((host) => ({ host, installed: later(install(host, item)) }));
  // Each is tested once it is built, while others are still being built; an error is met there.
  const rebuilt: Promise<void>[] = [];
  for (const { host, installed } of ready) {
    await installed;
    await testHost(host);
    if (host.isUpdated) {
      rebuilt.push(later(step(`${host.name}: Production build without the vault`, () => build(host))));
    }
  }
  await Promise.all(rebuilt);
  console.log("\nThe vault works in each of these apps.");
} catch (error) {
  console.error(`\n✗ ${error instanceof Error ? error.message : error}`);
  endAll();
  process.exit(1);
}
process.exit(0);
