// What the browser and the server both need to know of accounts.

/** One of a person's sessions. */
export interface AccountSession {
  id: string;
  created_at: string;
  /** When it was last renewed, which a session in use is about once an hour. */
  used_at: string;
  /** "Chrome on macOS"; null where the auth server does not know or we do not recognize it. */
  device: string | null;
  is_current: boolean;
}

/** A team of which a person is the only admin, and that has other members. */
export interface TeamToHandOver {
  id: string;
  name: string;
  /** How many keys it has. */
  keys: number;
  /** Who can take over. */
  members: { user_id: string; email: string }[];
}

/** A team that goes with the account, because the person is its last member. */
interface TeamThatEnds {
  id: string;
  name: string;
  keys: number;
}

/** What goes when an account is deleted. */
export interface DeletionImpact {
  keys: number;
  webhooks: number;
  /** A choice is needed for each. */
  to_hand_over: TeamToHandOver[];
  that_end: TeamThatEnds[];
}
