"use client";

import { useEffect } from "react";

/**
 * For pages to which somebody who is signed in is led with one of Supabase's own links: says what the link is good for,
 * and takes the session behind its # out of the address.
 */
export function FragmentNotice() {
  useEffect(() => {
    const fragment = window.location.hash.slice(1);
    // Such a link is rare, so its words are in no first load.
    if (!fragment.includes("=")) return;
    void import("./notices").then(({ noticeHref, noticeOfFragment }) => {
      const notice = noticeOfFragment(fragment);
      if (notice) window.location.replace(noticeHref(notice));
    });
  }, []);
  return null;
}
