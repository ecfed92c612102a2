/** The panel's groups, in the order in which it shows them. */
export const CATEGORIES = ["LLM", "Infrastructure", "Hosting", "Email", "General"] as const;
export type Category = (typeof CATEGORIES)[number];

/** Who a secret belongs to: a person, by their id in auth.users, or a team. */
export interface Owner {
  type: "user" | "team";
  /** UUID in lower case. */
  id: string;
}

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

/** What may leave the server in lists: everything but the ciphertext. Times are ISO 8601 in UTC. */
export type SecretMetadata = Omit<VaultSecret, "encrypted_value">;
