"use client";

import { useEffect } from "react";

/** What Supabase Auth puts behind the # of the address that a link of its own leads to. */
const REPORT = /(?:^|&)(?:access_token|refresh_token|provider_token|error|error_code|message)=/;

/**
 * On every page, because Supabase's own links lead to the site's address and that may be any page: takes a session, or a
 * report, from behind the # out of the address at once, and says what the link is good for. The sign-in page says it
 * by itself.
 */
export function FragmentNotice() {
  useEffect(() => {
    const { hash, pathname, search } = window.location;
    const fragment = hash.slice(1);
    if (!REPORT.test(fragment)) return;
    window.history.replaceState(null, "", pathname + search);
    // Such a link is rare, so its words are in no first load.
    void import("@/lib/auth/notices").then(({ noticeHref, noticeOfFragment }) => {
      const notice = noticeOfFragment(fragment);
      if (notice) window.location.replace(noticeHref(notice));
    });
  }, []);
  return null;
}
