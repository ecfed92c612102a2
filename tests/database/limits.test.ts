import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../support/bare-postgres.ts";
import { ENGINES } from "./postgres-server.ts";

// Whatever people do, and in whatever order, what a provider may bill never passes a limit. The model below knows no
// SQL: it has a list of runs, and adds them up.

const PEOPLE = [1, 2, 3].map((n) => `0a000000-0000-4000-8000-00000000000${n}`);
const TEAMS = [1, 2].map((n) => `7e000000-0000-4000-8000-00000000000${n}`);
const MOST_RUNS = 4;
/** How many histories are tried, each of up to so many steps. */
const HISTORIES = 60;
const STEPS = 60;

const person = fc.nat(PEOPLE.length - 1);
const team = fc.nat(TEAMS.length - 1);
/** Cents, since the model counts in whole numbers. */
const cents = fc.nat(100);
const limit = fc.option(fc.nat(250));

const step = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      does: fc.constant("enter" as const),
      person,
      team: fc.option(team),
      source: fc.constantFrom("user" as const, "team" as const, "env" as const),
      /** The most that it may cost. */
      cents: fc.option(cents, { freq: 8 }),
      input: fc.nat(40),
      output: fc.integer({ min: 10, max: 60 }),
    }),
  },
  // Of the most that it may cost and write, so many percent are billed in the end.
  {
    weight: 5,
    arbitrary: fc.record({ does: fc.constant("end" as const), run: fc.nat(), percent: fc.nat(100) }),
  },
  // A server that is stopped ends no row. Later they are swept.
  { weight: 1, arbitrary: fc.record({ does: fc.constant("crash" as const), person }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("sweep" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant("platform" as const), daily: limit, monthly: limit }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant("budget" as const), team, all: limit, each: limit }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("own" as const), team, person, limit }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant("tokens" as const), person, tokens: fc.option(fc.nat(300)) }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("stop" as const), stopped: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("leave" as const), person, team }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("delete" as const), person }) },
);

type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

interface Run {
  id: string;
  person: string | null;
  team: string | null;
  source: "user" | "team" | "env";
  isOpen: boolean;
  /** That it holds a place among its person's runs: until it ends, or is lost. */
  isUnderWay: boolean;
  /** Whether it is at others' expense: then it was entered with all that it may cost. */
  isReserved: boolean;
  /** What may be billed for it; null where nobody knows. */
  cents: number | null;
  tokens: number;
}

/** What is known of limits and runs, without a database. */
class Model {
  runs: Run[] = [];
  daily: number | null = null;
  monthly: number | null = null;
  budgets = new Map<string, number | null>();
  defaults = new Map<string, number | null>();
  own = new Map<string, number | null>();
  tokens = new Map<string, number | null>();
  isStopped = false;

  billed = (which: (run: Run) => boolean) =>
    this.runs.filter(which).reduce((sum, run) => sum + (run.cents ?? 0), 0);

  platform = () => this.billed((run) => run.source === "env");
  ofTeam = (team: string) => this.billed((run) => run.source === "team" && run.team === team);
  ofMember = (team: string, person: string) =>
    this.billed((run) => run.source === "team" && run.team === team && run.person === person);
  memberLimit = (team: string, person: string) =>
    this.own.get(`${team} ${person}`) ?? this.defaults.get(team) ?? null;

  /** What there is of tokens for a person, and what they have used; null without a limit. */
  room(person: string, usual: number): number | null {
    const limit = this.tokens.has(person) ? (this.tokens.get(person) ?? null) : usual;
    if (limit === null) return null;
    const mine = this.runs.filter((run) => run.source === "env" && run.person === person);
    return limit - mine.reduce((sum, run) => sum + run.tokens, 0);
  }
}

const today = () => new Date().toISOString().slice(0, 10);
/** So early in the day (UTC) that what was minutes ago was yesterday. */
const isEarly = () => new Date().getUTCHours() === 0 && new Date().getUTCMinutes() < 30;

const USUAL_TOKENS = 200;
const LEAST_OUTPUT = 10;

