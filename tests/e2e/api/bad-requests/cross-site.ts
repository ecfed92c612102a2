import type { OutgoingHttpHeaders } from "node:http";
import { APP_PORT, APP_URL, NO_PLATFORM_KEY_URL } from "../../../support/ports";
import { post } from "../client";
import { everyRequest, sendingOf } from "./addresses";
import { answered, ECHO, KEY, type Theme, withHeaders } from "./row";

const site = (value: string) => ({ "Sec-Fetch-Site": value });

/** What a browser sends of itself when a page that is not ours makes it ask, or somebody who pretends to be one. */
export const FOREIGN: [string, OutgoingHttpHeaders][] = [
  ["Sec-Fetch-Site: cross-site", site("cross-site")],
  ["Sec-Fetch-Site: same-site", site("same-site")],
  ["Sec-Fetch-Site: none", site("none")],
  ["an empty Sec-Fetch-Site", site("")],
  ["Sec-Fetch-Site in capitals", site("SAME-ORIGIN")],
  ["an unknown Sec-Fetch-Site", site("same-origin-ish")],
  ["two values of Sec-Fetch-Site", site("same-origin, cross-site")],
  ["Sec-Fetch-Site: cross-site and our own Origin", { ...site("cross-site"), Origin: APP_URL }],
  ["Sec-Fetch-Site: none and our own Origin", { ...site("none"), Origin: APP_URL }],
  [
    "a navigation from elsewhere",
    { ...site("cross-site"), "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" },
  ],
  ["a foreign Origin", { Origin: "https://evil.test" }],
  ["an Origin of null", { Origin: "null" }],
  ["an empty Origin", { Origin: "" }],
  ["the Origin of another port", { Origin: NO_PLATFORM_KEY_URL }],
  ["the Origin without a port", { Origin: "http://localhost" }],
  ["the Origin of another scheme", { Origin: APP_URL.replace("http:", "https:") }],
  ["the Origin of a subdomain", { Origin: APP_URL.replace("localhost", "a.localhost") }],
  ["the Origin by the number of our address", { Origin: `http://127.0.0.1:${APP_PORT}` }],
  ["an Origin that begins with ours", { Origin: `${APP_URL}.evil.test` }],
  ["an Origin that ends with ours", { Origin: `http://evil-localhost:${APP_PORT}` }],
  ["an Origin with ours as its user", { Origin: `${APP_URL}@evil.test` }],
  ["our Origin in capitals", { Origin: APP_URL.toUpperCase() }],
  ["our Origin with a slash", { Origin: `${APP_URL}/` }],
  ["our Origin with a dot", { Origin: APP_URL.replace("localhost", "localhost.") }],
  ["our Origin and another", { Origin: `${APP_URL} https://evil.test` }],
  ["two Origins with a comma", { Origin: `${APP_URL}, https://evil.test` }],
  ["an extension's Origin", { Origin: "chrome-extension://abcdefghijklmnop" }],
  ["a forged Host and its Origin", { Host: "evil.test", Origin: "http://evil.test" }],
  [
    "a forged X-Forwarded-Host and its Origin",
    { "X-Forwarded-Host": "evil.test", Origin: "https://evil.test" },
  ],
  [
    "a forged X-Forwarded-Proto and its Origin",
    { "X-Forwarded-Proto": "https", Origin: APP_URL.replace("http:", "https:") },
  ],
];

/** Requests that a foreign page made the owner's browser send along with their cookie. */
export const crossSite: Theme = (cast) => {
  const unsafe = everyRequest(cast).filter((request) => request.unsafe);
  const some = [
    ["a reveal", `/api/vault?key=${KEY}&reveal=true`, {}],
    ["a write", "/api/vault", post({ key: KEY, value: ECHO })],
  ] as const;
  return answered(403, "cross_origin", [
    {
      ...{ name: "a reveal of false from elsewhere", path: `/api/vault?key=${KEY}&reveal=false` },
      sending: { headers: site("cross-site") },
    },
    ...FOREIGN.flatMap(([what, headers]) =>
      some.map(([of, path, sending]) => ({
        name: `${what}: ${of}`,
        path,
        sending: withHeaders(sending, headers),
      })),
    ),
    ...unsafe.flatMap((request) =>
      [site("cross-site"), { Origin: "https://evil.test" }].map((headers) => ({
        name: `${request.label} with ${Object.keys(headers)}`,
        path: request.path,
        sending: withHeaders(sendingOf(request), headers),
      })),
    ),
  ]);
};
