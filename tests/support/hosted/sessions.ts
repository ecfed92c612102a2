import type { Json } from "./answers.ts";
import type { HostedSettings } from "./settings.ts";
import { claimsOf, type SigningKey, signWithSecret } from "./tokens.ts";

/** A session that came by. */
export interface SeenSession {
  userId: string;
  /** The embedded server's. */
  accessToken: string;
  refreshToken: string;
  /** How it began. */
  method: "password" | "otp";
  /** When a second factor's code was given, in seconds; undefined for aal1. */
  codeAt?: number;
  factorId?: string;
}

/** Sessions as GoTrue gives them: https://github.com/supabase/auth/blob/master/internal/tokens/service.go */
export class Sessions {
  readonly #settings: HostedSettings;
  readonly #key: SigningKey;
  readonly seen = new Map<string, SeenSession>();
  /** What a user's `factors` are. */
  factorsOf: (userId: string) => Json[] = () => [];
  /** The project's URL. */
  url = "";

  constructor(settings: HostedSettings, key: SigningKey) {
    this.#settings = settings;
    this.#key = key;
  }

  /** Adds to a session of the embedded server's, to a user, or to neither, what GoTrue says besides. */
  complete(said: Json, method: SeenSession["method"] = "password"): Json {
    if (typeof said.access_token === "string") return this.#session(said, method);
    return typeof said.id === "string" && said.aud ? this.user(said) : said;
  }

  user(user: Json): Json {
    const factors = this.factorsOf(String(user.id));
    return factors.length > 0 ? { ...user, factors } : user;
  }

  #session(said: Json, method: SeenSession["method"]): Json {
    const claims = claimsOf(String(said.access_token));
    const id = String(claims.session_id);
    const seen: SeenSession = {
      method,
      ...this.seen.get(id),
      userId: String(claims.sub),
      accessToken: String(said.access_token),
      refreshToken: String(said.refresh_token),
    };
    this.seen.set(id, seen);
    const amr = [{ method: seen.method, timestamp: claims.iat }];
    const user = Object(said.user);
    const all = {
      ...{ iss: `${this.url}/auth/v1`, ...claims, phone: "", is_anonymous: false },
      ...{ app_metadata: user.app_metadata ?? {}, user_metadata: user.user_metadata ?? {} },
      aal: seen.codeAt ? "aal2" : "aal1",
      amr: seen.codeAt ? [{ method: "totp", timestamp: seen.codeAt }, ...amr] : amr,
    };
    const isModern = this.#settings.signing === "ES256";
    const access_token = isModern ? this.#key.sign(all) : signWithSecret(all);
    return { ...said, access_token, user: this.user(user) };
  }
}
