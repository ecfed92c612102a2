import { expect } from "@playwright/test";
import { as, newPerson, newTeam, post } from "../e2e/api/client";
import { newValue } from "../e2e/fixtures";
import { test } from "./broken";

// Two people at the same key of a team at the same moment, over HTTP. That ten edits inside one process leave one
// winner is in tests/service/secrets.test.ts; what the two see in their windows, in tests/e2e/vault.spec.ts.

const ROUNDS = 40;
const KEY = "SHARED_KEY";

async function twoAdmins() {
  const people = [await newPerson(), await newPerson()] as const;
  const team_id = await newTeam({ admin: people[0] });
  const [first, second] = [as(people[0]), as(people[1])] as const;
  const invited = await first(`/api/teams/${team_id}/invites`, post({ role: "admin" }));
  const token = new URL(invited.json.url).hash.slice(1);
  expect((await second("/api/invites/accept", post({ token }))).status).toBe(200);
  return { team_id, first, second };
}

test("of two who save from the same state, one does, and the other is told", async ({ broken: _ }) => {
  const { team_id, first, second } = await twoAdmins();
  const created = await first("/api/vault", post({ key: KEY, value: newValue(), team_id }));
  let state: string = created.json.updated_at;
  const wins = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const values = [newValue(), newValue()];
    const save = (ask: typeof first, value?: string) =>
      ask("/api/vault", post({ key: KEY, value, team_id, if_updated_at: state }));
    const order = round % 2 ? [first, second] : [second, first];
    const replies = await Promise.all(order.map((ask, index) => save(ask, values[index])));
    const winner = replies.findIndex(({ status }) => status === 200);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(replies[1 - winner]?.json.code).toBe("secret_changed");
    const seen = await second(`/api/vault?key=${KEY}&reveal=true&team_id=${team_id}`);
    expect(seen.json).toEqual({ key: KEY, value: values[winner] });
    state = replies[winner]?.json.updated_at;
    wins[round % 2 ? winner : 1 - winner] = (wins[round % 2 ? winner : 1 - winner] ?? 0) + 1;
  }
  console.log(`Of ${ROUNDS} pairs, the one won ${wins[0]} and the other ${wins[1]}.`);
});

test("of two who create the same key, one does, and the other is told", async ({ broken: _ }) => {
  const { team_id, first, second } = await twoAdmins();
  for (let round = 0; round < ROUNDS / 2; round++) {
    const key = `NEW_KEY_${round}`;
    const values = [newValue(), newValue()];
    const replies = await Promise.all(
      [first, second].map((ask, index) =>
        ask("/api/vault", post({ key, value: values[index], team_id, if_updated_at: null })),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409]);
    const winner = replies.findIndex(({ status }) => status === 201);
    const seen = await first(`/api/vault?key=${key}&reveal=true&team_id=${team_id}`);
    expect(seen.json).toEqual({ key, value: values[winner] });
  }
});

test("a key that one deletes while the other saves what they saw is gone, whoever is first", async ({
  broken: _,
}) => {
  const { team_id, first, second } = await twoAdmins();
  const key = KEY;
  for (let round = 0; round < ROUNDS / 2; round++) {
    const created = await first("/api/vault", post({ key, value: newValue(), team_id }));
    expect(created.status).toBe(201);
    const { updated_at } = created.json;
    const saving = () =>
      second("/api/vault", post({ key, value: newValue(), team_id, if_updated_at: updated_at }));
    const deleting = () => first(`/api/vault?key=${key}&team_id=${team_id}`, { method: "DELETE" });
    const [saved, deleted] =
      round % 2
        ? await Promise.all([saving(), deleting()])
        : await Promise.all([deleting(), saving()]).then((replies) => replies.reverse());
    expect(deleted?.status).toBe(204);
    expect(["200 ", "404 secret_not_found"]).toContain(`${saved?.status} ${saved?.json.code ?? ""}`);
    expect((await first(`/api/vault?key=${key}&team_id=${team_id}`)).status).toBe(404);
  }
});
