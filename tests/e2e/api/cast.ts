import { test as base, expect } from "../fixtures";
import { as, expectOk, newPerson, newTeam, type Person, post, withoutUse } from "./client";

export const KEY = "OPENAI_API_KEY";

export const VALUE = "sk-test-stored-before-not-real";

/** Stands in bad requests, and must not come back. */
export const ECHO = "sk-test-echo-not-real";

/** People and a team that a worker's tests share, because none of these tests may change anything of them. */
interface Cast {
  owner: Person;
  stranger: Person;
  admin: Person;
  member: Person;
  /** The owner is not in it. */
  team: string;
}

export const test = base.extend<{ unchanged: undefined }, { cast: Cast }>({
  cast: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's form
    async ({}, use) => {
      const people = [newPerson(), newPerson(), newPerson(), newPerson()] as const;
      const [owner, stranger, admin, member] = await Promise.all(people);
      const team = await newTeam({ admin, member });
      const secret = { key: KEY, value: VALUE };
      expectOk(await as(owner)("/api/vault", post(secret)), 201);
      expectOk(await as(admin)("/api/vault", post({ ...secret, team_id: team })), 201);
      const look = async () => [
        expectOk(await as(owner)(`/api/vault?key=${KEY}&reveal=true`)),
        expectOk(await as(owner)("/api/webhooks")),
        expectOk(await as(admin)(`/api/vault?team_id=${team}`)).secrets.map(withoutUse),
        expectOk(await as(admin)(`/api/vault?key=${KEY}&reveal=true&team_id=${team}`)),
      ];
      const before = await look();
      await use({ owner, stranger, admin, member, team });
      expect(await look(), "what the people and the team had").toEqual(before);
    },
    { scope: "worker" },
  ],
  /** After each test the server is alive, and the owner has what they had before. */
  unchanged: [
    async ({ cast }, use) => {
      const before = expectOk(await as(cast.owner)("/api/vault"));
      await use(undefined);
      expect(expectOk(await as(cast.owner)("/api/vault"))).toEqual(before);
    },
    { auto: true },
  ],
});
