import type { SealedColumn } from "../vault/types";

/** Where the signing secrets are, as `encrypt` made them. For the app and for scripts. */
export const SIGNING_SECRETS: SealedColumn = { table: "webhooks", column: "encrypted_secret" };
