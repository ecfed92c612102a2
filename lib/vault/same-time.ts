/**
 * Whether two times are the same moment, however they are written: with milliseconds or microseconds.
 *
 * @param one in ISO 8601; null for none
 * @param other likewise
 */
export const isSameTime = (one: string | null, other: string | null): boolean =>
  one === null || other === null ? one === other : Date.parse(one) === Date.parse(other);
