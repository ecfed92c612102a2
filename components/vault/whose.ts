/** What belongs to somebody, as a title. @example whose("Old maps", "keys") // "Old maps' keys" */
export const whose = (name: string, what: string): string =>
  `${name}${name.endsWith("s") ? "'" : "'s"} ${what}`;
