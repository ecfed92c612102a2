import { parseEnvFile } from "../../lib/vault/env-import.ts";

/** A key of several lines. */
export const PEM = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----";

/** What a .env file is read as. */
export const valuesOf = (text: string) =>
  Object.fromEntries(parseEnvFile(text).rows.map((row) => [row.key, row.value]));
