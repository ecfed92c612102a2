"use client";

import { useChange } from "@/components/shared/useChange";
import { NOT_AN_OPERATOR } from "./words";

/** What changed in the meantime. */
const MEANWHILE = { address_not_found: `${NOT_AN_OPERATOR} Nothing was changed.` };

/** {@link useChange} for what operators change. */
export const useOperatorChange = () => useChange(MEANWHILE);
