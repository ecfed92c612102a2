"use client";

import { useRef, useState } from "react";
import { findCatalogEntry } from "@/lib/vault/catalog";
import { toKeyName } from "@/lib/vault/entered";
import type { Category, SecretMetadata } from "@/lib/vault/types";
import type { SecretDraft } from "./draft";
import { dayOf } from "./expiry";

interface Options {
  /** The secret to edit; null adds one. */
  secret: SecretMetadata | null;
  /** What to begin with, where it is not the secret as it is. */
  draft: SecretDraft | undefined;
  /** Begins with a field for a new value. */
  replaceValue: boolean;
  /** The owner's secrets. */
  secrets: readonly SecretMetadata[];
}

export type SecretFields = ReturnType<typeof useSecretFields>;

/** What the fields of the form for a secret hold, but for the value, which is never part of the page's state. */
export function useSecretFields({ secret, draft, replaceValue, secrets }: Options) {
  // What a person chose is not overwritten by what the name suggests.
  const touched = useRef({
    category: Boolean(draft),
    description: Boolean(draft?.description),
    useOnly: draft?.useOnly !== undefined,
  });
  const [name, setName] = useState(secret?.key ?? draft?.key ?? "");
  const key = toKeyName(name);
  const [category, setCategory] = useState<Category>(draft?.category ?? secret?.category ?? "General");
  const [description, setDescription] = useState(draft?.description ?? secret?.description ?? "");
  const [withValue, setWithValue] = useState(secret === null || replaceValue);
  const presentDay = dayOf(secret?.details?.expires_at ?? null);
  // A date is about one value.
  const [expiresOn, setExpiresOn] = useState(draft?.expiresOn ?? (withValue ? "" : presentDay));
  const [useOnly, setUseOnly] = useState(draft?.useOnly ?? secret?.details?.use_only ?? false);

  function changeName(typed: string) {
    setName(typed);
    const next = toKeyName(typed);
    const present = secrets.find((other) => other.key === next);
    // What is known of a secret outlives its value.
    if (!touched.current.category) setCategory((present ?? findCatalogEntry(next))?.category ?? "General");
    if (!touched.current.description) setDescription(present?.description ?? "");
    if (!touched.current.useOnly) setUseOnly(present?.details?.use_only ?? false);
  }

  return {
    /** As it is typed. */
    name,
    key,
    category,
    description,
    /** Whether there is a field for a value. */
    withValue,
    /** As a date field has it. */
    expiresOn,
    useOnly,
    /** The secret that a save would change; null for none. */
    existing: secret ?? secrets.find((other) => other.key === key) ?? null,
    changeName,
    /** Takes the name that the value seems to belong to, and its category. */
    takeRightKey(rightKey: string) {
      touched.current.category = false;
      changeName(rightKey);
    },
    changeCategory(next: Category) {
      touched.current.category = true;
      setCategory(next);
    },
    changeDescription(next: string) {
      touched.current.description = true;
      setDescription(next);
    },
    changeUseOnly(next: boolean) {
      touched.current.useOnly = true;
      setUseOnly(next);
    },
    changeExpiresOn: setExpiresOn,
    replaceValue() {
      setWithValue(true);
      setExpiresOn("");
    },
    entered: (): SecretDraft => ({ key, category, description, useOnly, expiresOn }),
  };
}
