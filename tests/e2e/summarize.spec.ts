import { as, expectOk, expectProblem, newPerson, newTeam, type Person, post } from "./api/client";
import { enter, expect, newValue, test } from "./fixtures";

// The second feature that calls a provider: app/api/summarize, on a stand-in for OpenAI (tests/support/openai-standin.ts).

const KEY = "OPENAI_API_KEY";
const TEXT = "The bridge opened in 1931. It was closed for repair in 1987.";

/** A key that makes the stand-in do what the word says. */
const newKey = (word: string) => `sk-${word}-${newValue()}`;

async function store(person: Person, value: string, team_id?: string): Promise<void> {
  expect((await as(person)("/api/vault", post({ key: KEY, value, team_id }))).status).toBe(201);
}

const summarize = (person: Person, body: object) => as(person)("/api/summarize", post(body));

const runsOf = async (person: Person) => (await as(person)("/api/usage/runs")).json.runs;

test("a summary is in the ledger and on the Usage page by its name, with nothing more than withKey", async ({
  page,
}) => {
  const person = await newPerson();
  await store(person, newKey("works"));
  const reply = await summarize(person, { text: TEXT });
  expectOk(reply);
  expect(reply.json).toMatchObject({
    ...{ summary: expect.stringContaining("This is a simulation"), status: "completed", source: "user" },
    ...{ model: "gpt-6-luna-2026-08-20", is_counted: true, cost_exact: true, stop_reason: "end_turn" },
  });
  expect(reply.json.cost_usd).toBeGreaterThan(0);
  const { usage, cost_usd: cost } = reply.json;
  expect(await runsOf(person)).toMatchObject([
    { kind: "summarize", key: KEY, source: "user", status: "completed", ...usage, cost },
  ]);

  await enter(page.context(), person);
  await page.goto("/usage");
  await expect(page.getByRole("table", { name: "Usage by feature" })).toContainText("Summarize");
});

test("a team's key pays for its members, and a refused one is said to be the team's", async () => {
  const [admin, member] = [await newPerson(), await newPerson()];
  const team_id = await newTeam({ admin, member });
  await store(admin, newKey("works"), team_id);
  expect((await summarize(member, { text: TEXT, team_id })).json).toMatchObject({ source: "team" });
  // The person's own vault has none.
  expectProblem(await summarize(member, { text: TEXT }), 422, "no_key");
});

test("what the provider says of a key is our sentence, without the key", async () => {
  for (const [word, status, code] of [
    ["refused", 422, "provider_refused_key"],
    ["noquota", 422, "provider_no_credit"],
    ["ratelimited", 429, "provider_rate_limited"],
  ] as const) {
    const person = await newPerson();
    const key = newKey(word);
    await store(person, key);
    const reply = await summarize(person, { text: TEXT });
    expect(reply).toMatchObject({ status, json: { code, source: "user" } });
    expect(reply.text).not.toContain(key);
    expect(await runsOf(person)).toMatchObject([{ kind: "summarize", status: code, output_tokens: 0 }]);
  }
});
