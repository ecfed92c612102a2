/**
 * The button of the row after one that is about to go, or before it, so that the focus keeps its place in a list.
 *
 * @param selector of such buttons in all rows
 * @param isOwn whether a button is the row's own
 * @returns null if there is no other row
 */
export function neighbourOf(selector: string, isOwn: (button: HTMLElement) => boolean): HTMLElement | null {
  const buttons = [...document.querySelectorAll<HTMLElement>(selector)];
  const index = buttons.findIndex(isOwn);
  return buttons[index + 1] ?? buttons[index - 1] ?? null;
}
