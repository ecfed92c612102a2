import { createHmac, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { TEST_JWT_SECRET } from "../keys.ts";

export type Claims = Record<string, unknown>;

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
const decode = (part: string | undefined): Claims =>
  Object(JSON.parse(Buffer.from(part ?? "", "base64url").toString()));

/** The claims of a token of which somebody else has checked, or will check, the signature. */
export const claimsOf = (token: string): Claims => decode(token.split(".")[1]);

/** A token as the embedded server knows it: RFC 7515 with HS256. */
export function signWithSecret(claims: Claims): string {
  const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${text}.${createHmac("sha256", TEST_JWT_SECRET).update(text).digest("base64url")}`;
}

/** An API key of an older project. Their dates are those of the project and ten years later. */
export const legacyKey = (role: "anon" | "service_role"): string =>
  signWithSecret({ iss: "supabase", ref: "test-not-real", role, iat: 1_700_000_000, exp: 2_015_360_000 });

/** P-256, RFC 7518, 3.4: how new projects sign sessions. https://supabase.com/docs/guides/auth/signing-keys */
export class SigningKey {
  readonly #pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  readonly #kid = crypto.randomUUID();

  sign(claims: Claims): string {
    const text = `${encode({ alg: "ES256", kid: this.#kid, typ: "JWT" })}.${encode(claims)}`;
    const key = { key: this.#pair.privateKey, dsaEncoding: "ieee-p1363" } as const;
    return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
  }

  /**
   * The same claims as the embedded server takes them. It checks when the token ends, and tokens of other algorithms.
   *
   * @returns undefined for a token of this algorithm that this key has not signed
   */
  translate(token: string): string | undefined {
    const [header = "", payload = "", signature = "", ...more] = token.split(".");
    try {
      if (decode(header).alg !== "ES256") return token;
      if (decode(header).kid !== this.#kid || more.length > 0) return undefined;
      const key = { key: createPublicKey(this.#pair.privateKey), dsaEncoding: "ieee-p1363" } as const;
      const text = Buffer.from(`${header}.${payload}`);
      return verify("sha256", text, key, Buffer.from(signature, "base64url"))
        ? signWithSecret(decode(payload))
        : undefined;
    } catch {
      return token;
    }
  }

  /** RFC 7517. https://github.com/supabase/auth/blob/master/internal/api/jwks.go */
  get jwks() {
    const key = this.#pair.publicKey.export({ format: "jwk" });
    return { keys: [{ alg: "ES256", ...key, ext: true, key_ops: ["verify"], kid: this.#kid, use: "sig" }] };
  }
}
