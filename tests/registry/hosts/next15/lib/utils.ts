import { type ClassValue, clsx } from "clsx";
import { twMerge } from "tailwind-merge";

/** Joins class names; of those that contradict each other, the last one counts. */
export function cn(...names: ClassValue[]): string {
  return twMerge(clsx(names));
}
