import { everyTeamRequest } from "./api/bad-requests/addresses";
import { ECHO, KEY, test, VALUE } from "./api/cast";
import {
  as,
  askDatabase,
  expectOk,
  expectProblem,
  insertRows,
  JSON_TYPE,
  newPerson,
  newTeam,
  post,
  withoutUse,
} from "./api/client";
import { expect } from "./fixtures";

test.describe("a session and a well-formed request", () => {
  test("create, list, read, reveal, change and delete a secret", async () => {
    const ask = as(await newPerson());
    expect(expectOk(await ask("/api/vault"))).toEqual({ secrets: [] });

    const created = expectOk(
      await ask("/api/vault", post({ key: KEY, value: ` ${VALUE}\n`, description: "First" })),
      201,
    );
    expect(Object.keys(created).sort()).toEqual(
      "category created_at description details id key last_rotated_at owner_id owner_type updated_at".split(
        " ",
      ),
    );
    expect(created).toMatchObject({ key: KEY, category: "LLM", description: "First", owner_type: "user" });
    expect(expectOk(await ask("/api/vault"))).toEqual({ secrets: [created] });
    expect(expectOk(await ask(`/api/vault?key=${KEY}`))).toEqual(created);
    expect(expectOk(await ask(`/api/vault?key=${KEY}&reveal=false`))).toEqual(created);
    for (const query of ["&reveal=true", "&reveal=true&copy=true"]) {
      expect(expectOk(await ask(`/api/vault?key=${KEY}${query}`))).toEqual({ key: KEY, value: VALUE });
    }

    const described = expectOk(await ask("/api/vault", post({ key: KEY, description: "Second" })));
    expect(withoutUse(described)).toEqual({
      ...created,
      description: "Second",
      updated_at: expect.any(String),
    });
    expect(described.updated_at).not.toBe(created.updated_at);

    const rotated = expectOk(await ask("/api/vault", post({ key: KEY, value: `${VALUE}-2` })));
    expect(rotated.last_rotated_at).not.toBe(created.last_rotated_at);
    expect(rotated).toMatchObject({ description: "Second", created_at: created.created_at });
    // The value that is stored already is no rotation, and alone no change either.
    const same = { key: KEY, value: `${VALUE}-2` };
    expect(withoutUse(expectOk(await ask("/api/vault", post(same))))).toEqual(withoutUse(rotated));
    const secrets = [{ ...same, if_updated_at: rotated.updated_at }];
    const imported = expectOk(await ask("/api/vault/import", post({ secrets }))).secrets;
    expect(imported.map(withoutUse)).toEqual([withoutUse(rotated)]);

    const late = { key: KEY, value: ECHO, if_updated_at: described.updated_at };
    expectProblem(await ask("/api/vault", post(late)), 409, "secret_changed");
    const revealed = expectOk(await ask(`/api/vault?key=${KEY}&reveal=true`));
    expect(revealed).toEqual({ key: KEY, value: `${VALUE}-2` });
    expectOk(await ask("/api/vault", post({ ...late, if_updated_at: rotated.updated_at })));

    const { updated_at } = expectOk(await ask(`/api/vault?key=${KEY}`));
    const remove = (state: string) =>
      ask(`/api/vault?key=${KEY}&if_updated_at=${state}`, { method: "DELETE" });
    expectProblem(await remove(rotated.updated_at), 409, "secret_changed");
    const deleted = await remove(updated_at);
    expectOk(deleted, 204);
    expect(deleted.text).toBe("");
    for (const [path, sending] of [
      [`/api/vault?key=${KEY}`, { method: "DELETE" }],
      [`/api/vault?key=${KEY}&if_updated_at=${updated_at}`, { method: "DELETE" }],
      [`/api/vault?key=${KEY}`, {}],
      [`/api/vault?key=${KEY}&reveal=true`, {}],
      ["/api/vault", post({ key: KEY, category: "Email" })],
      ["/api/vault", post(late)],
    ] as const) {
      expectProblem(await ask(path, sending), 404, "secret_not_found");
    }
  });

  test("enter a key that is use only and expires, which is never shown until a new value says so", async () => {
    const person = await newPerson();
    const ask = as(person);
    const hint = "wxyz";
    const value = `sk-proj-EXAMPLE-NOT-REAL-${hint}`;
    const entry = { key: KEY, value, use_only: true, expires_at: "2031-05-06T07:08:09.123Z" };
    const created = expectOk(await ask("/api/vault", post(entry)), 201);
    expect(created.details).toEqual({
      ...{ hint, use_only: true, expires_at: "2031-05-06T07:08:09.123000Z", added_by: person.id },
      ...{ last_used_at: null, checked_at: null, check_result: null, check_facts: null },
    });
    const refused = async () => {
      for (const query of ["&reveal=true", "&reveal=true&copy=true"]) {
        expectProblem(await ask(`/api/vault?key=${KEY}${query}`), 403, "secret_use_only");
      }
    };
    await refused();
    expectProblem(await ask("/api/vault", post({ key: KEY, use_only: false })), 400, "invalid_request");
    const changed = expectOk(
      await ask("/api/vault", post({ key: KEY, description: "Dated", expires_at: null })),
    );
    expect(changed.details).toEqual({ ...created.details, expires_at: null });
    // The value that is stored already is no new one, and a new one that says nothing is like the one before.
    expectOk(await ask("/api/vault", post({ key: KEY, value, use_only: false })));
    await refused();
    expectOk(await ask("/api/vault", post({ key: KEY, value: `${value}-2` })));
    await refused();
    const secrets = [{ key: KEY, value: `${value}-3`, if_updated_at: null }];
    const { updated_at } = expectOk(await ask(`/api/vault?key=${KEY}`));
    const replacing = secrets.map((secret) => ({ ...secret, if_updated_at: updated_at }));
    expectOk(await ask("/api/vault/import", post({ secrets: replacing })));
    await refused();
    const shown = expectOk(await ask("/api/vault", post({ key: KEY, value: VALUE, use_only: false })));
    expect(shown.details).toMatchObject({ use_only: false, expires_at: null, added_by: person.id });
    expect(expectOk(await ask(`/api/vault?key=${KEY}&reveal=true`))).toEqual({ key: KEY, value: VALUE });

    const other = [{ key: "IMPORTED_KEY", value, if_updated_at: null }];
    const [imported] = expectOk(
      await ask("/api/vault/import", post({ secrets: other, use_only: true })),
    ).secrets;
    expect(imported.details).toMatchObject({ hint, use_only: true, added_by: person.id });
    expectProblem(await ask("/api/vault?key=IMPORTED_KEY&reveal=true"), 403, "secret_use_only");
  });

  test("reach only one's own secrets, whatever key they have in common", async ({ cast }) => {
    const ask = as(cast.stranger);
    expect(expectOk(await ask("/api/vault"))).toEqual({ secrets: [] });
    expectProblem(await ask(`/api/vault?key=${KEY}&reveal=true`), 404, "secret_not_found");
    expectProblem(await ask(`/api/vault?key=${KEY}`, { method: "DELETE" }), 404, "secret_not_found");
  });

  test("do not open a ciphertext that was moved here from somebody else's row", async ({ cast }) => {
    const thief = await newPerson();
    const stolen = await askDatabase(
      `/rest/v1/vault_secrets?select=encrypted_value&owner_id=eq.${cast.owner.id}&key=eq.${KEY}`,
    );
    const [{ encrypted_value }] = JSON.parse(stolen.text);
    await insertRows("vault_secrets", { owner_type: "user", owner_id: thief.id, key: KEY, encrypted_value });
    expectProblem(await as(thief)(`/api/vault?key=${KEY}&reveal=true`), 500, "secret_unreadable");
  });
});

