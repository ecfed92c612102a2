"use client";

import { Search } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Badge } from "@/components/vault/ui/badge";
import { Button } from "@/components/vault/ui/button";
import { Disclosure } from "@/components/vault/ui/disclosure";
import { Input } from "@/components/vault/ui/input";
import { findCatalogEntry } from "@/lib/vault/catalog";
import { CATEGORIES, type SecretMetadata } from "@/lib/vault/types";
import { PlatformRow } from "./PlatformRow";
import { searchFor } from "./search";
import { useEarlyInput } from "./useEarlyInput";

interface SecretListProps {
  secrets: readonly SecretMetadata[];
  /** Keys that only the platform has, and what uses them. */
  platformOnly: readonly { key: string; feature: string }[];
  renderRow: (secret: SecretMetadata) => ReactNode;
  ofTeam: boolean;
  /** Left out where the person may not add any. */
  onAdd: ((key: string) => void) | undefined;
  query: string;
  onQueryChange: (query: string) => void;
  /** The categories that are open. */
  open: string[];
  onOpenChange: (categories: string[]) => void;
}

/** The secrets by category, with a field to find one. */
export function SecretList(props: SecretListProps) {
  const { secrets, platformOnly, renderRow, ofTeam, onAdd, query, onQueryChange, open, onOpenChange } = props;
  const field = useSearchField(query, onQueryChange);
  const search = searchFor(query);
  const isSearching = search !== null;
  const matches = (key: string, ...others: string[]) =>
    !search || search([key, findCatalogEntry(key)?.label, ...others].join(" "));
  const found = secrets.filter(({ key, description, category }) => matches(key, description, category));
  const groups = CATEGORIES.map((category) => ({
    category,
    rows: found.filter((secret) => secret.category === category),
    platform: platformOnly.filter(
      ({ key }) => findCatalogEntry(key)?.category === category && matches(key, category, "platform"),
    ),
  })).filter(({ rows, platform }) => rows.length + platform.length > 0);

  return (
    <>
      <div className="relative">
        <Search aria-hidden className="absolute top-2.5 left-3 size-4 text-muted-foreground" />
        <Input
          ref={field}
          type="search"
          aria-label="Find a secret"
          placeholder="Find a secret"
          className="pl-9"
          defaultValue=""
          onChange={(event) => onQueryChange(event.target.value)}
        />
      </div>
      <p className="sr-only" role="status">
        {isSearching && `${found.length} found`}
      </p>
      {groups.length === 0 && (
        <div className="flex flex-col items-start gap-2 py-4 text-sm text-muted-foreground">
          <p className="[overflow-wrap:anywhere]">No secret matches “{query.trim()}”.</p>
          <Button variant="outline" size="sm" onClick={() => onQueryChange("")}>
            Show all
          </Button>
        </div>
      )}
      <div>
        {groups.map(({ category, rows, platform }) => (
          <Disclosure
            key={category}
            title={
              <span className="flex items-center gap-2">
                {category}
                <Badge variant="secondary">
                  {rows.length}
                  <span className="sr-only">{rows.length === 1 ? " secret" : " secrets"}</span>
                </Badge>
              </span>
            }
            isOpen={isSearching || open.includes(category)}
            onToggle={() => isSearching || onOpenChange(toggled(open, category))}
          >
            <ul className="flex flex-col gap-2">
              <Gradually items={rows} render={renderRow} />
              {platform.map(({ key, feature }) => (
                <PlatformRow
                  key={key}
                  name={key}
                  feature={feature}
                  ofTeam={ofTeam}
                  onAdd={onAdd && (() => onAdd(key))}
                />
              ))}
            </ul>
          </Disclosure>
        ))}
      </div>
    </>
  );
}

/**
 * The ref of the field, which keeps its text itself: browsers put no text back into a field whose `value` attribute
 * says the same, as React has it in those that it controls.
 */
function useSearchField(query: string, onQueryChange: (query: string) => void) {
  const field = useEarlyInput(query, onQueryChange);
  const before = useRef(query);
  useEffect(() => {
    if (before.current !== query && field.current) field.current.value = query;
    before.current = query;
  }, [query, field]);
  return field;
}

const toggled = (open: string[], category: string) =>
  open.includes(category) ? open.filter((other) => other !== category) : [...open, category];

const ROWS_AT_ONCE = 30;

/** Shows a long list in steps, so that no step keeps the page from answering: the first fills the screen. */
function Gradually({
  items,
  render,
}: {
  items: readonly SecretMetadata[];
  render: SecretListProps["renderRow"];
}) {
  const [count, setCount] = useState(ROWS_AT_ONCE);
  useEffect(() => {
    if (count >= items.length) return;
    // A task of its own for each step, in which the browser first handles what the person does.
    const next = setTimeout(() => setCount(count + ROWS_AT_ONCE), 0);
    return () => clearTimeout(next);
  }, [count, items.length]);
  return items.slice(0, count).map(render);
}
