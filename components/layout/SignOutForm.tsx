"use client";

import { LogOut } from "lucide-react";
import { useEffect, useRef } from "react";
import { forgetRuns, onForget } from "@/components/reveal/runs/forget";
import { MENU_ENTRY } from "./menuEntry";

/**
 * The button to sign out. The browser sends it as a form by itself, so it works before scripts have loaded, and the
 * next page is a new document.
 */
export function SignOutForm() {
  const isLeaving = useRef(false);
  useEffect(() => {
    // Browsers may keep a page as it was left, for the back button.
    const onHide = () => isLeaving.current && document.body.replaceChildren();
    const onShow = () => isLeaving.current && window.location.reload();
    window.addEventListener("pagehide", onHide);
    window.addEventListener("pageshow", onShow);
    // Where somebody signs out in another tab, this one forgets as well, whatever page it shows.
    const endForgetting = onForget(() => {});
    return () => {
      window.removeEventListener("pagehide", onHide);
      window.removeEventListener("pageshow", onShow);
      endForgetting();
    };
  }, []);
  return (
    <form
      method="post"
      action="/api/auth/sign-out"
      onSubmit={() => {
        isLeaving.current = true;
        forgetRuns();
      }}
    >
      <button type="submit" className={MENU_ENTRY}>
        <LogOut aria-hidden />
        Sign out
      </button>
    </form>
  );
}
