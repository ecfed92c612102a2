import type { OutgoingHttpHeaders } from "node:http";
import { JSON_TYPE, type Sending } from "../client";
import { FOREIGN } from "./cross-site";
import { answered, type Cast, ECHO, type Row, type Theme, withHeaders } from "./row";

const FORM_TYPE = { "Content-Type": "application/x-www-form-urlencoded" };
const LIMIT = 16_384;

/** A form as a page sends it by JavaScript. */
const form = (fields: Record<string, string>): Sending => ({
  method: "POST",
  headers: { ...FORM_TYPE, Accept: "application/json" },
  body: new URLSearchParams(fields).toString(),
});

/** Every form that there is, as it would be granted to anybody. */
export const everyForm = ({ owner: { email, password } }: Pick<Cast, "owner">) => [
  { label: "POST /api/auth/sign-in", path: "/api/auth/sign-in", sending: form({ email, password }) },
  {
    label: "POST /api/auth/sign-up",
    path: "/api/auth/sign-up",
    sending: form({ email: "foreign@example.com", password }),
  },
  { label: "POST /api/auth/code", path: "/api/auth/code", sending: form({ code: "123456" }) },
  { label: "POST /api/auth/forgot-password", path: "/api/auth/forgot-password", sending: form({ email }) },
  {
    label: "POST /api/auth/links",
    path: "/api/auth/links",
    sending: form({ type: "recovery", token_hash: "0".repeat(56) }),
  },
  {
    label: "POST /api/auth/new-password",
    path: "/api/auth/new-password",
    sending: form({ email, password }),
  },
  { label: "POST /api/auth/sign-out", path: "/api/auth/sign-out", sending: { method: "POST" } },
];

const TYPES: [string, OutgoingHttpHeaders][] = [
  ["no type", { "Content-Type": "" }],
  ["JSON", JSON_TYPE],
  ["plain text", { "Content-Type": "text/plain" }],
  ["files", { "Content-Type": "multipart/form-data; boundary=x" }],
  ["another character set", { "Content-Type": `${FORM_TYPE["Content-Type"]}; charset=latin1` }],
  ["compression", { "Content-Encoding": "gzip" }],
];

/** Forms that a foreign page sends, that are no forms, and that say something else. */
export const forms: Theme = (cast) => {
  const { email, password } = cast.owner;
  const all = everyForm(cast);
  const [signIn, signUp] = all.slice(0, 2).map(({ path }) => path) as [string, string];
  const bodies = all.filter(({ sending }) => sending.body);
  const row = (name: string, path: string, status: number, code: string, sending: Sending): Row => ({
    ...{ name: `a form: ${name}`, path, status, code, sending },
  });
  return [
    ...answered(
      403,
      "cross_origin",
      FOREIGN.flatMap(([what, headers]) =>
        all.map(({ label, path, sending }) => ({
          ...{ name: `${what}: ${label}`, path, sending: withHeaders(sending, headers) },
        })),
      ),
    ),
    ...answered(
      415,
      "unsupported_media_type",
      TYPES.flatMap(([what, headers]) =>
        bodies.map(({ label, path, sending }) => ({
          ...{ name: `${what}: ${label}`, path, sending: withHeaders(sending, headers) },
        })),
      ),
    ),
    ...answered(
      413,
      "payload_too_large",
      [false, true].flatMap((chunked) =>
        bodies.map(({ label, path, sending }) => ({
          name: `too long${chunked ? ", in chunks" : ""}: ${label}`,
          path,
          sending: { ...sending, chunked, body: `${sending.body}&x=`.padEnd(LIMIT + 1, "x") },
        })),
      ),
    ),
    row("a field twice", signIn, 400, "invalid_request", {
      ...form({}),
      body: `email=${ECHO}&email=${ECHO}&password=x`,
    }),
    row("nothing", signIn, 400, "email_address_malformed", form({})),
    row("no address", signIn, 400, "email_address_malformed", form({ email: ECHO, password })),
    row("a prototype", signIn, 400, "email_address_malformed", form({ __proto__: ECHO, password })),
    row("a long address", signIn, 400, "email_address_malformed", {
      ...form({ email: `${"a".repeat(250)}@example.com`, password }),
    }),
    row("no password", signIn, 400, "password_missing", form({ email })),
    row("a wrong password", signIn, 401, "invalid_credentials", form({ email, password: ECHO })),
    row("a NUL in a password", signIn, 401, "invalid_credentials", form({ email, password: `${ECHO}\0` })),
    row(
      "a stranger's address",
      signIn,
      401,
      "invalid_credentials",
      form({ email: "no@example.com", password }),
    ),
    row("an address without an @", "/api/auth/forgot-password", 400, "email_address_malformed", {
      ...form({ email: ECHO }),
    }),
    row("a new password without a link", "/api/auth/new-password", 401, "reset_link_ended", {
      ...form({ email, password: ECHO }),
    }),
    row("a taken address", signUp, 409, "email_address_taken", form({ email, password })),
    row("a short password", signUp, 400, "password_too_short", form({ email, password: "short" })),
    row("a long password", signUp, 400, "password_too_long", form({ email, password: ECHO.repeat(4) })),
    row("an address for a password", signUp, 400, "password_is_email", form({ email, password: email })),
    row("a common password", signUp, 400, "password_common", form({ email, password: "qwertyuiop" })),
  ];
};
