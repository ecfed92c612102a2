import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { SERVER_LOG } from "../../support/paths";
import { expect, test } from "../fixtures";
import { everyAddressOf } from "./bad-requests/addresses";
import {
  as,
  askDatabase,
  expectOk,
  expectProblem,
  fingerprint,
  insertRows,
  newPerson,
  newTeam,
  type Person,
  post,
  type Sending,
} from "./client";

const patch = (body: unknown): Sending => ({ ...post(body), method: "PATCH" });
const remove: Sending = { method: "DELETE" };

const INVITE_ROUTES = ["/api/invites", "/api/invites/accept"];
const tokenOf = ({ url }: { url: string }) => url.slice(url.indexOf("#") + 1);

/** A team with an admin, a member and an open invitation. */
async function newScene() {
  const [admin, member] = await Promise.all([newPerson(), newPerson()]);
  const team = await newTeam({ admin, member });
  const invite = expectOk(await as(admin)(`/api/teams/${team}/invites`, post({})), 201);
  return { admin, member, team, invite };
}

test("a team over HTTP, from its creation to its end", async () => {
  const [admin, guest] = await Promise.all([newPerson(), newPerson()]);
  const ask = as(admin);
  expect(expectOk(await ask("/api/teams"))).toEqual({ teams: [] });
  const team = expectOk(await ask("/api/teams", post({ name: "  Night shift 🌙 " })), 201);
  expect(team).toEqual({
    id: expect.any(String),
    name: "Night shift 🌙",
    role: "admin",
    key_policy: "platform",
    monthly_usd: null,
    member_monthly_usd: null,
    own_monthly_usd: null,
  });
  const path = `/api/teams/${team.id}`;
  expect(expectOk(await ask(path, patch({ name: "Day shift", key_policy: "own" })))).toEqual({
    ...team,
    name: "Day shift",
    key_policy: "own",
  });
  expect(expectOk(await ask("/api/teams")).teams).toMatchObject([{ name: "Day shift", key_policy: "own" }]);

  const made = expectOk(await ask(`${path}/invites`, post({ role: "admin" })), 201);
  expect(Object.keys(made).sort()).toEqual(["expires_at", "id", "label", "role", "url"]);
  const details = expectOk(await ask(path));
  const unspent = { monthly_usd: null, spent_usd: 0, held_usd: 0 };
  expect(details).toEqual({
    team: { ...team, name: "Day shift", key_policy: "own" },
    members: [
      {
        user_id: admin.id,
        email: admin.email,
        role: "admin",
        joined_at: expect.any(String),
        is_you: true,
      },
    ],
    budgets: {
      own: unspent,
      team: unspent,
      members: [{ user_id: admin.id, ...unspent, is_default: true }],
    },
    invites: [
      {
        id: made.id,
        role: "admin",
        label: null,
        created_by: admin.email,
        created_at: expect.any(String),
        expires_at: made.expires_at,
      },
    ],
  });

  const look = await as(guest)("/api/invites", post({ token: tokenOf(made) }));
  expect(expectOk(look)).toEqual({
    team_name: "Day shift",
    role: "admin",
    invited_by: admin.email,
    expires_at: made.expires_at,
    already_member: false,
  });
  const joined = await as(guest)("/api/invites/accept", post({ token: tokenOf(made) }));
  expect(expectOk(joined)).toEqual({ team: { ...team, name: "Day shift", key_policy: "own" } });
  const member = `${path}/members/${guest.id}`;
  expect(expectOk(await ask(member, patch({ role: "member" })))).toEqual({
    user_id: guest.id,
    role: "member",
  });
  expect(expectOk(await as(guest)(path))).not.toHaveProperty("invites");
  expectProblem(await ask(`${path}/members/${admin.id}`, remove), 409, "last_admin");
  expectOk(await as(guest)(member, remove), 204);
  expectProblem(await ask(member, remove), 404, "member_not_found");
  expectProblem(await ask(member, patch({ role: "admin" })), 404, "member_not_found");
  expectProblem(await ask(`${path}/invites/${made.id}`, remove), 404, "invite_not_found");
  expectOk(await ask(path, remove), 204);
  expectProblem(await ask(path), 404, "team_not_found");
});

