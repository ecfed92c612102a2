import { expect, it } from "vitest";
import { placeOfLink } from "../../lib/auth/stray-link.ts";

const CODE = "0a000000-0000-4000-8000-00000000000a";
const HASH = "a1".repeat(28);
const place = (path: string) => placeOfLink(new URL(path, "https://vault.example.com"));

it.each([
  [`/?code=${CODE}`, `/auth/confirm?code=${CODE}`],
  [`/login?code=${CODE}&next=usage`, `/auth/confirm?code=${CODE}`],
  [`/app/auth/confirm?token_hash=${HASH}&type=recovery`, `/auth/confirm?token_hash=${HASH}&type=recovery`],
  [
    "/dashboard?error=access_denied&error_code=otp_expired&error_description=Buy+here",
    "/auth/confirm?error=access_denied&error_code=otp_expired",
  ],
])("a link that leads to %s belongs to %s", (stray, right) => {
  expect(place(stray)).toBe(right);
});

it.each([
  `/auth/confirm?code=${CODE}`,
  `/auth/link?token_hash=${HASH}&type=signup`,
  "/",
  "/login?notice=expired",
  "/login?code=WELCOME10",
  "/dashboard?team=0a000000-0000-4000-8000-00000000000a",
  "/activity?type=revealed&error=x",
])("%s is no stray link", (path) => {
  expect(place(path)).toBeNull();
});
