"use client";

import { type RefObject, useEffect, useRef } from "react";
import { useLatest } from "@/components/vault/ui/useLatest";

type Field = HTMLInputElement | HTMLSelectElement | HTMLFieldSetElement;

/** The value of a field; of a group of radio buttons, that of the chosen one. */
const readField = (field: Field): string | undefined =>
  field instanceof HTMLFieldSetElement
    ? field.querySelector<HTMLInputElement>("input:checked")?.value
    : field.value;

/**
 * Takes over what a field that the state controls holds when the page comes alive: entered before the scripts had loaded,
 * or put back by the browser when one comes back to a page. React hears of neither.
 *
 * @param value what the state says
 * @param onValue is given what the field says instead
 * @returns the field's ref
 */
export function useEarlyInput<Kind extends Field = HTMLInputElement>(
  value: string,
  onValue: (value: string) => void,
): RefObject<Kind | null> {
  const field = useRef<Kind>(null);
  const latest = useLatest({ value, onValue });
  useEffect(() => {
    const read = () => {
      const entered = field.current && readField(field.current);
      if (typeof entered === "string" && entered !== latest.current.value) latest.current.onValue(entered);
    };
    read();
    // Some browsers put it back only once the page is complete.
    window.addEventListener("pageshow", read);
    return () => window.removeEventListener("pageshow", read);
  }, [latest]);
  return field;
}