test("to whoever was removed, the team is as one that does not exist", async () => {
  const { admin, member, team, invite } = await newScene();
  const former = await newPerson();
  await insertRows("team_members", { team_id: team, user_id: former.id, role: "admin" });
  expectOk(await as(admin)(`/api/teams/${team}/members/${former.id}`, remove));
  const before = expectOk(await as(admin)(`/api/teams/${team}`));

  for (const user of [member.id, former.id]) {
    const unknown = everyAddressOf(randomUUID(), user, invite.id);
    for (const [index, { label, path, sending }] of everyAddressOf(team, user, invite.id).entries()) {
      const there = await as(former)(path, sending);
      expectProblem(there, 404, "team_not_found");
      const nowhere = await as(former)(unknown[index]?.path ?? "", unknown[index]?.sending);
      expect(fingerprint(nowhere), label).toEqual(fingerprint(there));
    }
  }
  expect(expectOk(await as(admin)(`/api/teams/${team}`))).toEqual(before);
});

test("an invitation that no longer works is the same as one that never was", async () => {
  const { admin, member, team, invite: used } = await newScene();
  const stranger = await newPerson();
  expectOk(await as(await newPerson())("/api/invites/accept", post({ token: tokenOf(used) })));
  const make = async () => expectOk(await as(admin)(`/api/teams/${team}/invites`, post({})), 201);
  const takenBack = await make();
  expectOk(await as(admin)(`/api/teams/${team}/invites/${takenBack.id}`, remove), 204);
  const expired = await make();
  const past = { expires_at: "2020-01-01T00:00:00Z" };
  const row = `/rest/v1/team_invites?id=eq.${expired.id}`;
  expect((await askDatabase(row, { method: "PATCH", body: past })).status).toBe(200);

  for (const path of INVITE_ROUTES) {
    const unknown = await as(stranger)(path, post({ token: "A".repeat(43) }));
    expectProblem(unknown, 404, "invite_not_found");
    for (const token of [tokenOf(used), tokenOf(takenBack), tokenOf(expired), "short", "%00' or 1=1", "ü"]) {
      expect(fingerprint(await as(stranger)(path, post({ token })))).toEqual(fingerprint(unknown));
    }
  }
  // Whoever is in the team uses no link up.
  const open = await make();
  const token = { token: tokenOf(open) };
  expect(expectOk(await as(member)("/api/invites", post(token)))).toMatchObject({
    already_member: true,
    team_id: team,
  });
  expectOk(await as(member)("/api/invites/accept", post(token)));
  expect(expectOk(await as(stranger)("/api/invites/accept", post(token))).team.id).toBe(team);
});

test("the secret of a link is in no other reply, row or log", async () => {
  const { admin, team, invite } = await newScene();
  const secret = tokenOf(invite);
  const guest = await newPerson();
  expectOk(await as(guest)("/api/invites", post({ token: secret })));
  const others = [
    (await as(admin)(`/api/teams/${team}`)).text,
    (await askDatabase(`/rest/v1/team_invites?team_id=eq.${team}`)).text,
    readFileSync(SERVER_LOG, "utf8"),
  ];
  expect(others[1]).toContain(invite.id);
  for (const text of others) expect(text).not.toContain(secret);
  // Not even the signed-in may ask the database itself.
  const direct = await askDatabase(`/rest/v1/team_invites?team_id=eq.${team}`, {
    accessToken: admin.session.access_token,
  });
  expect(direct.text).not.toContain(invite.id);
});

test("whoever removes somebody is told which keys they have seen, and their access has ended", async () => {
  const { admin, team } = await newScene();
  const leaver: Person = await newPerson();
  await insertRows("team_members", { team_id: team, user_id: leaver.id, role: "admin" });
  for (const key of ["OPENAI_API_KEY", "STRIPE_SECRET_KEY"]) {
    expectOk(await as(admin)("/api/vault", post({ key, value: "value-not-real-1", team_id: team })), 201);
  }
  const reveal = `/api/vault?key=STRIPE_SECRET_KEY&reveal=true&team_id=${team}`;
  expectOk(await as(leaver)(reveal));
  const removed = await as(admin)(`/api/teams/${team}/members/${leaver.id}`, remove);
  expect(expectOk(removed)).toEqual({ rotate: [{ key: "STRIPE_SECRET_KEY", seen_at: expect.any(String) }] });
  for (const path of [reveal, `/api/vault?team_id=${team}`, `/api/teams/${team}`]) {
    expectProblem(await as(leaver)(path), 404, "team_not_found");
  }
});
