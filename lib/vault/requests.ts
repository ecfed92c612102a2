import { callApi } from "./http/client";
import type { Category, CheckFacts, CheckResult, SecretMetadata } from "./types";

/** What a save sends. Without `value` only the metadata changes. */
export interface SaveRequest {
  key: string;
  value?: string | undefined;
  category: Category;
  description: string;
  /** Whether the value can be used and never shown; left out where that stays as it is. */
  use_only?: boolean | undefined;
  /** When the value expires, in ISO 8601 and UTC; null for never. Left out, it stays as it is, and a new value has none. */
  expires_at?: string | null | undefined;
  /** Applies only to that state of the secret; null: only where there is none yet. */
  if_updated_at: string | null;
}

/** One secret of an import. */
export type ImportRequest = Omit<SaveRequest, "use_only" | "expires_at"> & { value: string };

/** What the provider says of a stored key. */
export interface CheckReply {
  result: CheckResult | "unreachable";
  /** What to know, for a person. */
  detail: string;
  checked_at: string;
  facts: CheckFacts;
  /** When the provider says that the key expires, ISO 8601; null where it does not say. */
  expires_at: string | null;
}

export type VaultApi = ReturnType<typeof vaultApi>;

/**
 * The vault's routes for one owner, as pages call them. All throw ApiError.
 *
 * @param teamId null for the person's own vault
 */
export function vaultApi(teamId: string | null) {
  const owner: Record<string, string> = teamId === null ? {} : { team_id: teamId };
  const path = (parameters: Record<string, string>) => {
    const query = new URLSearchParams({ ...parameters, ...owner }).toString();
    return query === "" ? "/api/vault" : `/api/vault?${query}`;
  };
  const value = async (parameters: Record<string, string>) =>
    (await callApi<{ value: string }>("GET", path(parameters))).value;
  return {
    list: async () => (await callApi<{ secrets: SecretMetadata[] }>("GET", path({}))).secrets,
    read: (key: string) => callApi<SecretMetadata>("GET", path({ key })),
    reveal: (key: string) => value({ key, reveal: "true" }),
    /** The value as well, for the clipboard and not for the screen. */
    copy: (key: string) => value({ key, reveal: "true", copy: "true" }),
    save: (secret: SaveRequest) => callApi<SecretMetadata>("POST", "/api/vault", { ...secret, ...owner }),
    /** @param state the `updated_at` that the secret has to be in */
    remove: (key: string, state: string) => callApi<void>("DELETE", path({ key, if_updated_at: state })),
    /** @param use_only true: all of these values can be used and never shown; left out: as it is for each of them */
    importAll: async (secrets: ImportRequest[], use_only?: boolean) => {
      const body = { secrets, use_only, ...owner };
      return (await callApi<{ secrets: SecretMetadata[] }>("POST", "/api/vault/import", body)).secrets;
    },
    check: (key: string) => callApi<CheckReply>("POST", "/api/vault/check", { key, ...owner }),
  };
}
