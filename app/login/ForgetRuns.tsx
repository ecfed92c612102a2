"use client";

import { useEffect } from "react";
import { forgetRuns } from "@/components/reveal/runs/forget";
import { SIGNED_OUT } from "./notices";

/**
 * After a sign-out, has this browser forget the person's prompts and answers: the button that was pressed may have done
 * so, but it works before scripts are there, and not every browser clears its storage because the server says so. It
 * has to come before what takes the # out of the address.
 */
export function ForgetRuns() {
  useEffect(() => {
    if (window.location.hash === `#${SIGNED_OUT}`) forgetRuns();
  }, []);
  return null;
}
