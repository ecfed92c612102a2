import { NextResponse } from "next/server";

/**
 * Sends a browser on after a form. The address is relative, so that it is that of the site as the person sees it,
 * whatever host name a proxy in front of us uses.
 *
 * @param path of our own, never from a request
 */
export function seeOther(path: string): NextResponse {
  return new NextResponse(null, {
    status: 303,
    headers: { Location: path, "Cache-Control": "private, no-store" },
  });
}
