import { randomUUID } from "node:crypto";
import { expect, test } from "../fixtures";
import { daysAgo, MODEL, ran, today } from "../ledger-rows";
import {
  as,
  askDatabase,
  expectOk,
  expectProblem,
  expectSealed,
  fingerprint,
  newPerson,
  newTeam,
} from "./client";

test.describe("the API", () => {
  test("reports sums, prices and the period, and no id of anybody", async () => {
    const [admin, member] = await Promise.all([newPerson(), newPerson()]);
    const team_id = await newTeam({ admin, member });
    await ran({ user_id: member.id, team_id, source: "team" }, { user_id: admin.id, team_id, source: "env" });
    const report = expectOk(await as(admin)(`/api/usage?team_id=${team_id}`));
    const sum = { input_tokens: 1000, output_tokens: 100, cost: 0.003, unpriced: 0, inexact: 0, runs: 1 };
    expect(report).toMatchObject({
      scope: "team",
      period: { to: today() },
      total: { runs: 2, input_tokens: 2000, output_tokens: 200, cost: 0.006, unpriced: 0, inexact: 0 },
      sources: [
        { source: "team", ...sum },
        { source: "env", ...sum },
      ],
      days: [
        { day: today(), source: "team", ...sum },
        { day: today(), source: "env", ...sum },
      ],
      unpriced_models: [],
      prices: {
        source: "https://platform.claude.com/docs/en/about-claude/pricing",
        lists: [{ name: expect.any(String), date: expect.any(String), models: [MODEL] }],
      },
    });
    expect(new Set(report.members.map((each: { member: string }) => each.member))).toEqual(
      new Set([admin.email, member.email]),
    );
    const page = expectOk(await as(admin)(`/api/usage/runs?team_id=${team_id}`));
    const run = {
      kind: "run",
      stop_reason: null,
      is_counted: true,
      cost: 0.003,
      cost_exact: true,
      details: {},
    };
    expect(page).toMatchObject({ next: null, runs: [run, run] });
    for (const id of [admin.id, member.id, team_id]) {
      expect(JSON.stringify([report, page])).not.toContain(id);
    }
    const own = expectOk(await as(member)(`/api/usage?team_id=${team_id}`));
    expect(own).toMatchObject({ scope: "own", total: { runs: 1 } });
    expect(JSON.stringify(own)).not.toMatch(/"member|@/);
  });

  test("names members in the CSV file for admins only, and may not be stored", async () => {
    const [admin, member] = await Promise.all([newPerson(), newPerson()]);
    const team_id = await newTeam({ admin, member });
    await ran({ user_id: member.id, team_id, model: "=cmd|'/c calc'!A1" });
    const path = `/api/usage?format=csv&team_id=${team_id}`;
    const [theirs, own] = [await as(admin)(path), await as(member)(path)];
    expectSealed(theirs);
    expect(theirs.headers["content-type"]).toBe("text/csv; charset=utf-8; header=present");
    expect(theirs.headers["content-disposition"]).toBe(
      `attachment; filename="usage-${daysAgo(29).slice(0, 10)}-to-${today()}.csv"`,
    );
    expect(theirs.text).toContain(`,user,'=cmd|'/c calc'!A1,run,${member.email},1,`);
    expect(own.text).toContain(",user,'=cmd|'/c calc'!A1,run,1,");
    expect(own.text).not.toContain("@");
  });

  test("answers a stranger and a former member exactly as if there were no such team", async () => {
    const [admin, former, stranger] = await Promise.all([newPerson(), newPerson(), newPerson()]);
    const team_id = await newTeam({ admin, member: former });
    await ran({ user_id: former.id, team_id });
    const membership = `/rest/v1/team_members?team_id=eq.${team_id}&user_id=eq.${former.id}`;
    expect((await askDatabase(membership, { method: "DELETE" })).status).toBe(200);
    const cursor = `2026-01-01T00:00:00Z_${randomUUID()}`;
    for (const path of [
      (id: string) => `/api/usage?team_id=${id}`,
      (id: string) => `/api/usage?format=csv&team_id=${id}`,
      (id: string) => `/api/usage/runs?team_id=${id}`,
      (id: string) => `/api/usage/runs?team_id=${id}&before=${cursor}`,
    ]) {
      for (const person of [former, stranger]) {
        const foreign = await as(person)(path(team_id));
        expectProblem(foreign, 404, "team_not_found");
        expect(fingerprint(await as(person)(path(randomUUID())))).toEqual(fingerprint(foreign));
      }
    }
  });
});
