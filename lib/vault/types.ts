/** The panel's groups, in the order in which it shows them. */
export const CATEGORIES = ["LLM", "Infrastructure", "Hosting", "Email", "General"] as const;
export type Category = (typeof CATEGORIES)[number];

// Here, and not with the rules for values, which the dashboard loads only with its dialogs.

/** The request header in which a page says whom it shows, by their id; and the page's <meta> that has it. */
export const SHOWN_USER_HEADER = "vault-shown-user";

/** The reply header with the keys, comma separated, whose values are stored without the white space around them. */
export const TRIMMED_HEADER = "vault-trimmed";

/** How long before a value expires people are warned, in milliseconds. The function claim_expiring has it too. */
export const EXPIRY_NOTICE_MS = 14 * 86_400_000;

/** For a .env file that is read in the browser, and for an import as it is sent. */
export const MAX_ENV_FILE_BYTES = 256 * 1024;

/** The most secrets of one owner, and so of one import. The database counts them. */
export const MAX_SECRETS = 200;

/** Who a secret belongs to: a person, by their id in auth.users, or a team. */
export interface Owner {
  type: "user" | "team";
  /** UUID in lower case. */
  id: string;
}

/** What somebody is in a team. Members use its keys; admins also see and change them. */
export type TeamRole = "admin" | "member";

/** Whose key was found, nearest first: the person's, the team's, the platform's environment variable. */
export type SecretSource = "user" | "team" | "env";

/** One row of `vault_secrets`, as the database has it. */
export type VaultSecret = {
  id: string;
  owner_type: Owner["type"];
  owner_id: string;
  key: string;
  encrypted_value: string;
  category: Category;
  description: string;
  last_rotated_at: string;
  created_at: string;
  updated_at: string;
};

/** How a key did when it was last really used. */
export interface KeyUse {
  result: "worked" | "refused" | "no_credit";
  /** ISO 8601. */
  at: string;
}

/** What a provider said about the account behind a key, as short texts for people. */
export type CheckFacts = { [fact in "account" | "credit" | "limit"]?: string | undefined };

/** What a check can find out about a value. */
export type CheckResult = "works" | "refused" | "no_credit";

/** What is known about a secret's present value. Times are ISO 8601 in UTC. */
export interface SecretDetails {
  /** The last four characters; null for values that are short or of several lines, or are older than hints. */
  hint: string | null;
  /** Whether the value can be used and checked, but not revealed or copied. */
  use_only: boolean;
  expires_at: string | null;
  /** UUID of who entered it. */
  added_by: string | null;
  /** When it was last used or taken, give or take an hour. */
  last_used_at: string | null;
  checked_at: string | null;
  check_result: CheckResult | null;
  check_facts: CheckFacts | null;
}

/**
 * What may leave the server in lists: everything but the ciphertext. Times are ISO 8601 in UTC. `details` is null for what
 * was stored before there were details.
 */
export type SecretMetadata = Omit<VaultSecret, "encrypted_value"> & { details: SecretDetails | null };

/** Where ciphertexts of `encrypt` are. */
export interface SealedColumn {
  table: string;
  column: string;
}

/**
 * Keys that a person has a second time. In a team: those in their own vault. In their own vault: those of their teams, with
 * the teams' names.
 */
export type Overlaps = Readonly<Record<string, readonly string[]>>;

/** What the operator of the app has set. */
export interface VaultSettings {
  /** Scheme, host and port of the app's own pages, e.g. `https://vault.example.com`. */
  siteOrigin: string;
  /** The platform's own keys, by name. Of these, only keys that the catalogue marks are used for people. */
  platformKeys: ReadonlyMap<string, string>;
  /** Which request header has the client's address, for the log. Nothing but the platform in front may set it. */
  clientAddressHeader?: string | undefined;
  /** Where Anthropic's API is, if not at its usual address. */
  anthropicBaseUrl?: string | undefined;
  /** Where the app keeps ciphertexts of `encrypt` besides the vault's, by which a first start knows the key too. */
  otherCiphertexts?: readonly SealedColumn[];
}

/** The ciphertexts that somebody may use under one key. Null says that there is none, and so lets the next layer pay. */
export type Candidates = Record<Owner["type"], string | null>;

/** A value that is asked for in order to leave the server: to a person, or to its provider. */
export interface SecretUse {
  /** Who asked for it. */
  userId: string;
  /** As the request names it, before it is known whether the person may. */
  owner: Owner;
  key: string;
  /** A team's admins may have a value "revealed", and every member may have it "checked". */
  action: "revealed" | "checked";
  /** Whether a value that is revealed is for the clipboard and not for the screen. For the record: it allows nothing. */
  isCopy?: boolean;
}

/** What a provider said of a key that somebody checked. */
export interface SecretCheck {
  userId: string;
  owner: Owner;
  key: string;
  /** "unreachable" is all that leaves the question open. */
  result: CheckResult | "unreachable";
  /** When the value was about to be read: one that was stored later was not checked. */
  readAt: Date;
}

/**
 * What was done to a secret. A value that is stored is "created" under a new key, and has "replaced" another one, or is
 * "resaved" where it is the one that was stored already. "replaced_unread": the old value could not be compared with it, so
 * it may be the same. "metadata" leaves the value alone.
 */
export type SecretDeed = "created" | "replaced" | "replaced_unread" | "resaved" | "metadata" | "deleted";

/** A secret as a write has left it, and what the write has done. */
export interface StoredSecret {
  secret: SecretMetadata;
  action: Exclude<SecretDeed, "deleted">;
}

/** What somebody has changed. */
export interface SecretChange {
  userId: string;
  owner: Owner;
  /** Whether they were stored together, in an import. */
  isImport: boolean;
  changes: readonly { key: string; action: SecretDeed }[];
  /** The secrets as they are now; none where they are deleted. */
  secrets: readonly SecretMetadata[];
}

/** A key to use, and whose it is. */
export interface ResolvedSecret {
  value: string;
  source: SecretSource;
}
