/** Instead of the browser's outline: none, but where forced colors take away the ring, which is a shadow. */
export const NO_OUTLINE =
  "focus-visible:[outline-style:none] forced-colors:focus-visible:[outline:2px_solid_transparent]";

/** Shows that a button, or a text that scrolls, has the focus. */
export const FOCUS_RING = `${NO_OUTLINE} focus-visible:ring-[3px] focus-visible:ring-ring/60`;

/** Shows that a field has the focus. */
export const FIELD_FOCUS = `${NO_OUTLINE} focus-visible:border-ring focus-visible:ring-[3px] focus-visible:ring-ring/50`;
