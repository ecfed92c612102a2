import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

// On Vercel, a request's signal fires only for the functions of which vercel.json says so. For the others, a person who stops
// an answer pays for all of it. https://vercel.com/docs/functions/functions-api-reference#cancel-requests

const { functions, ...others } = JSON.parse(readFileSync("vercel.json", "utf8"));

const routes = readdirSync("app", { recursive: true, encoding: "utf8" })
  .map((file) => join("app", file))
  .filter((file) => file.endsWith("/route.ts"))
  .sort();

const read = (file: string) => readFileSync(file, "utf8");

/** The app's own files that one imports, by their paths. */
function importsOf(file: string): string[] {
  return [...read(file).matchAll(/^(?:import|export) (?!type )[^;]*?from "(@\/|\.[^"]*\/)([^"]+)"/gm)]
    .map(([, from = "", name = ""]) => join(from === "@/" ? "." : join(file, "..", from), name))
    .flatMap((path) => [`${path}.ts`, `${path}.tsx`, join(path, "index.ts")])
    .filter(existsSync);
}

/** A file, with all of the app's that it needs. */
function withImports(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const each of importsOf(file)) withImports(each, found);
  return found;
}

/** Calls a provider on somebody's key, or sends an answer while it's made: worth nothing once nobody waits for it. */
const takesLong = (route: string) =>
  [...withImports(route)].some(
    (file) => file === "lib/vault-usage/with-key.ts" || /\bnew ReadableStream\b/.test(read(file)),
  );

describe("vercel.json", () => {
  it("makes every route that calls a provider or streams cancelable, and names no other file", () => {
    expect(functions).toEqual(
      Object.fromEntries(routes.filter(takesLong).map((file) => [file, { supportsCancellation: true }])),
    );
    expect(Object.keys(functions)).toContain("app/api/reveal/run/route.ts");
  });

  it("names every route that reads its request's signal", () => {
    const reading = routes.filter((file) => /\brequest\.signal\b/.test(read(file)));
    expect(reading).toContain("app/api/reveal/run/route.ts");
    expect(reading.filter((file) => !(file in functions))).toEqual([]);
  });

  it("says nothing else: durations are in the routes, and the region is the project's own choice", () => {
    expect(others).toEqual({ $schema: "https://openapi.vercel.sh/vercel.json" });
  });
});
