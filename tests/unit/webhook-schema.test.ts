import { describe, expect, it } from "vitest";
import { changeWebhookBody, newWebhookBody } from "../../lib/webhooks/schema.ts";
import { WEBHOOK_EVENTS } from "../../lib/webhooks/types.ts";

const ID = "11111111-1111-4111-8111-111111111111";
const BASE = "https://example.com/";

const urlOf = (url: unknown) => newWebhookBody.safeParse({ url }).data?.url;
const eventsOf = (events: unknown) => newWebhookBody.safeParse({ url: BASE, events }).data?.events;
const descriptionOf = (description: unknown) =>
  newWebhookBody.safeParse({ url: BASE, description }).data?.description;

describe("an address", () => {
  it.each([
    [" https://example.com/hook?team=1\r\n", "https://example.com/hook?team=1"],
    ["HTTPS://EXAMPLE.com:443", "https://example.com/"],
    ["http://example.com:8080/", "http://example.com:8080/"],
    ["https://bücher.example/ü?ü", "https://xn--bcher-kva.example/%C3%BC?%C3%BC"],
    ["https://example.com/\ud800", "https://example.com/%EF%BF%BD"],
    // What it means is what is stored, so that a person sees it.
    ["https://2130706433/", "https://127.0.0.1/"],
    ["https://0x7f.1/", "https://127.0.0.1/"],
    ["https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/"],
    ["https://①②⑦.0.0.1/", "https://127.0.0.1/"],
    ["https:/\\example.com", "https://example.com/"],
    // Never part of a request.
    ["https://example.com/hook#part", "https://example.com/hook"],
  ])("like %j is stored as %s", (text, stored) => {
    expect(urlOf(text)).toBe(stored);
  });

  it.each([
    "",
    "example.com/hook",
    "//example.com/hook",
    "https://",
    "https://exa mple.com/",
    "https://example.com:99999/",
    "https://256.256.256.256/",
    "https://[::1",
    "ftp://example.com/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/plain,x",
    "blob:https://example.com/x",
    "ws://example.com/",
    "https://user@example.com/",
    "https://user:password@example.com/",
    "https://:password@example.com/",
    "https://exa\0mple.com/",
    null,
    1,
    [BASE],
  ])("like %j is refused", (text) => {
    expect(urlOf(text)).toBeUndefined();
  });

  it("has at most 2,048 characters, as it is entered and as it is requested", () => {
    const fill = (character: string, count: number) => BASE + character.repeat(count);
    const room = 2048 - BASE.length;
    expect(urlOf(fill("x", room))).toHaveLength(2048);
    expect(urlOf(fill("x", room + 1))).toBeUndefined();
    expect(urlOf(` ${fill("x", room)} `)).toHaveLength(2048);
    // "ü" takes six characters in a path.
    expect(urlOf(fill("ü", Math.floor(room / 6)))).toHaveLength(BASE.length + 6 * Math.floor(room / 6));
    expect(urlOf(fill("ü", Math.floor(room / 6) + 1))).toBeUndefined();
    // A host grows as well: each of these is longer in Punycode.
    const host = (labels: number) => `https://${"ü.".repeat(labels)}example/`;
    expect(urlOf(host(500))).toBeUndefined();
  });
});

describe("events", () => {
  it("are all of them unless some are chosen, each once, in one order", () => {
    expect(eventsOf(undefined)).toEqual(WEBHOOK_EVENTS);
    expect(eventsOf(["vault.secret.deleted", "reveal.failed", "vault.secret.deleted"])).toEqual([
      "reveal.failed",
      "vault.secret.deleted",
    ]);
  });

  it.each([
    [[]],
    [["webhook.test"]],
    [["reveal.failed", "REVEAL.FAILED"]],
    [["*"]],
    ["reveal.failed"],
    [null],
  ])("like %j are refused", (events) => {
    expect(eventsOf(events)).toBeUndefined();
  });
});

describe("a description", () => {
  it("is one line of at most 500 characters of plain text, and may be missing", () => {
    expect(descriptionOf(undefined)).toBe("");
    expect(descriptionOf(" For the team’s chat 🎉 ")).toBe("For the team’s chat 🎉");
    expect(descriptionOf("x".repeat(500))).toHaveLength(500);
    for (const refused of ["x".repeat(501), "two\nlines", "nul\0", "half \ud83c", 1, null]) {
      expect(descriptionOf(refused)).toBeUndefined();
    }
  });
});

describe("a body", () => {
  it("that changes a webhook holds only what is to change", () => {
    expect(changeWebhookBody.parse({ id: ID, paused: true })).toEqual({ id: ID, paused: true });
    expect(changeWebhookBody.parse({ id: ID, description: "" })).toEqual({ id: ID, description: "" });
  });

  it.each([
    {},
    { id: ID },
    { id: ID, team_id: ID },
    { paused: true },
    { id: "eq.1", paused: true },
    { id: ID, paused: "true" },
    { id: ID, paused: null },
    { id: ID, pause_seen: false },
    { id: ID, pause_is_unseen: false },
    { id: ID, url: "ftp://example.com" },
    { id: ID, events: [] },
    { id: ID, pause_reason: null },
    { id: ID, failures: 0 },
    { id: ID, secret: "whsec_test" },
  ])("that changes a webhook is refused if it is %j", (body) => {
    expect(changeWebhookBody.safeParse(body).success).toBe(false);
  });

  it.each(["user_id", "encrypted_secret", "secret", "pause_reason", "failures", "id"])(
    "that adds a webhook has no %s",
    (member) => {
      expect(newWebhookBody.safeParse({ url: BASE }).success).toBe(true);
      expect(newWebhookBody.safeParse({ url: BASE, [member]: ID }).success).toBe(false);
    },
  );
});
