"use client";

import { createElement, type ReactElement, type RefCallback, useCallback, useId } from "react";

interface RovingFocus {
  /** For the element that holds all rows. It may hold groups of them, and rows may come and go. */
  props: { ref: RefCallback<HTMLElement>; "aria-describedby": string };
  /** What `aria-describedby` refers to: render it once, anywhere on the page. */
  hint: ReactElement;
}

/**
 * Makes a list of rows one tab stop, however many controls they have. Up, Down, Home and End lead from row to row, and
 * Left and Right from control to control within one; Tab comes back to the control that had the focus last. Up and Down
 * stay with the same kind of control, by its `data-action` or else by its place in the row.
 *
 * Fields that need the arrow keys themselves (text fields, selects, radio buttons) stay tab stops of their own, as do
 * controls outside of rows. Nothing renders per key: only the controls' `tabindex` changes, in the document itself.
 *
 * @param rows a selector of the rows. With `"h3, li"`, the headings of groups are rows as well.
 * @example
 * const roving = useRovingFocus();
 * return <>{roving.hint}<ul {...roving.props}>{rows}</ul></>;
 */
export function useRovingFocus(rows = "li"): RovingFocus {
  const id = useId();
  const ref = useCallback((list: HTMLElement | null) => (list ? rove(list, rows) : undefined), [rows]);
  return {
    props: { ref, "aria-describedby": id },
    // A description is read also where it is hidden, and then only there.
    hint: createElement("p", { id, hidden: true }, "Use the arrow keys to move between rows."),
  };
}

const CONTROLS = ["a[href]", "button", "summary", "input", "[tabindex]"].join(",");
const OWN_TAB_STOPS =
  "input:not([type=checkbox],[type=button],[type=submit],[type=reset]), textarea, select, [contenteditable]";
/** What opens over a row has its own keys. */
const LAYERS = "[popover], dialog, [role=dialog], [role=menu], [role=listbox], [inert]";

/** All controls whose `tabindex` is set here, to tell them from those that a component keeps out of the tab order. */
const roving = new WeakSet<Element>();

/** Does what {@link useRovingFocus} says, until the returned function is called. */
function rove(list: HTMLElement, rowSelector: string): () => void {
  let current: HTMLElement | undefined;
  // Where the tab stop is, in case its control goes; and which kind of control Up and Down look for.
  let rowIndex = 0;
  let wanted: { action: string | undefined; index: number } = { action: undefined, index: 0 };
  let keepsWanted = false;

  const allRows = () =>
    [...list.querySelectorAll<HTMLElement>(rowSelector)].filter((row) => {
      const outer = row.parentElement?.closest(rowSelector);
      return !outer || !list.contains(outer);
    });
  const controlsOf = (row: HTMLElement) =>
    [...row.querySelectorAll<HTMLElement>(CONTROLS)].filter(
      (control) =>
        (control.tabIndex >= 0 || roving.has(control)) &&
        !control.matches(`:disabled, ${OWN_TAB_STOPS}`) &&
        !list.contains(control.closest(LAYERS)),
    );
  const visibleIn = (row: HTMLElement) =>
    controlsOf(row).filter((control) => control.checkVisibility({ visibilityProperty: true }));
  /** The control of the first of these rows that has any. */
  function firstIn(rows: HTMLElement[]): HTMLElement | undefined {
    for (const row of rows) {
      const controls = visibleIn(row);
      const same = controls.find(
        ({ dataset: { action } }) => action !== undefined && action === wanted.action,
      );
      const next = same ?? controls[Math.min(wanted.index, controls.length - 1)];
      if (next) return next;
    }
    return undefined;
  }

  function setCurrent(next: HTMLElement | undefined) {
    if (current && current !== next && roving.has(current)) current.tabIndex = -1;
    current = next;
    if (next && next.tabIndex !== 0) next.tabIndex = 0;
  }

  /** Makes it one tab stop again after anything changed: the same control, or else one close to where it was. */
  function refresh() {
    const rows = allRows();
    for (const control of rows.flatMap(controlsOf)) {
      roving.add(control);
      if (control !== current && control.tabIndex !== -1) control.tabIndex = -1;
    }
    const row = rows.findIndex((row) => current && row.contains(current));
    if (row >= 0) rowIndex = row;
    if (current && rows[row] && visibleIn(rows[row]).includes(current)) setCurrent(current);
    else setCurrent(firstIn([...rows.slice(rowIndex), ...rows.slice(0, rowIndex).reverse()]));
  }

  function follow({ target }: FocusEvent) {
    if (!(target instanceof HTMLElement) || !roving.has(target)) return;
    setCurrent(target);
    const rows = allRows();
    rowIndex = rows.findIndex((row) => row.contains(target));
    const row = rows[rowIndex];
    if (row && !keepsWanted) {
      const { action } = target.dataset;
      wanted = { action, index: visibleIn(row).indexOf(target) };
    }
  }

  function move(event: KeyboardEvent) {
    const { key, target } = event;
    if (!/^(Arrow(Up|Down|Left|Right)|Home|End)$/.test(key) || event.defaultPrevented) return;
    if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!(target instanceof HTMLElement) || !roving.has(target)) return;
    // An open menu's keys are its own, and a text that is longer than its place is scrolled first.
    if (target.matches("[aria-haspopup][aria-expanded=true]") || canScroll(target, key)) return;
    const rows = allRows();
    const index = rows.findIndex((row) => row.contains(target));
    const row = rows[index];
    if (!row) return;
    // Else the page scrolls, and the button of a menu opens it at Down.
    event.preventDefault();
    event.stopPropagation();
    if (key === "ArrowLeft" || key === "ArrowRight") {
      const controls = visibleIn(row);
      controls[controls.indexOf(target) + (key === "ArrowRight" ? 1 : -1)]?.focus();
      return;
    }
    const ways: Record<string, HTMLElement[]> = {
      ArrowUp: rows.slice(0, index).reverse(),
      ArrowDown: rows.slice(index + 1),
      Home: rows,
      End: [...rows].reverse(),
    };
    keepsWanted = true;
    firstIn(ways[key] ?? [])?.focus();
    keepsWanted = false;
  }

  refresh();
  const changes = new MutationObserver(refresh);
  changes.observe(list, {
    ...{ childList: true, subtree: true },
    attributeFilter: ["disabled", "hidden", "href", "inert", "tabindex"],
  });
  // In a window of another width, or in a panel that was out of sight, other controls are visible.
  const size = new ResizeObserver(refresh);
  size.observe(list);
  list.addEventListener("focusin", follow);
  list.addEventListener("keydown", move);
  return () => {
    changes.disconnect();
    size.disconnect();
    list.removeEventListener("focusin", follow);
    list.removeEventListener("keydown", move);
  };
}

/** Whether the key scrolls what has the focus, if that is no button or link but a text with a place of its own. */
function canScroll(target: HTMLElement, key: string): boolean {
  if (target.matches("a, button, summary, input")) return false;
  const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = target;
  if (key === "ArrowLeft") return scrollLeft > 0;
  if (key === "ArrowRight") return Math.ceil(scrollLeft) < scrollWidth - clientWidth;
  if (key === "ArrowUp") return scrollTop > 0;
  return key === "ArrowDown" && Math.ceil(scrollTop) < scrollHeight - clientHeight;
}
