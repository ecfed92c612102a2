/** What the page of a link says. */
interface LinkPage {
  title: string;
  sentence: string;
  button: string;
  /** Whether it lets its person choose a new password; else it confirms an address. */
  choosesPassword: boolean;
}

const NEW_PASSWORD = {
  title: "Choose a new password",
  sentence: "Continue to choose a new password for your account. This link works once.",
  button: "Continue",
  choosesPassword: true,
};

const CONFIRMATION = {
  title: "Confirm your e-mail address",
  sentence: "Confirm that this address is yours, then sign in. This link works once.",
  button: "Confirm address",
  choosesPassword: false,
};

/**
 * The closed list of Supabase Auth's links. No link signs anybody in: somebody could send the link of an account of
 * their own, and whoever opened it would store keys in there. So a link that is made to sign in lets its person choose
 * a new password instead, which is what the proof of owning the mailbox is good for here.
 */
export const LINKS = {
  signup: CONFIRMATION,
  email: CONFIRMATION,
  email_change: {
    title: "Change your e-mail address",
    sentence: "Confirm the change of your account's e-mail address. This link works once.",
    button: "Confirm the change",
    choosesPassword: false,
  },
  recovery: NEW_PASSWORD,
  magiclink: {
    ...NEW_PASSWORD,
    sentence: "Links don't sign you in here, but you can choose a new password with this one. It works once.",
  },
  invite: {
    ...NEW_PASSWORD,
    title: "You're invited to Command Center",
    sentence: "Continue to choose a password for your new account. This link works once.",
  },
} as const satisfies Record<string, LinkPage>;

export type LinkType = keyof typeof LINKS;

/** A link from an e-mail. */
export interface Link {
  type: LinkType;
  tokenHash: string;
}

/** What a SHA-2 hash in hexadecimal is like. Supabase puts a word before that of an address with a code. */
const TOKEN_HASH = /^(pkce_)?[0-9a-f]{40,128}$/;

const isType = (type: unknown): type is LinkType => typeof type === "string" && Object.hasOwn(LINKS, type);

/**
 * Takes a link from an address or a form; null for what is none. Without zod, which browsers would load for this alone,
 * and which tries `eval` when it is loaded.
 */
export function readLink({ type, token_hash }: { type?: unknown; token_hash?: unknown }): Link | null {
  const isHash = typeof token_hash === "string" && TOKEN_HASH.test(token_hash);
  return isType(type) && isHash ? { type, tokenHash: token_hash } : null;
}

/** Whether something calls itself a link to choose a new password. */
export const choosesPassword = (type: unknown): boolean => isType(type) && LINKS[type].choosesPassword;
