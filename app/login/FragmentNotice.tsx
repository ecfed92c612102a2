"use client";

import { useEffect } from "react";
import { noticeHref, noticeOfFragment } from "./notices";

/**
 * For pages to which somebody who is signed in is led with one of Supabase's own links: says what the link is good for,
 * and takes the session behind its # out of the address.
 */
export function FragmentNotice() {
  useEffect(() => {
    const notice = noticeOfFragment(window.location.hash.slice(1));
    if (notice) window.location.replace(noticeHref(notice));
  }, []);
  return null;
}
