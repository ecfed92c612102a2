import type { OutgoingHttpHeaders } from "node:http";
import { gzipSync } from "node:zlib";
import { JSON_TYPE } from "../client";
import { everyRequest, sendingOf } from "./addresses";
import { answered, ECHO, KEY, type Theme, withHeaders } from "./row";

const type = (value: string) => ({ "Content-Type": value });
const encoding = (value: string) => ({ ...JSON_TYPE, "Content-Encoding": value });

const TYPES: [string, OutgoingHttpHeaders][] = [
  ["no content type", {}],
  ["an empty content type", type("")],
  ["text/plain", type("text/plain")],
  ["text/json", type("text/json")],
  ["a form's type", type("application/x-www-form-urlencoded")],
  ["a form's type with files", type("multipart/form-data; boundary=x")],
  ["application/jsonx", type("application/jsonx")],
  ["application/problem+json", type("application/problem+json")],
  ["any type", type("*/*")],
  ["application/json after another type", type("text/plain; application/json")],
  ["application/json and another type", type("application/json, text/plain")],
  ["application/json with another parameter", type("application/json; boundary=x")],
  ["another character set", type("application/json; charset=utf-16")],
  ["an older character set", type("application/json; charset=iso-8859-1")],
  ["two character sets", type("application/json; charset=utf-8; charset=utf-7")],
  ["an open quote", type('application/json; charset="utf-16')],
  ["gzip as its encoding", encoding("gzip")],
  ["br as its encoding", encoding("br")],
  ["deflate as its encoding", encoding("deflate")],
  ["two encodings", encoding("identity, gzip")],
  ["an unknown encoding", encoding("x-unknown")],
];

/** Bodies that are not declared as plain JSON in UTF-8. */
export const contentTypes: Theme = (cast) => {
  const body = JSON.stringify({ key: KEY, value: ECHO });
  const path = "/api/vault";
  const withBody = everyRequest(cast).filter((request) => request.body);
  return [
    ...answered(415, "unsupported_media_type", [
      ...TYPES.map(([what, headers]) => ({
        ...{ name: `a body with ${what}`, path, sending: { method: "POST", headers, body } },
      })),
      {
        name: "a body that is compressed and says so",
        path,
        sending: { method: "POST", headers: encoding("gzip"), body: gzipSync(body) },
      },
      ...withBody.flatMap((request) =>
        [type("text/plain"), encoding("gzip")].map((headers) => ({
          name: `${request.label} with ${Object.keys(headers).at(-1)} ${Object.values(headers).at(-1)}`,
          path: request.path,
          sending: withHeaders(sendingOf(request), headers),
        })),
      ),
    ]),
    ...answered(400, "invalid_request", [
      {
        name: "a body that is compressed and does not say so",
        path,
        sending: { method: "POST", headers: JSON_TYPE, body: gzipSync(body) },
      },
      {
        name: "a body that is compressed on its way",
        path,
        sending: {
          method: "POST",
          headers: { ...JSON_TYPE, "Transfer-Encoding": "gzip, chunked" },
          body: gzipSync(body),
          chunked: true,
        },
      },
    ]),
  ];
};
