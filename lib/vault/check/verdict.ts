/**
 * What an answer means for a key.
 *
 * - `works`, `restricted`: the key is good; `restricted`, for other things than the one asked.
 * - `refused`: the provider says that the key is bad, expired, revoked or blocked, wherever it is used.
 * - `no_credit`: the key is known, and its account has no credit.
 * - `wrong_or_place`: one answer for a wrong key and for an address that may not use it.
 * - `place`: this server's network or region is not served, or not allowed for the key.
 * - `region`: the key belongs to another regional address of the provider.
 * - `settings`: limits of the key (services, websites, apps), or its account, keep this request out.
 * - `busy`: asked too often. `down`: a problem of the provider's.
 * - `unclear`: an answer that says nothing about the key.
 */
export type Verdict =
  | "works"
  | "restricted"
  | "refused"
  | "no_credit"
  | "wrong_or_place"
  | "place"
  | "region"
  | "settings"
  | "busy"
  | "down"
  | "unclear";

/** The parts of an answer that are looked at. */
export interface Answer {
  status: number;
  headers: Headers;
  /** The body as JSON; undefined if it is none or too long. Reads it at the first call. */
  body(): Promise<unknown>;
}

/**
 * What a provider's codes mean: for each path to a member that may hold one (`*` for every item of a list), the
 * codes of each verdict. A provider without codes is known by its documented sentences, whole or as a pattern.
 */
export type Codes<Meaning extends string = Verdict> = Record<
  string,
  Partial<Record<Meaning, readonly (string | number | boolean | RegExp)[]>>
>;

/** What a provider's answers mean, where their statuses do not say it. */
export interface Meanings {
  /** The codes of its errors. */
  errors: Codes;
  /** The codes of its successes. Where one is "works", a success without it says nothing. */
  successes?: Codes;
}

/**
 * What an answer means. Only a listed code is a refusal: a 401 or 403 may also be about where the request came
 * from, or come from a proxy, a firewall or a login page on the way.
 */
export async function judge(answer: Answer, { errors, successes }: Meanings): Promise<Verdict> {
  const { status } = answer;
  if (status >= 200 && status < 300)
    return successes ? judgeSuccess(await answer.body(), successes) : "works";
  if (status < 400) return "unclear";
  if (status >= 500) return "down";
  const body = await answer.body();
  return verdictOf(body, errors) ?? verdictOfStatus(status, body !== undefined);
}

function judgeSuccess(body: unknown, codes: Codes): Verdict {
  const mustSay = Object.values(codes).some(({ works }) => works);
  return verdictOf(body, codes) ?? (mustSay || body === undefined ? "unclear" : "works");
}

/** What a status says where the body says nothing. A 429 says nothing about the key: providers count by address too, and may do so before they look at the key. */
export function verdictOfStatus(status: number, isJson: boolean): Verdict {
  if (status === 402 && isJson) return "no_credit";
  if (status === 429) return "busy";
  // Unavailable For Legal Reasons: https://www.rfc-editor.org/rfc/rfc7725
  return status === 451 ? "place" : "unclear";
}

/**
 * The meaning of the codes in untrusted JSON; undefined if it holds none of them. Where it holds several, a refusal
 * is the last to count.
 */
export function verdictOf<Meaning extends string>(body: unknown, codes: Codes<Meaning>): Meaning | undefined {
  const found = Object.entries(codes).flatMap(([path, verdicts]) => {
    const values = valuesAt(body, path.split("."));
    const entries = Object.entries(verdicts) as [Meaning, readonly unknown[]][];
    return entries.flatMap(([verdict, known]) =>
      values.some((value) => isOneOf(value, known)) ? verdict : [],
    );
  });
  return found.find((verdict) => verdict !== "refused") ?? found[0];
}

function isOneOf(value: unknown, known: readonly unknown[]): boolean {
  return known.some((code) =>
    code instanceof RegExp ? typeof value === "string" && code.test(value) : code === value,
  );
}

/** The values at a path of member names inside untrusted JSON; none where there is nothing of that shape. */
export function valuesAt(json: unknown, [name, ...rest]: string[]): unknown[] {
  if (name === undefined) return [json];
  if (typeof json !== "object" || json === null) return [];
  if (name === "*") return Array.isArray(json) ? json.flatMap((item) => valuesAt(item, rest)) : [];
  return Object.hasOwn(json, name) ? valuesAt((json as Record<string, unknown>)[name], rest) : [];
}
