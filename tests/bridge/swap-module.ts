// For `node --import`: puts the remote module in the place of lib/vault/crypto.ts, in this process alone.
import { registerHooks } from "node:module";

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    if (!found.url.endsWith("/lib/vault/crypto.ts")) return found;
    return { ...found, url: new URL("crypto.ts", import.meta.url).href };
  },
});
