import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { APP_PORT } from "../../support/ports";
import { EVENTS, KEY, lines, OTHER, type Reply, test } from "../activity-events";
import { enter, expect, newKey, newValue } from "../fixtures";
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
  send,
} from "./client";

/** The same, of what was done to keys. */
const keyLines = (reply: Reply) => lines(reply).filter((line) => line.includes(" "));

test.describe("the API of it", () => {
  test("shows nobody else's, and a foreign team exactly as one that does not exist", async ({
    page,
    context,
    person: admin,
  }) => {
    const [member, stranger] = [await newPerson(), await newPerson()];
    const team = await newTeam({ admin, member });
    expectOk(await as(admin)("/api/vault", post({ key: KEY, value: newKey(), team_id: team })), 201);
    expectOk(await as(admin)("/api/vault", post({ key: OTHER, value: newValue() })), 201);

    expect(keyLines(expectOk(await as(admin)(`${EVENTS}?team_id=${team}`)))).toEqual([`created ${KEY}`]);
    expect(lines(expectOk(await as(admin)(EVENTS)))).toEqual([`created ${OTHER}`]);
    expect(expectOk(await as(stranger)(EVENTS))).toEqual({ events: [], next: null });
    expectProblem(await as(member)(`${EVENTS}?team_id=${team}`), 403, "team_role_required");
    const foreign = await as(stranger)(`${EVENTS}?team_id=${team}`);
    expectProblem(foreign, 404, "team_not_found");
    const unknown = await as(stranger)(`${EVENTS}?team_id=${crypto.randomUUID()}`);
    expect(fingerprint(foreign)).toEqual(fingerprint(unknown));
    expectProblem(await as(stranger)(`${EVENTS}?team_id=${admin.id}`), 404, "team_not_found");
    expectProblem(await send(EVENTS), 401, "unauthenticated");

    await enter(context, stranger);
    await page.goto(`/activity?team=${team}`);
    await expect(page.getByRole("heading", { name: "This page doesn't exist" })).toBeVisible();
    expect(await page.content()).not.toContain(KEY);
  });

  test("has no event of what was refused or missing, and one of an unreadable value that was asked for", async ({
    person: admin,
  }) => {
    const member = await newPerson();
    const team = await newTeam({ admin, member });
    const ask = as(admin);
    expectOk(await ask("/api/vault", post({ key: KEY, value: newKey(), team_id: team })), 201);
    const recorded = async () => keyLines(expectOk(await ask(`${EVENTS}?team_id=${team}`)));
    expect(await recorded()).toEqual([`created ${KEY}`]);

    const missing = `key=${OTHER}&team_id=${team}`;
    expectProblem(await ask(`/api/vault?${missing}&reveal=true`), 404, "secret_not_found");
    expectProblem(await ask(`/api/vault?${missing}`, { method: "DELETE" }), 404, "secret_not_found");
    expectProblem(
      await ask("/api/vault/check", post({ key: OTHER, team_id: team })),
      404,
      "secret_not_found",
    );
    const description = { key: OTHER, description: "x", team_id: team };
    expectProblem(await ask("/api/vault", post(description)), 404, "secret_not_found");
    const conflict = { key: KEY, value: newKey(), if_updated_at: null };
    expectProblem(await ask("/api/vault", post({ ...conflict, team_id: team })), 409, "secret_changed");
    const batch = { secrets: [conflict, { ...conflict, key: OTHER, value: newValue() }], team_id: team };
    expectProblem(await ask("/api/vault/import", post(batch)), 409, "secret_changed");
    expectProblem(
      await ask("/api/vault", post({ key: KEY, value: "", team_id: team })),
      400,
      "invalid_request",
    );
    const theirs = `/api/vault?key=${KEY}&team_id=${team}`;
    expectProblem(await as(member)(`${theirs}&reveal=true`), 403, "team_role_required");
    expectProblem(await as(member)(theirs, { method: "DELETE" }), 403, "team_role_required");
    const elsewhere = { headers: { "Sec-Fetch-Site": "cross-site" } };
    expectProblem(await ask(`${theirs}&reveal=true`, elsewhere), 403, "cross_origin");
    expectOk(await ask(theirs));
    expectOk(await ask(`/api/vault?team_id=${team}`));
    await insertRows("vault_secrets", {
      owner_type: "team",
      owner_id: team,
      key: OTHER,
      encrypted_value: "v1.garbage",
    });
    expectProblem(await ask(`/api/vault?${missing}&reveal=true`), 500, "secret_unreadable");
    expect(await recorded()).toEqual([`revealed ${OTHER}`, `created ${KEY}`]);

    expectOk(await ask(`${theirs}&reveal=true`));
    expect(await recorded()).toEqual([`revealed ${KEY}`, `revealed ${OTHER}`, `created ${KEY}`]);
  });

  test("takes a rotation from a team's admins alone, and exports to nobody else", async ({
    person: admin,
  }) => {
    const [member, stranger] = [await newPerson(), await newPerson()];
    const team = await newTeam({ admin, member });
    expectOk(await as(admin)("/api/vault", post({ key: KEY, value: newKey(), team_id: team })), 201);
    const rotated = (key: string) => post({ team_id: team, key });
    const path = `${EVENTS}/rotated`;
    expectProblem(await as(member)(path, rotated(KEY)), 403, "team_role_required");
    expectProblem(await as(stranger)(path, rotated(KEY)), 404, "team_not_found");
    expectProblem(await as(admin)(path, rotated(OTHER)), 404, "secret_not_found");
    expectProblem(await as(admin)(path, post({ key: KEY })), 400, "invalid_request");
    const foreign = { ...rotated(KEY).headers, "Sec-Fetch-Site": "cross-site" };
    expectProblem(await as(admin)(path, { ...rotated(KEY), headers: foreign }), 403, "cross_origin");
    expectOk(await as(admin)(path, rotated(KEY)), 204);
    const found = await as(admin)(`${EVENTS}?team_id=${team}&action=rotation_confirmed`);
    expect(lines(expectOk(found))).toEqual([`rotation_confirmed ${KEY}`]);

    const file = `${EVENTS}/export?format=csv&team_id=${team}`;
    expectProblem(await as(member)(file), 403, "team_role_required");
    expectProblem(await as(stranger)(file), 404, "team_not_found");
    expect((await as(admin)(file, { method: "HEAD" })).status).toBe(405);
    const reply = await as(admin)(file);
    expect(reply.headers["content-disposition"]).toMatch(/^attachment; filename="activity-[\d-]{10}\.csv"$/);
    expect(reply.headers["cache-control"]).toBe("private, no-store");
    expect(reply.text).toContain(`rotation_confirmed,${KEY},`);
  });

  test("breaks a download off once its admin is removed", async ({ person: admin }) => {
    const other = await newPerson();
    const team = await newTeam({ admin, member: other });
    // Three pages, each of about 4 MB: more than lies on the way between the server and a client that does not read.
    const row = { owner_type: "team", owner_id: team, actor_id: admin.id, action: "team_renamed" };
    const rows = Array.from({ length: 500 }, () => ({ ...row, details: { from: "x".repeat(3_900) } }));
    for (let batch = 0; batch < 5; batch++) await insertRows("vault_events", rows);
    const path = `${EVENTS}/export?format=jsonl&team_id=${team}`;
    const members = (person: Person) => `/rest/v1/team_members?team_id=eq.${team}&user_id=eq.${person.id}`;

    const download = request({
      host: "127.0.0.1",
      port: APP_PORT,
      path,
      agent: false,
      headers: { Host: `localhost:${APP_PORT}`, Cookie: admin.cookie },
    }).end();
    const [reply] = (await once(download, "response")) as [IncomingMessage];
    expect(reply.statusCode).toBe(200);
    await askDatabase(members(other), { method: "PATCH", body: { role: "admin" } });
    await askDatabase(members(admin), { method: "DELETE" });
    let bytes = 0;
    reply.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    await expect(once(reply, "end")).rejects.toThrow("aborted");
    expect(bytes).toBeLessThan(9_000_000);

    const whole = await as(other)(path);
    expect(whole.text.match(/"action":"team_renamed"/g)).toHaveLength(2_500);
  });
});
