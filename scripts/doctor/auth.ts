import { randomBytes } from "node:crypto";
import { type FoundKey, forwardsAddress } from "../../lib/vault/supabase-keys.ts";
import { type Answer, explainAnswer } from "./ask.ts";
import { type Check, type Finding, failure, ok, warning } from "./check.ts";
import type { Settings, Subject } from "./subject.ts";

// What Supabase Auth's API tells of its settings. Sources: https://github.com/supabase/auth, internal/api/settings.go,
// verify.go, and middleware.go; internal/utilities/request.go.

export const AUTH: Check[] = [
  { id: "auth-settings", title: "sign-in by e-mail", needs: ["publishable"], run: checkSettings },
  { id: "redirect", title: "where links in e-mails lead", needs: ["reach"], run: checkRedirect },
  {
    id: "browsers",
    title: "browsers' names along with the secret key",
    needs: ["secret"],
    run: checkBrowsers,
  },
  { id: "captcha", title: "CAPTCHA", needs: ["publishable", "secret"], run: checkCaptcha },
  { id: "signing-keys", title: "the sessions' signing keys", needs: ["reach"], run: checkSigningKeys },
];

async function checkSettings({ ask, publishable, settings, site }: Subject): Promise<Finding[]> {
  const answer = await ask("/auth/v1/settings", { key: publishable?.key });
  const { status, body } = answer;
  if (status !== 200 || typeof body !== "object") {
    return [warning(`Couldn't read Supabase Auth's settings (${explainAnswer(answer)}).`, "Run this again.")];
  }
  const { external, disable_signup, mailer_autoconfirm } = Object(body) as Record<string, unknown>;
  const found: Finding[] = [];
  if (Object(external).email === false) {
    found.push(
      failure(
        "The e-mail provider is off in Supabase Auth, so nobody can sign up or sign in.",
        "Turn it on under Authentication → Sign In / Providers → Email.",
      ),
    );
  }
  if (Object(external).anonymous_users === true) {
    found.push(
      warning(
        "Anonymous sign-ins are on in Supabase Auth, and the app has none: everyone can create accounts without an address.",
        "Turn them off under Authentication → Sign In / Providers.",
      ),
    );
  }
  if (mailer_autoconfirm === true && site?.startsWith("https:")) {
    const says =
      "Supabase Auth doesn't confirm addresses, so anyone can open an account with somebody else's";
    const remedy = "Turn on Confirm email under Authentication → Sign In / Providers → Email.";
    found.push(
      settings.OPERATOR_EMAILS
        ? failure(`${says}, an operator's included.`, remedy)
        : warning(`${says}.`, remedy),
    );
  }
  if (found.length > 0) return found;
  if (disable_signup === true)
    return [
      ok("People sign in by e-mail. Sign-up is off: new accounts need an invitation from the dashboard"),
    ];
  return [ok("People sign up and sign in by e-mail")];
}

/**
 * A link with a token that can't exist: Auth refuses it, and sends the browser to the address that was asked for if that
 * is allowed, otherwise to its site URL. It uses nothing up but two of this machine's 30 tries per five minutes.
 */
