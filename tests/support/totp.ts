import { createHmac } from "node:crypto";

/** Seconds that a code is shown. */
export const STEP_SECONDS = 30;

/** The step of time in which we are, RFC 6238, section 4. */
export const stepNow = () => Math.floor(Date.now() / 1000 / STEP_SECONDS);

/**
 * The code that an authenticator app shows: RFC 6238 with its usual settings, SHA-1 and steps of 30 seconds.
 *
 * @param secret the shared secret, decoded
 */
export function totp(secret: Buffer, step: number, digits = 6): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac("sha1", secret).update(counter).digest();
  // RFC 4226, 5.3: four bytes from where the last half byte says, without the sign.
  const number = hash.readUInt32BE((hash.at(-1) ?? 0) & 0xf) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 4648, section 6, for lengths that need no padding. */
export function toBase32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{5}/g) ?? []).map((five) => BASE32[Number.parseInt(five, 2)]).join("");
}

export function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
