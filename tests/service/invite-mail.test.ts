import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { REFUSED, startSmtpServer } from "../support/smtp-server.ts";
import { startDatabase } from "./harness.ts";

const TO = "guest@example.com";
const FROM = "ada@example.com";

let db: Awaited<ReturnType<typeof startDatabase>>;
let smtp: Awaited<ReturnType<typeof startSmtpServer>>;
let lib: Awaited<ReturnType<typeof load>>;
let admin: string;
let team: { id: string; name: string };

async function load() {
  await db.service();
  return {
    ...(await import("../../lib/teams/teams.ts")),
    ...(await import("../../lib/teams/invites.ts")),
    ...(await import("../../lib/teams/invite-mail.ts")),
  };
}

beforeAll(async () => {
  db = await startDatabase();
  smtp = await startSmtpServer();
  vi.stubEnv("SMTP_HOST", smtp.settings.host);
  vi.stubEnv("SMTP_PORT", String(smtp.settings.port));
  vi.stubEnv("SMTP_FROM", smtp.settings.from.address);
  lib = await load();
  admin = await db.person();
  team = await lib.createTeam(admin, "Research");
});
afterAll(async () => {
  smtp.stop();
  await db.close();
});

/** The mail about a new invitation to a team of this name. */
async function mailFor(name: string, from = FROM, role: "admin" | "member" = "member") {
  const invite = await lib.createInvite(admin, team.id, role);
  expect(await lib.mailInvite(TO, invite, { name }, from)).toBe(true);
  return { invite, mail: await smtp.next() };
}

describe("an invitation by mail", () => {
  it("says who invites to what, until when, and has the link", async () => {
    const { invite, mail } = await mailFor("Research", FROM, "admin");
    expect(mail.recipients).toEqual([TO]);
    expect(mail.subject).toBe("Invitation to join “Research”");
    const [first, ...rest] = mail.text.split("\n\n");
    expect(first).toBe("ada@example.com invited you to join “Research” in Command Center as an admin.");
    expect(rest).toContain(invite.url);
    const until = new Date(invite.expires_at).toLocaleDateString("en-US", {
      dateStyle: "long",
      timeZone: "UTC",
    });
    expect(mail.text).toContain(`until ${until} (UTC)`);
  });

  it.each([
    ["https://evil.example/win", "“https evil example win”"],
    ["Call us at evil.example", "“Call us at evil example”"],
    ["www.evil.example", "“www evil example”"],
    ["mail me: eve@evil.example", "“mail me eve evil example”"],
    ["evil。example and evil．example", "“evil example and evil example”"],
    ["Crew\nhttp://evil.example", "“Crew http evil example”"],
    ["<a href=//evil.example>Crew</a>", "“a href evil example Crew a”"],
    ["Dr. Smith's crew, no. 2 (R&D)", "“Dr. Smith's crew, no. 2 (R&D)”"],
    ["研究 № 5", "“研究 5”"],
    ["🌙", "a team"],
  ])("quotes %j without a link of anybody else's", async (name, quoted) => {
    const { invite, mail } = await mailFor(name);
    expect(mail.subject).toBe(`Invitation to join ${quoted}`);
    expect(mail.text.split("\n\n")[0]).toBe(
      `${FROM} invited you to join ${quoted} in Command Center as a member.`,
    );
    expect(mail.text.match(/\S*(:\/\/|www\.)\S*/g)).toEqual([invite.url]);
    expect(mail.header).toMatch(/^Content-Type: text\/plain/m);
  });

  it("names no inviter whose address is none", async () => {
    for (const from of ["", "ada@example.com\nBcc: eve@evil.example", "<b>ada</b>@example.com"]) {
      expect((await mailFor("Research", from)).mail.text).toMatch(/^An admin invited you/);
    }
  });

  it("that the mail server refuses leaves the link, and one line without its address in the log", async () => {
    const log = vi.spyOn(console, "warn").mockImplementation(() => {});
    const invite = await lib.createInvite(admin, team.id, "member");
    expect(await lib.mailInvite(REFUSED, invite, team, FROM)).toBe(false);
    expect(log.mock.calls).toEqual([["The mail server didn't accept an e-mail (SMTP status 550)."]]);
    log.mockRestore();
    expect((await lib.listOpenInvites(team.id)).map(({ id }) => id)).toContain(invite.id);
  });

  it("is sent five times a minute by one person, and no more", () => {
    for (let turn = 1; turn <= 5; turn += 1) lib.requireMail("ada", `guest-${turn}@example.com`);
    expect(() => lib.requireMail("ada", "guest-6@example.com")).toThrow(
      expect.objectContaining({ code: "invite_mail_rate_limited" }),
    );
    expect(() => lib.requireMail("bob", "guest-6@example.com")).not.toThrow();
  });

  it("reaches one address five times an hour, no matter how it is written or who asks", () => {
    const ask = (turn: number) =>
      lib.requireMail(`admin-${turn}`, turn % 2 ? "stranger@example.com" : "Stranger@EXAMPLE.com");
    for (let turn = 1; turn <= 5; turn += 1) ask(turn);
    expect(() => ask(6)).toThrow(
      expect.objectContaining({
        code: "invite_mail_rate_limited",
        message: expect.stringContaining("Create a link without an address"),
      }),
    );
  });

  it("is refused where the server sends no mail", async () => {
    for (const name of ["SMTP_HOST", "SMTP_PORT", "SMTP_FROM"]) vi.stubEnv(name, "");
    const { requireMail } = await load();
    expect(() => requireMail("ada", TO)).toThrow(expect.objectContaining({ code: "mail_unavailable" }));
  });
});

describe("the body of an invitation", () => {
  const parse = async (body: object) => {
    const { newInviteBody } = await import("../../lib/teams/schema.ts");
    return newInviteBody.safeParse(body);
  };

  it("has a label, an address, both or neither; the address stands in for a label", async () => {
    expect((await parse({})).data).toEqual({ role: "member", label: null });
    expect((await parse({ label: "  New colleague " })).data).toEqual({
      role: "member",
      label: "New colleague",
    });
    expect((await parse({ email: " a@example.com " })).data).toEqual({
      role: "member",
      label: "a@example.com",
      email: "a@example.com",
    });
    expect((await parse({ email: "a@example.com", label: "A" })).data).toMatchObject({ label: "A" });
    const long = `${"a".repeat(60)}@example.com`;
    expect((await parse({ email: long })).data).toMatchObject({ label: "a".repeat(60), email: long });
  });

  it.each(["", "  ", "x".repeat(61), "a\nb", "a\u202eb", "\ud800", "\u200b", 1, null])(
    "does not have %j as a label",
    async (label) => expect((await parse({ label })).success).toBe(false),
  );

  it.each([
    "",
    "a",
    "a@b",
    "a@example.com, b@example.com",
    "a@example.com\nBcc: b@example.com",
    `${"a".repeat(250)}@b.co`,
    1,
    null,
  ])("does not have %j as an address", async (email) => expect((await parse({ email })).success).toBe(false));
});
