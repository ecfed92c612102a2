/**
 * A ref that gives the browser's own parts of an element, such as check boxes and scroll bars, the scheme of the theme
 * around them: dark where the text is light. It is for apps that switch their theme without telling the browser, and
 * leaves the element alone where the document has a `color-scheme`.
 *
 * @example <Card ref={followTheme}>
 */
export function followTheme(element: HTMLElement | null): (() => void) | undefined {
  if (!element) return;
  const root = document.documentElement;
  const follow = () => {
    const isUntold = getComputedStyle(root).colorScheme === "normal";
    element.style.colorScheme = isUntold ? schemeFor(getComputedStyle(element).color) : "";
  };
  follow();
  const switches = new MutationObserver(follow);
  for (const place of [root, document.body])
    switches.observe(place, { attributeFilter: ["class", "style", "data-theme", "data-mode"] });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", follow);
  return () => {
    switches.disconnect();
    system.removeEventListener("change", follow);
  };
}

/** @param text a color as browsers compute it, e.g. `rgb(23, 23, 23)`, `oklch(0.145 0 0)` or `lab(2.75 0 0)` */
export function schemeFor(text: string): "light" | "dark" {
  const [first = 0, second = 0, third = 0] = (text.match(/(?<![\w-])[\d.]+/g) ?? []).map(Number);
  const lightness = /^okl/.test(text)
    ? first
    : /^l/.test(text)
      ? first / 100
      : (first + second + third) / (/^rgb/.test(text) ? 3 * 255 : 3);
  return lightness > 0.5 ? "dark" : "light";
}
