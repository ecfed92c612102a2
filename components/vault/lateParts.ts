import dynamic from "next/dynamic";

// What nobody sees before they press a button: one file, loaded once the page is there.
export const loadParts = () => import("./parts");
export const PopMenu = dynamic(() => loadParts().then((parts) => parts.PopMenu), { ssr: false });
export const RevealedValue = dynamic(() => loadParts().then((parts) => parts.RevealedValue), { ssr: false });
export const RowMenu = dynamic(() => loadParts().then((parts) => parts.RowMenu), { ssr: false });
export const SelectionBar = dynamic(() => loadParts().then((parts) => parts.SelectionBar), { ssr: false });
