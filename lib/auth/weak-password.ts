import type { AuthError } from "@supabase/supabase-js";
import type { Problem } from "../vault/http/problem";
import { accountProblem } from "./messages";

/** The sets that Supabase's settings offer (auth.password_requirements), as its sentence has them. */
const SETS: readonly [RegExp, string][] = [
  [/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/, "one letter"],
  [/abcdefghijklmnopqrstuvwxyz(?!ABC)/, "one lowercase letter"],
  [/(?<!xyz)ABCDEFGHIJKLMNOPQRSTUVWXYZ/, "one uppercase letter"],
  [/0123456789/, "one digit"],
  [/[!@#$%^&*]/, "one symbol"],
];

const list = new Intl.ListFormat("en-US", { type: "conjunction" });

/**
 * Why the auth server calls a password weak, by its `reasons`: `length`, `characters`, `pwned`. Its sentence says which length
 * and which characters, and holds no input: checkPasswordStrength in internal/api/password.go of
 * https://github.com/supabase/auth.
 *
 * @param error with the code weak_password
 */
export function explainWeakPassword(error: AuthError & { reasons?: unknown }): Problem {
  const reasons: unknown[] = Array.isArray(error.reasons) ? error.reasons : [];
  const length = /at least (\d{1,2}) characters/.exec(error.message)?.[1];
  const [, sets = ""] = /at least one character of each: (.*)/.exec(error.message) ?? [];
  const missing = SETS.flatMap(([pattern, words]) => (pattern.test(sets) ? [words] : []));
  const demands = [
    ...(length ? [`at least ${length} characters`] : []),
    ...(missing.length > 0 ? [`at least ${list.format(missing)}`] : []),
  ];
  if (demands.length === 0)
    return accountProblem(reasons.includes("pwned") ? "password_common" : "password_too_weak");
  const isShort = length !== undefined;
  const fault = isShort ? "The password is too short." : "The password is too weak.";
  return accountProblem("password_too_weak", { detail: `${fault} Use ${demands.join(", and ")}.` });
}
