import type { Person, Sending } from "../client";

// What the tables of this folder consist of. bad-requests.spec.ts sends every row, and looks after each one that
// the process is alive and the store is what it was.

/** Stands in bad requests, and must not come back. */
export const ECHO = "sk-test-echo-not-real";
/** What the people and the team have stored; must not come back either. */
export const VALUE = "sk-test-stored-before-not-real";
/** A key that the owner, the team and the stranger have. */
export const KEY = "OPENAI_API_KEY";
/** A key that nobody has. */
export const ABSENT = "STRIPE_SECRET_KEY";

/** Who is there, and with what; see cast.ts. No row may change anything of it. */
export interface Cast {
  /** Has a secret, a webhook with one delivery, and a team. */
  owner: Person;
  /** Is in the team, not as an admin. */
  member: Person;
  /** Has a secret, and a team of their own. */
  stranger: Person;
  /** Had a session, and signed out. */
  leaver: Person;
  team: string;
  strangersTeam: string;
  webhook: string;
  delivery: string;
  /** Of the owner's, in their own workspace. */
  run: string;
  teamWebhook: string;
  /** The id of the team's open invitation, and what its link ends with. */
  invite: string;
  inviteToken: string;
  strangersInvite: string;
}

export type Who = "owner" | "member" | "stranger" | "leaver";

interface Expected {
  /** What is wrong with it; no two rows have the same. */
  name: string;
  status: number;
  /**
   * Of the problem reply. Left out where none of our routes answers: Node's parser, Next, a page, or a reply to HEAD,
   * which has no body.
   */
  code?: string | undefined;
}

/** A bad request, and what it is answered with. */
export interface Row extends Expected {
  path: string;
  sending?: Sending;
  /** Whose session cookie it has; the owner's unless told. */
  who?: Who | "nobody";
  /** The `Allow` header of the reply. */
  allow?: string;
  /** What has to get the identical reply, so that the two are not told apart. */
  same?: { path: string; sending?: Sending };
}

/** A bad request that no HTTP library sends: its bytes as they are. Status 0 is a connection that is closed. */
export interface Bytes extends Expected {
  bytes: string | Buffer;
}

/** A table of rows about one theme. */
export type Theme = (cast: Cast) => (Row | Bytes)[];

/** The same request with these headers, too. */
export const withHeaders = (sending: Sending, headers: Sending["headers"]): Sending => ({
  ...sending,
  headers: { ...sending.headers, ...headers },
});

/** Rows with the same status and code. */
export const answered = (status: number, code: string, rows: Omit<Row, "status" | "code">[]): Row[] =>
  rows.map((row) => ({ ...row, status, code }));