async function checkRedirect({ ask, site, isEmbedded }: Subject): Promise<Finding | Finding[]> {
  const wanted = `${site ?? "http://localhost:3000"}/auth/confirm`;
  const link = `/auth/v1/verify?type=recovery&token=${randomBytes(28).toString("hex")}`;
  const answers = [await ask(`${link}&redirect_to=${encodeURIComponent(wanted)}`), await ask(link)];
  const [led, fallback] = answers.map(({ headers }) => headers.get("location")?.replace(/[#?].*$/s, ""));
  if (led === undefined || fallback === undefined) {
    const answer = answers.find(({ headers }) => !headers.has("location")) ?? answers[0];
    const reason =
      answer?.status === 429 ? "too many tries; wait five minutes" : answer && explainAnswer(answer);
    return warning(`Couldn't find out where links in e-mails lead (${reason}).`, "Run this again.");
  }
  if (!site) return isEmbedded ? ok("Links in e-mails lead to this machine") : [];
  const where = "Under Authentication → URL Configuration, ";
  if (led !== wanted) {
    return failure(
      `Supabase Auth doesn't allow ${wanted} as a redirect URL: links in e-mails lead to ${originOf(fallback)}.`,
      `${where}set the site URL to ${site}, and add ${wanted} to the redirect URLs.`,
    );
  }
  if (fallback === site) return ok(`Links in e-mails lead to ${site}`);
  // On this machine the port may be another one each time.
  if (isEmbedded && originOf(fallback) !== site && /^http:\/\/(localhost|127\.)/.test(site))
    return ok("Links in e-mails lead to this machine");
  if (originOf(fallback) === site) {
    return failure(
      "The site URL in Supabase Auth ends with a slash or a path, so links in e-mails lead to a page that doesn't exist.",
      `${where}set the site URL to ${site}, without anything after it.`,
    );
  }
  return failure(
    `The site URL in Supabase Auth is ${originOf(fallback)}, so links in e-mails lead there and not to ${site}.`,
    `${where}set the site URL to ${site}, or SITE_URL to that address.`,
  );
}

const originOf = (address: string): string =>
  URL.canParse(address) ? new URL(address).origin : "another address";

/** What the app leaves of a browser's `User-Agent` when it sends the secret key: lib/vault/session/auth-fetch.ts. */
const BROWSER = "(X11; Linux x86_64) AppleWebKit (KHTML, like Gecko) Chrome Safari";

/** The gateway refuses secret keys from browsers, by a rule that isn't public: https://supabase.com/docs/guides/api/api-keys */
async function checkBrowsers({ ask, secret, settings }: Subject): Promise<Finding | Finding[]> {
  if (!forwardsAddresses(settings, secret)) return [];
  const answer = await ask("/auth/v1/settings", { key: secret?.key, headers: { "User-Agent": BROWSER } });
  if (answer.status === 200) return ok("Supabase's gateway tells the app's requests from a browser's");
  if (answer.status === 401) {
    return failure(
      "Supabase's gateway takes the app's requests for a browser's, so nobody can sign in.",
      "Unset CLIENT_ADDRESS_HEADER until this is fixed, and report it.",
    );
  }
  return warning(
    `Couldn't find out whether Supabase's gateway takes the app's requests for a browser's (${explainAnswer(answer)}).`,
    "Run this again.",
  );
}

/** As lib/vault/session/auth-fetch.ts does. */
const forwardsAddresses = (settings: Settings, secret: FoundKey | undefined): boolean =>
  Boolean(settings.CLIENT_ADDRESS_HEADER && secret && forwardsAddress(secret.key));

/** Of a range that belongs to nobody: https://www.rfc-editor.org/rfc/rfc5737 */
const NOBODY = "192.0.2.1";

/**
 * Auth asks for CAPTCHA before it looks at the grant. One that doesn't exist isn't counted as a try to sign in; `password` is,
 * even without an address. Versions that ask only for that one refuse the others without a code.
 * https://github.com/supabase/auth: internal/api/middleware.go, isIgnoreCaptchaRoute; internal/api/token.go, Token
 */
async function checkCaptcha({ ask, publishable, secret, settings }: Subject): Promise<Finding | Finding[]> {
  const signIn = (key: string | undefined, headers?: Record<string, string>) =>
    ask("/auth/v1/token?grant_type=doctor", { key, post: {}, ...(headers && { headers }) });
  const anyone = await signIn(publishable?.key);
  if (anyone.code !== "captcha_failed")
    return without(anyone, "Supabase Auth asks for no CAPTCHA", "Supabase Auth asks for a CAPTCHA");
  const remedy =
    "Set CLIENT_ADDRESS_HEADER and use an sb_secret_… key, as docs/deploy.md says, or turn CAPTCHA off under Authentication → Attack Protection.";
  if (!forwardsAddresses(settings, secret)) {
    return failure(
      "CAPTCHA is on in Supabase Auth, and the app has none to show: nobody can sign in.",
      remedy,
    );
  }
  const own = await signIn(secret?.key, { "Sb-Forwarded-For": NOBODY });
  if (own.code !== "captcha_failed")
    return without(
      own,
      "CAPTCHA is on, and the app's own calls pass with the secret key",
      "the app's calls pass Supabase Auth's CAPTCHA",
    );
  return failure(
    "CAPTCHA is on in Supabase Auth, and the app's calls don't pass: nobody can sign in.",
    remedy,
  );
}

/** What an answer says that isn't about CAPTCHA: only a refusal of the grant shows that Auth has come that far. */
const without = (answer: Answer, says: string, whether: string): Finding =>
  answer.status === 400 && answer.code
    ? ok(says)
    : warning(`Couldn't find out whether ${whether} (${explainAnswer(answer)}).`, "Run this again.");

async function checkSigningKeys({ ask }: Subject): Promise<Finding | Finding[]> {
  const { status, body } = await ask("/auth/v1/.well-known/jwks.json");
  const { keys } = Object(body) as { keys?: unknown };
  if (status !== 200 || !Array.isArray(keys)) return [];
  const kinds = [
    ...new Set(keys.map((key) => String(Object(key).alg)).filter((alg) => /^\w{1,12}$/.test(alg))),
  ];
  return ok(
    kinds.length > 0
      ? `Sessions are signed with ${kinds.join(" and ")}`
      : "Sessions are signed with a shared secret (HS256)",
  );
}
