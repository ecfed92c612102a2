import { clsx } from "clsx";

/** Joins two class names, and no more than two. */
export function cn(first: string, second: string | false): string {
  return clsx(first, second);
}
