import { later } from "@/components/vault/ui/later";
import { PartMissing } from "./PartMissing";

// What nobody sees before they press a button: one file, loaded once the page is there.
const load = () => import("./parts");
export const PopMenu = later(() => load().then((parts) => parts.PopMenu), PartMissing);
export const RowMenu = later(() => load().then((parts) => parts.RowMenu), PartMissing);
export const RevealedValue = later(
  () => load().then((parts) => parts.RevealedValue),
  ({ onHide }) => <PartMissing onClose={onHide} />,
);
export const SelectionBar = later(
  () => load().then((parts) => parts.SelectionBar),
  ({ onCancel }) => <PartMissing onClose={onCancel} />,
);

/** Loads the file. Rejects if it does not arrive. */
export async function loadParts() {
  await Promise.all([PopMenu, RevealedValue, RowMenu, SelectionBar].map(({ preload }) => preload()));
  return load();
}
