/**
 * Lets plain Node import the app's own modules, which leave the resolution of their imports to Next. Whatever a
 * module of the app imports of it gets the same query, so that `service.ts?2` has a second client, and so a database
 * of its own.
 */
import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = resolve(import.meta.dirname, "../..");

registerHooks({
  resolve(specifier, context, next) {
    // Fails a build where a browser would load server code; here it has nothing to do.
    if (specifier === "server-only") {
      return next(specifier, { ...context, conditions: [...context.conditions, "react-server"] });
    }
    // Next has no map of exports, and so wants the ending.
    if (/^next\/\w+$/.test(specifier)) return next(`${specifier}.js`, context);
    // Supabase Lite leaves the driver to its user, and this one is the bench's.
    if (specifier === "postgres") return next(specifier, { ...context, parentURL: import.meta.url });
    const parent = context.parentURL?.startsWith("file:") ? new URL(context.parentURL) : undefined;
    const path = specifier.startsWith("@/")
      ? join(ROOT, specifier.slice(2))
      : parent && specifier.startsWith(".")
        ? fileURLToPath(new URL(specifier, parent))
        : undefined;
    if (path && existsSync(`${path}.ts`)) {
      return next(pathToFileURL(`${path}.ts`).href + (parent?.search ?? ""), context);
    }
    return next(specifier, context);
  },
});
