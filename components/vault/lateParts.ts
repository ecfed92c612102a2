import { later } from "@/components/vault/ui/later";

// What nobody sees before they press a button: one file, loaded once the page is there.
const load = () => import("./parts");
export const PopMenu = later(() => load().then((parts) => parts.PopMenu));
export const RevealedValue = later(() => load().then((parts) => parts.RevealedValue));
export const RowMenu = later(() => load().then((parts) => parts.RowMenu));
export const SelectionBar = later(() => load().then((parts) => parts.SelectionBar));

/** Loads all of them. Rejects if they do not arrive. */
export const loadParts = () =>
  Promise.all([PopMenu, RevealedValue, RowMenu, SelectionBar].map(({ preload }) => preload()));