describe.each(ENGINES)("Limits on $engine", ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(reset);

  async function reset(): Promise<void> {
    await database.exec(`
      reset role;
      delete from public.teams; delete from auth.users; delete from public.reveal_runs;
      delete from public.platform_settings;
      insert into auth.users (id) values ${PEOPLE.map((id) => `('${id}')`).join()};
      insert into public.teams (id, name) values ${TEAMS.map((id) => `('${id}', 'Team')`).join()};
      insert into public.team_members (team_id, user_id, role) select team.id, person.id, 'admin'
        from public.teams as team, auth.users as person;
      set role service_role;
    `);
  }

  /** As somebody who may do everything. */
  async function arrange(sql: string): Promise<void> {
    await database.exec(`reset role; ${sql}; set role service_role`);
  }

  const dollars = (cents: number | null) => (cents === null ? "null" : (cents / 100).toFixed(2));

  test("are never passed, and a run that fits is never refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: STEPS, size: "max" }), async (steps) => {
        await reset();
        const model = new Model();
        const alive = new Set(PEOPLE);
        let teams = new Set(TEAMS);
        const day = today();
        for (const each of steps) {
          // Whatever began yesterday is another story.
          if (today() !== day || isEarly()) return;
          const who = "person" in each ? (PEOPLE[each.person] as string) : "";
          if (who && !alive.has(who)) continue;
          switch (each.does) {
            case "enter": {
              const where = each.team === null ? null : (TEAMS[each.team] as string);
              if (where === null ? each.source === "team" : !teams.has(where)) break;
              await enter(model, each, who, where);
              break;
            }
            case "end": {
              const open = model.runs.filter((run) => run.isOpen);
              const run = open[each.run % Math.max(1, open.length)];
              if (!run) break;
              const share = (most: number) => Math.floor((most * each.percent) / 100);
              run.isOpen = false;
              run.isUnderWay = false;
              run.cents = run.cents === null ? null : share(run.cents);
              run.tokens = share(run.tokens);
              await database.exec(`update public.reveal_runs set status = 'completed', cost_usd = ${dollars(run.cents)},
                input_tokens = 0, output_tokens = ${run.tokens} where id = '${run.id}'`);
              break;
            }
            case "crash":
              for (const run of model.runs) if (run.isOpen && run.person === who) run.isUnderWay = false;
              await arrange(`update public.reveal_runs set created_at = created_at - interval '6 minutes'
                where status = 'started' and user_id = '${who}' and created_at > now() - interval '5 minutes'`);
              break;
            case "sweep":
              // What it ends keeps what it holds.
              await database.exec("select public.close_lost_runs()");
              break;
            case "platform":
              Object.assign(model, { daily: each.daily, monthly: each.monthly });
              break;
            case "budget": {
              const id = TEAMS[each.team] as string;
              model.budgets.set(id, each.all);
              model.defaults.set(id, each.each);
              await database.exec(`update public.teams set monthly_usd = ${dollars(each.all)},
                member_monthly_usd = ${dollars(each.each)} where id = '${id}'`);
              break;
            }
            case "own": {
              const id = TEAMS[each.team] as string;
              const { rows } =
                await database.query(`update public.team_members set monthly_usd = ${dollars(each.limit)}
                where team_id = '${id}' and user_id = '${who}' returning 1`);
              if (rows.length > 0) model.own.set(`${id} ${who}`, each.limit);
              break;
            }
            case "tokens":
              model.tokens.set(who, each.tokens);
              await arrange(`insert into public.platform_limits (user_id, daily_tokens) values ('${who}', ${each.tokens})
                on conflict (user_id) do update set daily_tokens = excluded.daily_tokens`);
              break;
            case "stop":
              model.isStopped = each.stopped;
              await arrange(`insert into public.platform_settings (is_stopped) values (${each.stopped})
                on conflict (id) do update set is_stopped = excluded.is_stopped`);
              break;
            case "leave": {
              const id = TEAMS[each.team] as string;
              model.own.delete(`${id} ${who}`);
              // The last admin stays.
              await arrange(`delete from public.team_members where team_id = '${id}' and user_id = '${who}'
                and (select count(*) from public.team_members where team_id = '${id}') > 1`);
              await database.exec(`update public.team_members set monthly_usd = null
                where team_id = '${id}' and user_id = '${who}'`);
              break;
            }
            case "delete": {
              if (alive.size === 1) break;
              alive.delete(who);
              await arrange(`delete from auth.users where id = '${who}'`);
              const { rows } = await database.query("select id from public.teams");
              // Without members, a team ends.
              teams = new Set((rows as { id: string }[]).map(({ id }) => id));
              for (const run of model.runs) {
                if (run.person === who) run.person = null;
                if (run.team && !teams.has(run.team)) run.team = null;
              }
              // Nobody's, but for what the platform paid.
              model.runs = model.runs.filter((run) => run.person || run.team || run.source === "env");
            }
          }
        }
      }),
      { numRuns: HISTORIES },
    );
  });

  type Entering = Extract<Step, { does: "enter" }>;

  async function enter(model: Model, wanted: Entering, who: string, where: string | null): Promise<void> {
    const { source, cents, input, output } = wanted;
    const { rows } =
      await database.query(`select * from public.enter_run('${who}', ${where ? `'${where}'` : "null"},
      'run', 'm', '${source}', ${input}, ${output}, ${LEAST_OUTPUT}, 0, ${dollars(cents)}, ${MOST_RUNS},
      ${USUAL_TOKENS}, ${dollars(model.daily)}, ${dollars(model.monthly)})`);
    const { id, refusal, max_output } = rows[0] as {
      id: string | null;
      refusal: string | null;
      max_output: number;
    };

    const isLimited =
      source === "env"
        ? model.daily !== null || model.monthly !== null
        : source === "team" &&
          where !== null &&
          (model.budgets.get(where) ?? model.memberLimit(where, who)) != null;
    const room = source === "env" ? model.room(who, USUAL_TOKENS) : null;
    const isFull = (spent: number, limit: number | null | undefined) =>
      limit != null && spent + (cents ?? 0) > limit;
    const mayEnter = !(
      model.runs.filter((run) => run.isUnderWay && run.person === who).length >= MOST_RUNS ||
      (source === "env" && model.isStopped) ||
      (room !== null && input + LEAST_OUTPUT > room) ||
      (isLimited && cents === null) ||
      (source === "env" &&
        (isFull(model.platform(), model.daily) || isFull(model.platform(), model.monthly))) ||
      (source === "team" &&
        where !== null &&
        (isFull(model.ofTeam(where), model.budgets.get(where)) ||
          isFull(model.ofMember(where, who), model.memberLimit(where, who))))
    );
    expect({ entered: id !== null, refusal }).toEqual({
      entered: mayEnter,
      refusal: mayEnter ? null : expect.any(String),
    });
    if (id === null) return;
    const most = room === null ? output : Math.min(output, room - input);
    expect(max_output).toBe(most);
    const isReserved = source !== "user";
    model.runs.push({
      id,
      person: who,
      team: where,
      source,
      isOpen: true,
      isUnderWay: true,
      isReserved,
      // On one's own key, a run is entered with what it sends, which is nothing here.
      cents: isReserved ? cents : 0,
      tokens: input + (isReserved ? most : 0),
    });
  }

  test("are not passed by what begins at the same moment", async ({ skip }) => {
    if (!database.url) skip("PGlite has one connection.");
    const pool = new pg.Pool({ connectionString: database.url, max: 24 });
    const people = Array.from({ length: 8 }, (_, n) => `0b000000-0000-4000-8000-00000000000${n}`);
    const team = TEAMS[0];
    await arrange(`
      insert into auth.users (id) values ${people.map((id) => `('${id}')`).join()};
      insert into public.team_members (team_id, user_id) select '${team}', id from auth.users
        on conflict do nothing;
      update public.teams set monthly_usd = 1, member_monthly_usd = 0.4 where id = '${team}'`);
    // Eight people with thirty requests each, on either key, each at 0.07 dollars at most.
    const requests = Array.from({ length: 30 }, () => people).flat();
    const enterOne = (who: string | undefined, source: string, mostRuns: number) =>
      pool.query(`select * from public.enter_run('${who}', '${team}', 'run', 'm', '${source}', 1, 1, 1, 0, 0.07,
        ${mostRuns}, 100000, 1, 5)`);
    const enter = (source: string) => requests.map((who) => enterOne(who, source, 1000));
    const entered = (await Promise.all([...enter("env"), ...enter("team")])).flatMap(({ rows }) =>
      rows[0].id === null ? [] : [rows[0].id],
    );
    await Promise.all(requests.map(() => enterOne(PEOPLE[0], "user", MOST_RUNS)));
    await pool.end();
    const { rows } = await database.query(
      `select source, sum(cost_usd)::float as usd, count(*)::integer as runs from public.reveal_runs group by source order by source`,
    );
    // Fourteen fit into a dollar; of one member's, five into 0.4 dollars.
    expect(rows).toMatchObject([
      { source: "env", usd: 0.98, runs: 14 },
      { source: "team", usd: 0.98, runs: 14 },
      // Of somebody else, who may have so many under way.
      { source: "user", runs: MOST_RUNS },
    ]);
    expect(entered).toHaveLength(28);
    const members = await database.query(`select max(runs)::integer as most from (select count(*) as runs
      from public.reveal_runs where source = 'team' group by user_id) as each_of_them`);
    expect((members.rows[0] as { most: number }).most).toBeLessThanOrEqual(5);
  });
});
