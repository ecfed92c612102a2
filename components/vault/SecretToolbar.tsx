"use client";

import { ArrowUpDown, ListFilter, Search } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { Badge } from "@/components/vault/ui/badge";
import { Button } from "@/components/vault/ui/button";
import { cn } from "@/components/vault/ui/cn";
import { Input } from "@/components/vault/ui/input";
import { NativeSelect } from "@/components/vault/ui/native-select";
import { useRovingFocus } from "@/components/vault/ui/useRovingFocus";
import { CATEGORIES } from "@/lib/vault/types";
import { PopMenu } from "./lateParts";
import { countFilters, type ListView, SORTS, SOURCES, type Sort, STATES, WHOLE_LIST } from "./list-view";
import { useEarlyInput } from "./useEarlyInput";
import type { useSelection } from "./useSelection";
import { useSlashKey } from "./useSlashKey";

interface SecretToolbarProps {
  view: ListView;
  onViewChange: (view: ListView) => void;
  /** Whether there are rows of the platform to tell from the vault's own. */
  hasPlatformRows: boolean;
  /** Left out where nothing can be done with several secrets. */
  selection: ReturnType<typeof useSelection> | undefined;
}

const CATEGORY_NAMES = Object.fromEntries(CATEGORIES.map((category) => [category, category]));

/** What is above the list: a search, filters, an order, and a way to select several. */
export function SecretToolbar(props: SecretToolbarProps) {
  const { view, onViewChange, selection } = props;
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [sortButton, setSortButton] = useState<HTMLElement | null>(null);
  const { ref: toolbar } = useRovingFocus("[role=toolbar]").props;
  const change = (part: Partial<ListView>) => onViewChange({ ...view, ...part });
  const field = useSearchField(view.query, (query) => change({ query }));
  useSlashKey(field);
  const filters = countFilters(view);
  /** @param all the first choice, which filters nothing */
  const filter = (
    by: "category" | "source" | "state",
    all: string,
    choices: Readonly<Record<string, string>>,
  ) => (
    <NativeSelect
      aria-label={`Filter by ${by}`}
      value={view[by]}
      onChange={(event) => change({ [by]: event.target.value })}
    >
      <option value="">{all}</option>
      {Object.entries(choices).map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </NativeSelect>
  );
  const named = [view.category, view.source && SOURCES[view.source], view.state && STATES[view.state]].filter(
    Boolean,
  );
  return (
    <div ref={toolbar} className="[container-type:inline-size] flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <div className="relative min-w-32 flex-1">
          <Search aria-hidden className="absolute top-2.5 left-3 size-4 text-muted-foreground" />
          <Input
            ref={field}
            type="search"
            aria-label="Find a secret"
            aria-keyshortcuts="/"
            placeholder="Find a secret"
            className="peer pl-9"
            defaultValue=""
            onChange={(event) => change({ query: event.target.value })}
          />
          <kbd
            aria-hidden
            className="pointer-events-none absolute top-2 right-2 hidden size-5 items-center justify-center rounded-sm border bg-muted font-sans text-xs text-muted-foreground peer-focus:hidden peer-[:not(:placeholder-shown)]:hidden [@container(width>=28rem)]:flex"
          >
            /
          </kbd>
        </div>
        {/* Without a box of its own, so that its parts wrap with the search. */}
        <div role="toolbar" aria-label="Filter and sort" className="contents">
          <Button
            variant="outline"
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            onClick={() => setOpen(!isOpen)}
          >
            <ListFilter aria-hidden />
            Filter
            {filters > 0 && (
              <Badge variant="secondary" className="px-1.5 py-0">
                {filters}
                <span className="sr-only"> active</span>
              </Badge>
            )}
          </Button>
          <div
            className={cn(
              "basis-full gap-2 [@container(width>=28rem)]:flex [@container(width>=28rem)]:basis-auto",
              isOpen ? "flex" : "hidden",
            )}
          >
            <Button
              variant="outline"
              className="grow"
              aria-label={`Sort: ${SORTS[view.sort]}`}
              aria-haspopup="menu"
              aria-expanded={sortButton !== null}
              onClick={(event) => setSortButton(sortButton ? null : event.currentTarget)}
            >
              <ArrowUpDown aria-hidden />
              {SORTS[view.sort]}
            </Button>
            {selection && (
              <Button
                ref={selection.button}
                variant={selection.isOn ? "secondary" : "outline"}
                aria-pressed={selection.isOn}
                onClick={selection.isOn ? selection.stop : selection.start}
              >
                Select
              </Button>
            )}
          </div>
        </div>
      </div>
      {sortButton && (
        <PopMenu
          button={sortButton}
          label="Sort"
          entries={(Object.keys(SORTS) as Sort[]).map((sort) => ({
            label: SORTS[sort],
            isChecked: sort === view.sort,
            onChoose: () => change({ sort }),
          }))}
          onClose={() => setSortButton(null)}
        />
      )}
      {isOpen && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a legend and a border along
        <div
          id={id}
          role="group"
          aria-label="Filters"
          className="flex flex-wrap gap-2 [&>*]:flex-1 [&>*]:basis-40"
        >
          {filter("category", "All categories", CATEGORY_NAMES)}
          {(props.hasPlatformRows || view.source !== "") && filter("source", "All sources", SOURCES)}
          {filter("state", "Any state", STATES)}
        </div>
      )}
      {filters > 0 && (
        <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted-foreground">
          Only: {named.join(" · ")}
          <Button
            variant="link"
            size="sm"
            className="h-6 px-1"
            onClick={() => change({ ...WHOLE_LIST, query: view.query, sort: view.sort })}
          >
            Clear filters
          </Button>
        </p>
      )}
    </div>
  );
}

/**
 * The ref of the field, which keeps its text itself: browsers put no text back into a field whose `value` attribute
 * says the same, as React has it in those that it controls.
 */
function useSearchField(query: string, onQueryChange: (query: string) => void) {
  const ref = useEarlyInput(query, onQueryChange);
  const before = useRef(query);
  useEffect(() => {
    if (before.current !== query && ref.current) ref.current.value = query;
    before.current = query;
  }, [query, ref]);
  return ref;
}
