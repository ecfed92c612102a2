import type { Provider } from "./provider";
import { EMAIL } from "./providers/email";
import { GENERAL } from "./providers/general";
import { HOSTING } from "./providers/hosting";
import { INFRASTRUCTURE } from "./providers/infrastructure";
import { LLM } from "./providers/llm";

/** Every provider that a key can be checked with: a file for each of the catalog's categories. */
export const PROVIDERS: readonly Provider[] = [...LLM, ...INFRASTRUCTURE, ...HOSTING, ...EMAIL, ...GENERAL];
