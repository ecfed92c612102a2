import { findCatalogEntry } from "@/lib/vault/catalog";
import type { CheckReply } from "@/lib/vault/requests";
import type { Category, KeyUse, SecretMetadata } from "@/lib/vault/types";
import { describeExpiry, isOld, isUnused } from "./dates";
import { searchFor } from "./search";
import type { Standing } from "./standing";
import { isFailing, type Verdict, verdictOf } from "./verdict";
import type { wantedKeys } from "./wanted";

// Which rows of the panel are shown, and in which order. Nothing here knows a page.

export const SORTS = {
  name: "By name",
  newest: "Newest first",
  oldest: "Oldest first",
  used: "Last used",
} as const;
export type Sort = keyof typeof SORTS;

/** What a row can be filtered by, besides its category. */
export const STATES = {
  used: "In use",
  overlap: "Overridden or overrides",
  expiring: "Expiring",
  failing: "Refused or out of credit",
  stale: "Old or unused",
  useOnly: "Use only",
} as const;
type RowState = keyof typeof STATES;

export const SOURCES = { vault: "In this vault", platform: "From the platform" } as const;
type Source = keyof typeof SOURCES;

/** What the person asked to see. Empty texts ask for nothing. */
export interface ListView {
  query: string;
  sort: Sort;
  category: Category | "";
  source: Source | "";
  state: RowState | "";
}

export const WHOLE_LIST: ListView = { query: "", sort: "name", category: "", source: "", state: "" };

/** A secret with what its row says of it. */
export interface ListedSecret {
  secret: SecretMetadata;
  standing: Standing | null;
  verdict: Verdict | undefined;
  use: KeyUse | undefined;
  /** Who entered the value, as people know them. */
  addedBy: string | undefined;
}

/**
 * The secrets with what their rows say of them.
 *
 * @param checks what providers said on this page
 * @param nameOf how people know somebody; undefined where rows name nobody
 */
export function listRows(
  secrets: readonly SecretMetadata[],
  { standingOf, lastUseOf }: Pick<ReturnType<typeof wantedKeys>, "standingOf" | "lastUseOf">,
  checks: ReadonlyMap<string, CheckReply>,
  nameOf: ((userId: string) => string | undefined) | undefined,
): ListedSecret[] {
  return secrets.map((secret) => {
    const adder = secret.details?.added_by;
    return {
      secret,
      standing: standingOf(secret.key),
      verdict: verdictOf(secret, checks.get(secret.key)),
      use: lastUseOf(secret),
      addedBy: adder ? nameOf?.(adder) : undefined,
    };
  });
}

/** How many filters are on, the search aside. */
export const countFilters = ({ category, source, state }: ListView): number =>
  [category, source, state].filter((filter) => filter !== "").length;

const OVERLAPS: readonly Standing["label"][] = ["Overrides the team key", "Overridden by yours"];

const IS_IN_STATE: Record<RowState, (row: ListedSecret, now: number) => boolean> = {
  used: ({ standing }) => standing?.label === "In use" || standing?.label === "Overrides the team key",
  overlap: ({ standing }) => standing !== null && OVERLAPS.includes(standing.label),
  expiring: ({ secret }, now) => describeExpiry(secret.details?.expires_at, now) !== null,
  failing: ({ use, verdict }) => isFailing(use, verdict),
  stale: ({ secret }, now) => isOld(secret, now) || isUnused(secret, now),
  useOnly: ({ secret }) => secret.details?.use_only === true,
};

const age = ({ secret }: ListedSecret) => Date.parse(secret.last_rotated_at);
const lastUse = ({ secret, use }: ListedSecret) =>
  Math.max(...[secret.details?.last_used_at, use?.at].map((at) => (at ? Date.parse(at) : 0)));
const byName = (one: ListedSecret, other: ListedSecret) => (one.secret.key < other.secret.key ? -1 : 1);

const ORDERS: Record<Sort, (one: ListedSecret, other: ListedSecret) => number> = {
  name: byName,
  newest: (one, other) => age(other) - age(one) || byName(one, other),
  oldest: (one, other) => age(one) - age(other) || byName(one, other),
  used: (one, other) => lastUse(other) - lastUse(one) || byName(one, other),
};

/**
 * The rows that the person asked to see, in their order.
 *
 * @param now milliseconds since 1970
 */
export function arrange(rows: readonly ListedSecret[], view: ListView, now: number): ListedSecret[] {
  const { category, source, state } = view;
  if (source === "platform") return [];
  const search = searchFor(view.query);
  return rows
    .filter((row) => !search || search(textOf(row)))
    .filter(({ secret }) => category === "" || secret.category === category)
    .filter((row) => state === "" || IS_IN_STATE[state](row, now))
    .sort(ORDERS[view.sort]);
}

/** Everything that a search looks through. */
function textOf({ secret, verdict, addedBy }: ListedSecret): string {
  const { key, description, category, details } = secret;
  const known = findCatalogEntry(key)?.label;
  return [key, known, description, category, details?.hint, addedBy, ...(verdict?.facts ?? [])]
    .filter(Boolean)
    .join(" ");
}

/** The same for keys that only the platform has. They have a category and no state. */
export function arrangePlatform<Row extends { key: string }>(rows: readonly Row[], view: ListView): Row[] {
  if (view.source === "vault" || view.state !== "") return [];
  const search = searchFor(view.query);
  return rows.filter(({ key }) => {
    const known = findCatalogEntry(key);
    if (view.category !== "" && known?.category !== view.category) return false;
    return !search || search([key, known?.label, known?.category, "platform"].join(" "));
  });
}