const LIMIT = 32_768;

test.describe("limits", () => {
  const MAX_VALUE = 8192;
  const pem = (bytes: number) => `{"pem":"${"ü".repeat((bytes - 10) / 2)}"}`;
  const padded = (length: number) => {
    const json = JSON.stringify({ key: "CERTIFICATE", value: pem(MAX_VALUE) });
    return json + " ".repeat(length - Buffer.byteLength(json));
  };

  test("a value of 8,192 bytes is stored, one of 8,194 bytes or in a body over 32 KiB is not", async () => {
    const ask = as(await newPerson());
    expectOk(await ask("/api/vault", post({ key: "CERTIFICATE", value: pem(MAX_VALUE) })), 201);
    const kept = expectOk(await ask("/api/vault?key=CERTIFICATE&reveal=true"));
    expect(kept.value).toBe(pem(MAX_VALUE));
    expectOk(await ask("/api/vault", post({ key: KEY, value: "x".repeat(MAX_VALUE) })), 201);
    for (const value of [pem(MAX_VALUE + 2), "x".repeat(MAX_VALUE + 1)]) {
      expectProblem(await ask("/api/vault", post({ key: "CERTIFICATE", value })), 400, "invalid_request");
    }
    for (const chunked of [false, true]) {
      const sending = { method: "POST", headers: JSON_TYPE, chunked };
      expectOk(await ask("/api/vault", { ...sending, body: padded(LIMIT) }));
      expectProblem(
        await ask("/api/vault", { ...sending, body: padded(LIMIT + 1) }),
        413,
        "payload_too_large",
      );
    }
  });

  test("the 201st secret is refused, and the 200 others can still be changed", async () => {
    const person = await newPerson();
    const row = { owner_type: "user", owner_id: person.id, encrypted_value: "v1.test" };
    await insertRows(
      "vault_secrets",
      Array.from({ length: 200 }, (_, index) => ({ ...row, key: `KEY_${index}` })),
    );
    expectProblem(await as(person)("/api/vault", post({ key: KEY, value: VALUE })), 409, "secret_limit");
    expectOk(await as(person)("/api/vault", post({ key: "KEY_7", value: VALUE })));
  });
});

