"use client";

import { type ReactNode, useEffect, useState } from "react";
import { Badge } from "@/components/vault/ui/badge";
import { Button } from "@/components/vault/ui/button";
import { Disclosure } from "@/components/vault/ui/disclosure";
import { useClock } from "@/components/vault/ui/useClock";
import { useRovingFocus } from "@/components/vault/ui/useRovingFocus";
import { findCatalogEntry } from "@/lib/vault/catalog";
import { CATEGORIES } from "@/lib/vault/types";
import { arrange, arrangePlatform, countFilters, type ListedSecret } from "./list-view";
import { PlatformRow } from "./PlatformRow";
import { SecretToolbar } from "./SecretToolbar";
import { searchFor } from "./search";
import type { useListView } from "./useListView";
import type { useSelection } from "./useSelection";

interface SecretListProps {
  rows: readonly ListedSecret[];
  /** Keys that only the platform has, and what uses them. */
  platformOnly: readonly { key: string; feature: string }[];
  renderRow: (row: ListedSecret) => ReactNode;
  ofTeam: boolean;
  /** Left out where the person may not add any. */
  onAdd: ((key: string) => void) | undefined;
  list: ReturnType<typeof useListView>;
  /** Left out where nothing can be done with several secrets. */
  selection: ReturnType<typeof useSelection> | undefined;
  /** What is below the list while several are selected; it is given the keys of the rows that are shown. */
  renderSelection: (shownKeys: readonly string[]) => ReactNode;
}

const lastMinute = (now: number) => now - (now % 60_000);

/** The secrets by category, with what finds, filters and sorts them. All rows are one tab stop. */
export function SecretList(props: SecretListProps) {
  const { rows, platformOnly, onAdd } = props;
  const { view, change, categories } = props.list;
  const roving = useRovingFocus("h3, li");
  const isNarrowed = searchFor(view.query) !== null || countFilters(view) > 0;
  // Null on the server, where no filter that asks for the time can be set.
  const found = arrange(rows, view, useClock(lastMinute) ?? 0);
  const platform = arrangePlatform(platformOnly, view);
  const groups = CATEGORIES.map((category) => ({
    category,
    rows: found.filter(({ secret }) => secret.category === category),
    platform: platform.filter(({ key }) => findCatalogEntry(key)?.category === category),
    isOpen: isNarrowed || categories.isOpen(category),
  })).filter(({ rows, platform }) => rows.length + platform.length > 0);
  const shownKeys = groups.flatMap(({ isOpen, rows }) =>
    isOpen ? rows.map(({ secret }) => secret.key) : [],
  );
  const query = view.query.trim();

  return (
    <>
      <SecretToolbar
        view={view}
        onViewChange={change}
        hasPlatformRows={platformOnly.length > 0}
        selection={props.selection}
      />
      <output className="sr-only">{isNarrowed && `${found.length + platform.length} found`}</output>
      {groups.length === 0 && (
        <div className="flex flex-col items-start gap-2 py-4 text-sm text-muted-foreground">
          <p className="[overflow-wrap:anywhere]">
            {query ? `No secret matches “${query}”.` : "No secret matches these filters."}
          </p>
          <Button variant="outline" size="sm" onClick={() => change(null)}>
            Clear
          </Button>
        </div>
      )}
      {roving.hint}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset groups the controls of a form */}
      <div {...roving.props} role="group" aria-label="Secrets">
        {groups.map(({ category, rows, platform, isOpen }) => (
          <Disclosure
            key={category}
            title={
              <span className="flex items-center gap-2">
                {category}
                <Badge variant="secondary" className="py-0">
                  {rows.length}
                  <span className="sr-only">{rows.length === 1 ? " secret" : " secrets"}</span>
                </Badge>
              </span>
            }
            isOpen={isOpen}
            onToggle={() => isNarrowed || categories.toggle(category)}
          >
            <ul className="divide-y rounded-lg border bg-background/60">
              <Gradually items={rows} render={props.renderRow} />
              {platform.map(({ key, feature }) => (
                <PlatformRow
                  key={key}
                  name={key}
                  feature={feature}
                  ofTeam={props.ofTeam}
                  onAdd={onAdd && (() => onAdd(key))}
                />
              ))}
            </ul>
          </Disclosure>
        ))}
      </div>
      {props.renderSelection(shownKeys)}
    </>
  );
}

const ROWS_AT_ONCE = 30;

/** Shows a long list in steps, so that no step keeps the page from answering: the first fills the screen. */
function Gradually({
  items,
  render,
}: {
  items: readonly ListedSecret[];
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
