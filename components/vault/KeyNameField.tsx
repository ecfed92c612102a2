"use client";

import { Autocomplete } from "@base-ui/react/autocomplete";
import { type Ref, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import { cn } from "@/components/vault/ui/cn";
import { NO_OUTLINE } from "@/components/vault/ui/focus";
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";
import { CATALOG, type CatalogEntry } from "@/lib/vault/catalog";
import { toKeyName, toTypedName } from "@/lib/vault/entered";
import { CATEGORIES } from "@/lib/vault/types";
import { searchFor } from "./search";

const GROUPS = CATEGORIES.map((category) => ({
  value: category,
  items: CATALOG.filter((entry) => entry.category === category),
}));

/** Finds "anthropic", "ANTHROPIC_API" and "anthropic api" alike, by name and by what it is. */
function matches({ key, label, category }: CatalogEntry, query: string): boolean {
  return searchFor(query)?.(`${key} ${label} ${category}`) ?? true;
}

interface KeyNameFieldProps {
  id: string;
  /** The name as it is typed; a space at its end may become an underscore. */
  value: string;
  onChange: (name: string) => void;
  /** Whether the list is open, because Escape then closes the list and not the dialog. */
  onOpenChange: (open: boolean) => void;
  /** Where the list is put; inside the dialog, since everything outside of it is out of reach. */
  container: HTMLElement | null;
  invalid: boolean;
  describedBy: string;
  ref: Ref<HTMLInputElement>;
}

/** The name of a key, with the known ones as suggestions. Any other name can be entered. */
export function KeyNameField({
  id,
  value,
  onChange,
  onOpenChange,
  container,
  ref,
  ...aria
}: KeyNameFieldProps) {
  const [open, setOpen] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => input.current as HTMLInputElement, []);
  // Where the caret was before the name was put in capitals, which moves it to the end.
  const caret = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (caret.current !== null) input.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  const changeOpen = (next: boolean) => {
    setOpen(next);
    onOpenChange(next);
  };
  return (
    <div className="flex flex-col gap-2">
      <Label htmlFor={id}>Key name</Label>
      <Autocomplete.Root
        items={GROUPS}
        value={value}
        onValueChange={(text, { reason }) => {
          const start = reason === "input-change" ? input.current?.selectionStart : null;
          caret.current = typeof start === "number" ? toTypedName(text.slice(0, start)).length : null;
          onChange(toTypedName(text));
        }}
        itemToStringValue={(entry: CatalogEntry) => entry.key}
        filter={matches}
        open={open}
        onOpenChange={changeOpen}
      >
        <Autocomplete.Input
          ref={input}
          id={id}
          render={<Input />}
          onBlur={() => value !== toKeyName(value) && onChange(toKeyName(value))}
          // The label is out of reach of screen readers while the list is open.
          aria-label="Key name"
          placeholder="ANTHROPIC_API_KEY"
          // At 14 pixels the underscores of some fonts fall between two rows of pixels.
          className="font-mono md:text-base"
          autoCapitalize="characters"
          spellCheck={false}
          aria-invalid={aria.invalid}
          aria-describedby={aria.describedBy}
        />
        <Autocomplete.Portal container={container}>
          <Autocomplete.Positioner sideOffset={4} className={`z-50 ${NO_OUTLINE}`}>
            <Autocomplete.Popup
              className={cn(
                "max-h-[min(18rem,var(--available-height))] w-[var(--anchor-width)] overflow-y-auto overscroll-contain rounded-md border bg-popover p-1 text-popover-foreground shadow-md",
                NO_OUTLINE,
              )}
            >
              <Autocomplete.Empty className="px-2 py-1.5 text-sm text-muted-foreground empty:hidden">
                Not a known key; any name will do.
              </Autocomplete.Empty>
              <Autocomplete.List>
                {(group: (typeof GROUPS)[number]) => (
                  <Autocomplete.Group key={group.value} items={group.items}>
                    <Autocomplete.GroupLabel className="px-2 py-1.5 text-xs font-medium text-muted-foreground">
                      {group.value}
                    </Autocomplete.GroupLabel>
                    <Autocomplete.Collection>
                      {(entry: CatalogEntry) => (
                        <Autocomplete.Item
                          key={entry.key}
                          value={entry}
                          className="flex cursor-default flex-col rounded-sm px-2 py-1.5 text-sm select-none data-[highlighted]:bg-accent data-[highlighted]:text-accent-foreground forced-colors:data-[highlighted]:outline-2 forced-colors:data-[highlighted]:-outline-offset-2"
                        >
                          <span className="font-mono [overflow-wrap:anywhere]">{entry.key}</span>
                          <span className="text-xs text-muted-foreground">{entry.label}</span>
                        </Autocomplete.Item>
                      )}
                    </Autocomplete.Collection>
                  </Autocomplete.Group>
                )}
              </Autocomplete.List>
            </Autocomplete.Popup>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      </Autocomplete.Root>
    </div>
  );
}
