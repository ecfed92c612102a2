"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};

/** Whether the page's scripts run yet: false on the server and in the first moment, in which a click would be lost. */
export const useIsAlive = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
