import { callApi } from "../http/client.ts";
import type { Category, SecretMetadata } from "./types.ts";

// The vault's routes, as pages call them. All throw ApiError.

/** What a save sends. Without `value` only the metadata changes. */
export interface SaveRequest {
  key: string;
  value?: string;
  category: Category;
  description: string;
  /** Applies only to that state of the secret; null: only where there is none yet. */
  if_updated_at: string | null;
}

/** One secret of an import. */
export type ImportRequest = Required<SaveRequest>;

/** What the provider says of a stored key. */
export interface CheckReply {
  result: "works" | "refused" | "no_credit" | "unreachable";
  detail: string;
  checked_at: string;
}

export async function listSecrets(): Promise<SecretMetadata[]> {
  return (await callApi<{ secrets: SecretMetadata[] }>("GET", "/api/vault")).secrets;
}

export const readSecret = (key: string) => callApi<SecretMetadata>("GET", `/api/vault?key=${key}`);

export async function revealSecret(key: string): Promise<string> {
  return (await callApi<{ value: string }>("GET", `/api/vault?key=${key}&reveal=true`)).value;
}

export const saveSecret = (secret: SaveRequest) => callApi<SecretMetadata>("POST", "/api/vault", secret);

export const removeSecret = (key: string) => callApi<void>("DELETE", `/api/vault?key=${key}`);

export async function importSecrets(secrets: ImportRequest[]): Promise<SecretMetadata[]> {
  return (await callApi<{ secrets: SecretMetadata[] }>("POST", "/api/vault/import", { secrets })).secrets;
}

export const checkSecret = (key: string) => callApi<CheckReply>("POST", "/api/vault/check", { key });
