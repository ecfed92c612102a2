import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { joinSettings } from "../../scripts/embedded/join-settings.ts";

// What Lite writes before a statement, and what PGlite is asked.

const set = (name: string) => `SELECT set_config('${name}', $1, true)`;
const read = (name: string) => `select current_setting('${name}', true) as value`;

const database = new PGlite();
await database.exec("create role visitor");
const asked: string[] = [];
const real = database.query.bind(database);
database.query = ((sql: string, ...more: never[]) => {
  asked.push(sql);
  return real(sql, ...more);
}) as typeof database.query;
joinSettings(database);
afterAll(() => database.close());
beforeEach(() => void asked.splice(0));

describe("the settings of a transaction", () => {
  it("are sent together, and hold for the statement after them", async () => {
    await database.query("BEGIN");
    await database.query(set("role"), ["visitor"]);
    await database.query(set("request.jwt.claims"), ['{"sub":"it\'s"}']);
    await database.query("SELECT set_config('response.status', '', true)");
    const { rows } = await database.query(
      `select current_user as role, current_setting('request.jwt.claims', true) as claims,
        current_setting('response.status', true) as status`,
    );
    expect(rows).toEqual([{ role: "visitor", claims: '{"sub":"it\'s"}', status: "" }]);
    await database.query("COMMIT");
    expect(asked).toHaveLength(4);
    expect((await database.query("select current_user as role")).rows).toEqual([{ role: "postgres" }]);
  });

  it("come in their order: a later one replaces an earlier one", async () => {
    await database.query("BEGIN");
    await database.query(set("a.b"), ["one"]);
    await database.query(set("a.b"), ["two"]);
    expect((await database.query(read("a.b"))).rows).toEqual([{ value: "two" }]);
    await database.query(set("a.b"), [null]);
    expect((await database.query(read("a.b"))).rows).toEqual([{ value: "" }]);
    await database.query("COMMIT");
  });

  it("end with their transaction, whether it is committed, or rolled back before anything else was asked", async () => {
    for (const end of ["COMMIT", "ROLLBACK"]) {
      await database.query("BEGIN");
      await database.query(set("role"), ["visitor"]);
      await database.query(set("c.d"), ["mine"]);
      await database.query(end);
      const { rows } = await database.query(
        "select current_user as role, current_setting('c.d', true) as value",
      );
      expect(rows).toEqual([{ role: "postgres", value: expect.toBeOneOf([null, ""]) }]);
    }
  });

  it("hold for what is executed as well, and an unknown role is an error of the next statement", async () => {
    await database.query("BEGIN");
    await database.query(set("role"), ["visitor"]);
    await expect(database.exec("create table mine ()")).rejects.toMatchObject({ code: "42501" });
    await database.query("ROLLBACK");
    await database.query("BEGIN");
    await database.query(set("role"), ["nobody"]);
    await expect(database.query("select 1")).rejects.toThrow("nobody");
    await database.query("ROLLBACK");
    expect((await database.query("select current_user as role")).rows).toEqual([{ role: "postgres" }]);
  });

  it("are told from statements that only look like them", async () => {
    await database.query("select set_config('e.f', $1, false)", ["kept"]);
    await database.query("select set_config('g.h', $1, true) as mine", ["gone"]);
    expect(asked).toHaveLength(2);
    expect((await database.query(read("e.f"))).rows).toEqual([{ value: "kept" }]);
  });
});
