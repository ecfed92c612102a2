"use client";

import { Check, type LucideIcon } from "lucide-react";
import { type KeyboardEvent, useLayoutEffect, useRef } from "react";
import { cn } from "@/components/vault/ui/cn";
import { DESTRUCTIVE_TEXT } from "@/components/vault/ui/colors";
import { useLatest } from "@/components/vault/ui/useLatest";

/** One thing to choose: a link where it has an address, one of several where it is checked or not. */
export interface MenuEntry {
  label: string;
  icon?: LucideIcon;
  href?: string | undefined;
  isDestructive?: boolean;
  isChecked?: boolean;
  onChoose?: () => void;
}

interface PopMenuProps {
  /** The button that opened it. It gets the focus back. */
  button: HTMLElement;
  label: string;
  entries: readonly MenuEntry[];
  onClose: () => void;
}

const GAP = 4;
const MARGIN = 8;

/**
 * The menu of a button, rendered while it is open. A popover of the browser, so that nothing covers or cuts it, and
 * placed by script, because not all browsers can tie it to its button.
 */
export function PopMenu({ button, label, entries, onClose }: PopMenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  const close = useLatest(onClose);

  useLayoutEffect(() => {
    const element = menu.current;
    if (!element) return;
    element.showPopover?.();
    place(element, button);
    const first = items(element);
    (first.find((item) => item.ariaChecked === "true") ?? first[0])?.focus({ preventScroll: true });
    const follow = () => (isInSight(button) ? place(element, button) : close.current());
    const dismiss = ({ target }: Event) => {
      if (target instanceof Node && (element.contains(target) || button.contains(target))) return;
      close.current();
    };
    window.addEventListener("scroll", follow, { capture: true, passive: true });
    window.addEventListener("resize", follow);
    document.addEventListener("pointerdown", dismiss, true);
    return () => {
      window.removeEventListener("scroll", follow, { capture: true });
      window.removeEventListener("resize", follow);
      document.removeEventListener("pointerdown", dismiss, true);
      // Nothing is left to have the focus, unless it has gone elsewhere already.
      if (element.contains(document.activeElement)) button.focus({ preventScroll: true });
    };
  }, [button, close]);

  function choose({ onChoose }: MenuEntry) {
    // First, so that a dialog that opens now leads back to the button.
    button.focus({ preventScroll: true });
    onClose();
    onChoose?.();
  }

  function handleKey(event: KeyboardEvent<HTMLDivElement>) {
    const all = items(event.currentTarget);
    const index = all.indexOf(document.activeElement as HTMLElement);
    const { key } = event;
    // What is around it has keys of its own.
    event.stopPropagation();
    if (key === "Tab") {
      button.focus({ preventScroll: true });
      return onClose();
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next =
      key === "ArrowDown"
        ? all[(index + 1) % all.length]
        : key === "ArrowUp"
          ? all.at((index - 1) % all.length)
          : key === "Home"
            ? all[0]
            : key === "End"
              ? all.at(-1)
              : /^\S$/.test(key) && startingWith(all, index, key);
    if (key === "Escape") onClose();
    else if (!next) return;
    else next.focus({ preventScroll: true });
    event.preventDefault();
  }

  return (
    <div
      ref={menu}
      role="menu"
      tabIndex={-1}
      popover="manual"
      aria-label={label}
      onKeyDown={handleKey}
      className="fixed inset-auto z-50 m-0 max-h-[calc(100dvh-1rem)] w-max max-w-[calc(100vw-1rem)] min-w-44 overflow-y-auto rounded-lg border bg-popover p-1 text-sm text-popover-foreground shadow-lg"
    >
      {entries.map((entry) => {
        const { icon: Icon, href } = entry;
        const Element = href === undefined ? "button" : "a";
        return (
          <Element
            key={entry.label}
            role={entry.isChecked === undefined ? "menuitem" : "menuitemradio"}
            aria-checked={entry.isChecked}
            tabIndex={-1}
            {...(href === undefined ? { type: "button" as const } : { href })}
            onClick={() => choose(entry)}
            onPointerMove={(event) => event.currentTarget.focus({ preventScroll: true })}
            className={cn(
              "flex w-full items-center gap-2 rounded-sm px-2 py-1.5 text-left select-none focus:[outline-style:none] forced-colors:focus:[outline:2px_solid_transparent] focus:bg-accent forced-colors:focus:bg-[Highlight] forced-colors:focus:text-[HighlightText] [&>svg]:size-4 [&>svg]:shrink-0",
              entry.isDestructive
                ? DESTRUCTIVE_TEXT
                : "focus:text-accent-foreground [&>svg]:text-muted-foreground",
            )}
          >
            {Icon && <Icon aria-hidden />}
            {entry.label}
            {entry.isChecked && <Check aria-hidden className="ml-auto" />}
          </Element>
        );
      })}
    </div>
  );
}

const items = (menu: HTMLElement) => [...menu.querySelectorAll<HTMLElement>("[role^=menuitem]")];

/** The next item after this one whose label begins with a letter. */
function startingWith(all: HTMLElement[], index: number, letter: string): HTMLElement | undefined {
  const begins = (item: HTMLElement) =>
    item.textContent?.trim().toLowerCase().startsWith(letter.toLowerCase());
  return [...all.slice(index + 1), ...all.slice(0, index + 1)].find(begins);
}

function isInSight(element: HTMLElement): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return element.isConnected && bottom > 0 && top < window.innerHeight;
}

/** Below the button, or above it where there is more room, and ending where it ends. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + GAP;
  const fits = below + height <= window.innerHeight - MARGIN || at.top < window.innerHeight - at.bottom;
  const { clientWidth } = document.documentElement;
  const left = Math.min(at.right - width, clientWidth - width - MARGIN);
  menu.style.left = `${Math.max(MARGIN, left)}px`;
  menu.style.top = `${Math.max(MARGIN, fits ? below : at.top - GAP - height)}px`;
}