test.describe("a team's vault", () => {
  test("shows members what there is", async ({ cast }) => {
    const ask = as(cast.member);
    expect(expectOk(await ask(`/api/vault?team_id=${cast.team}`)).secrets).toHaveLength(1);
    const one = expectOk(await ask(`/api/vault?team_id=${cast.team}&key=${KEY}`));
    expect(one).toMatchObject({ key: KEY, owner_type: "team" });
  });

  test("works for an admin, and stops in the moment in which they are removed", async () => {
    const admin = await newPerson();
    const team_id = await newTeam({ admin, member: await newPerson() });
    const ask = as(admin);
    const address = `/api/vault?team_id=${team_id.toUpperCase()}&key=${KEY}`;
    const created = expectOk(await ask("/api/vault", post({ key: KEY, value: VALUE, team_id })), 201);
    expect(created).toMatchObject({ owner_type: "team", owner_id: team_id });
    expectOk(await ask("/api/vault", post({ key: KEY, value: `${VALUE}-2`, team_id })));
    expect(expectOk(await ask(`${address}&reveal=true`))).toEqual({ key: KEY, value: `${VALUE}-2` });
    expect(expectOk(await ask("/api/vault"))).toEqual({ secrets: [] });
    expectOk(await ask(address, { method: "DELETE" }), 204);
    expectProblem(await ask(address, { method: "DELETE" }), 404, "secret_not_found");

    expectOk(await ask("/api/vault", post({ key: KEY, value: VALUE, team_id })), 201);
    // A team keeps an admin, so somebody else becomes one first.
    const members = `/rest/v1/team_members?team_id=eq.${team_id}`;
    await askDatabase(members, { method: "PATCH", body: { role: "admin" } });
    await askDatabase(`${members}&user_id=eq.${admin.id}`, { method: "DELETE" });
    for (const { path, sending } of everyTeamRequest(team_id)) {
      expectProblem(await ask(path, sending), 404, "team_not_found");
    }
  });
});
