"use client";

import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/vault/ui/button";
import { DESTRUCTIVE_TEXT } from "@/components/vault/ui/colors";
import { PopMenu } from "@/components/vault/ui/PopMenu";
import { CATEGORIES, type Category } from "@/lib/vault/types";

interface SelectionBarProps {
  /** How many are selected. */
  count: number;
  /** How far a change of them is, once it takes longer than a moment. */
  progress: string | null;
  /** Whether one is under way. */
  isBusy: boolean;
  onSelectAll: () => void;
  onCategory: (category: Category) => void;
  onDelete: () => void;
  onCancel: () => void;
}

/** What can be done with several secrets. It stays in sight below a long list. */
export function SelectionBar(props: SelectionBarProps) {
  const { count, progress, isBusy } = props;
  const [menuButton, setMenuButton] = useState<HTMLElement | null>(null);
  const cannot = count === 0 || isBusy;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups the controls of a form
    <div
      role="group"
      aria-label="Selected secrets"
      className="sticky bottom-2 z-10 flex flex-wrap items-center gap-x-1 gap-y-1 rounded-lg border bg-popover p-1.5 text-sm text-popover-foreground shadow-lg"
    >
      <output className="px-2 font-medium whitespace-nowrap tabular-nums">
        {progress ?? `${count} selected`}
      </output>
      <Button variant="ghost" size="sm" disabled={isBusy} onClick={props.onSelectAll}>
        Select all shown
      </Button>
      <span className="ml-auto flex flex-wrap gap-1">
        <Button
          variant="outline"
          size="sm"
          disabled={cannot}
          aria-haspopup="menu"
          aria-expanded={menuButton !== null}
          onClick={(event) => setMenuButton(menuButton ? null : event.currentTarget)}
        >
          Change category
        </Button>
        <Button
          variant="outline"
          size="sm"
          className={DESTRUCTIVE_TEXT}
          disabled={cannot}
          onClick={props.onDelete}
        >
          <Trash2 aria-hidden />
          Delete
        </Button>
        <Button variant="ghost" size="sm" onClick={props.onCancel}>
          Cancel
        </Button>
      </span>
      {menuButton && (
        <PopMenu
          button={menuButton}
          label="Change category"
          entries={CATEGORIES.map((category) => ({
            label: category,
            onChoose: () => props.onCategory(category),
          }))}
          onClose={() => setMenuButton(null)}
        />
      )}
    </div>
  );
}
