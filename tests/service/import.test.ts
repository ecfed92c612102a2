import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ImportedSecret } from "../../lib/vault/schema.ts";
import type { Owner, SecretMetadata } from "../../lib/vault/types.ts";
import { failStatements, signInAs, startDatabase } from "./harness.ts";

let db: Awaited<ReturnType<typeof startDatabase>>;
let service: Awaited<ReturnType<(typeof db)["service"]>>;
/** What they are now. What was done to each: same-value.test.ts. */
let importSecrets: (owner: Owner, secrets: ImportedSecret[]) => Promise<SecretMetadata[]>;
let owner: Owner;

beforeAll(async () => {
  db = await startDatabase();
  service = await db.service();
  const imports = await import("../../lib/vault/import.ts");
  importSecrets = async (...given) => (await imports.importSecrets(...given)).map(({ secret }) => secret);
});
afterAll(() => db.close());
beforeEach(async () => {
  owner = { type: "user", id: await db.person() };
});

const fresh = (key: string, value = `value of ${key}`): ImportedSecret => ({
  key,
  value,
  if_updated_at: null,
});
const values = async (...keys: string[]) => Promise.all(keys.map((key) => service.getSecret(owner, key)));
const fill = (count: number) =>
  db.admin
    .from("vault_secrets")
    .insert(
      Array.from({ length: count }, (_, index) => ({
        owner_type: owner.type,
        owner_id: owner.id,
        key: `KEY_${index}`,
        encrypted_value: "v1.x",
      })),
    )
    .throwOnError();

describe("importSecrets", () => {
  it("is an error where the database fails at the statement, and not an import of nothing", async () => {
    failStatements("POST");
    const unavailable = { code: "vault_unavailable", cause: { code: "57014" } };
    await expect(importSecrets(owner, [fresh("A_KEY")])).rejects.toMatchObject(unavailable);
  });

  it("adds and replaces in one go, and returns all of them by key", async () => {
    const old = await service.setSecret(owner, { key: "B_KEY", value: "old" });
    const stored = await importSecrets(owner, [
      { ...fresh("C_KEY"), category: "Email" },
      { ...fresh("OPENAI_API_KEY"), description: "imported" },
      { key: "B_KEY", value: "new", if_updated_at: old.updated_at },
    ]);
    expect(stored).toEqual(await service.listSecrets(owner));
    expect(stored.map(({ key, category, description }) => [key, category, description])).toEqual([
      ["B_KEY", "General", ""],
      ["C_KEY", "Email", ""],
      ["OPENAI_API_KEY", "LLM", "imported"],
    ]);
    expect(await values("B_KEY", "C_KEY", "OPENAI_API_KEY")).toEqual([
      "new",
      "value of C_KEY",
      "value of OPENAI_API_KEY",
    ]);
    const [, added] = stored;
    expect(added?.created_at).toBe(added?.updated_at);
    expect(added?.last_rotated_at).toBe(added?.updated_at);
  });

  it("rotates what it replaces, and keeps the rest of it", async () => {
    const old = await service.setSecret(owner, {
      key: "A_KEY",
      value: "old",
      category: "Hosting",
      description: "mine",
    });
    const [replaced] = await importSecrets(owner, [
      { key: "A_KEY", value: "new", if_updated_at: old.updated_at },
    ]);
    expect(replaced).toMatchObject({ id: old.id, category: "Hosting", description: "mine" });
    expect(replaced?.created_at).toBe(old.created_at);
    expect(String(replaced?.last_rotated_at) > old.last_rotated_at).toBe(true);
    expect(String(replaced?.updated_at) > old.updated_at).toBe(true);
    const [again] = await importSecrets(owner, [
      { key: "A_KEY", value: "new", description: "", if_updated_at: String(replaced?.updated_at) },
    ]);
    expect(again).toMatchObject({ category: "Hosting", description: "" });
  });

  it("takes the time of a state in every spelling", async () => {
    const { updated_at } = await service.setSecret(owner, { key: "A_KEY", value: "old" });
    const spelt = updated_at.replace("Z", "+00:00");
    expect(spelt).not.toBe(updated_at);
    await importSecrets(owner, [{ key: "A_KEY", value: "new", if_updated_at: spelt }]);
    expect(await values("A_KEY")).toEqual(["new"]);
  });

  it("stores for a team, apart from a person of the same id", async () => {
    const team: Owner = { type: "team", id: owner.id };
    await db.admin.from("teams").insert({ id: team.id, name: "Twin" }).throwOnError();
    await importSecrets(owner, [fresh("A_KEY", "mine")]);
    await importSecrets(team, [fresh("A_KEY", "the team's")]);
    expect(await values("A_KEY")).toEqual(["mine"]);
    expect(await service.getSecret(team, "A_KEY")).toBe("the team's");
  });

  it("stores 200 at once", async () => {
    const secrets = Array.from({ length: 200 }, (_, index) => fresh(`KEY_${index}`));
    expect(await importSecrets(owner, secrets)).toHaveLength(200);
    expect(await values("KEY_0", "KEY_199")).toEqual(["value of KEY_0", "value of KEY_199"]);
  });

  it("is vault_unavailable while the database is down", async () => {
    await db.service({ down: true });
    const down = await import("../../lib/vault/import.ts");
    await expect(down.importSecrets(owner, [fresh("A_KEY")])).rejects.toMatchObject({
      code: "vault_unavailable",
    });
  });
});

describe("an import of which one secret has moved on stores nothing", () => {
  const changed = (key: string) => ({
    code: "secret_changed",
    message: expect.stringContaining(`${key} was changed elsewhere `),
  });

  it("if it was changed", async () => {
    const seen = await service.setSecret(owner, { key: "B_KEY", value: "old" });
    await service.setSecret(owner, { key: "B_KEY", value: "theirs" });
    const attempt = importSecrets(owner, [
      fresh("A_KEY"),
      { key: "B_KEY", value: "mine", if_updated_at: seen.updated_at },
    ]);
    await expect(attempt).rejects.toMatchObject(changed("B_KEY"));
    expect(await values("A_KEY", "B_KEY")).toEqual([null, "theirs"]);
  });

  it("if it was created", async () => {
    await service.setSecret(owner, { key: "B_KEY", value: "theirs" });
    const attempt = importSecrets(owner, [fresh("A_KEY"), fresh("B_KEY")]);
    await expect(attempt).rejects.toMatchObject(changed("B_KEY"));
    expect(await values("A_KEY", "B_KEY")).toEqual([null, "theirs"]);
  });

  it("if it was deleted", async () => {
    const seen = await service.setSecret(owner, { key: "B_KEY", value: "old" });
    await service.deleteSecret(owner, "B_KEY");
    const attempt = importSecrets(owner, [
      fresh("A_KEY"),
      { key: "B_KEY", value: "mine", if_updated_at: seen.updated_at },
    ]);
    await expect(attempt).rejects.toMatchObject(changed("B_KEY"));
    expect(await service.listSecrets(owner)).toEqual([]);
  });

  it("even if that happens after the look: the statement itself compares", async () => {
    await db.service();
    const store = await import("../../lib/vault/store.ts");
    const last_rotated_at = new Date().toISOString();
    const mine = { encrypted_value: "v1.mine", last_rotated_at };
    const fresh = (key: string) =>
      ({ ...mine, key, category: "General", description: "", is_new: true }) as const;
    const changedSince = await service.setSecret(owner, { key: "B_KEY", value: "old" });
    await service.setSecret(owner, { key: "B_KEY", value: "theirs" });
    const changed = { ...mine, key: "B_KEY", is_new: false, updated_at: changedSince.updated_at } as const;
    for (const entry of [changed, fresh("B_KEY"), { ...changed, key: "GONE_KEY", updated_at: undefined }]) {
      expect(await store.storeEntries(owner, [fresh("A_KEY"), entry, fresh("C_KEY")])).toBe(null);
    }
    expect(await values("A_KEY", "B_KEY", "C_KEY")).toEqual([null, "theirs", null]);
  });

  it("of ten imports at once that saw the same state, lets exactly one through", async () => {
    const { updated_at } = await service.setSecret(owner, { key: "B_KEY", value: "old" });
    const imports = Array.from({ length: 10 }, (_, index) =>
      importSecrets(owner, [
        fresh("A_KEY", `a ${index}`),
        { key: "B_KEY", value: `b ${index}`, if_updated_at: updated_at },
      ]),
    );
    const results = await Promise.allSettled(imports);
    const winners = results.flatMap(({ status }, index) => (status === "fulfilled" ? [index] : []));
    expect(winners).toHaveLength(1);
    expect(await values("A_KEY", "B_KEY")).toEqual([`a ${winners[0]}`, `b ${winners[0]}`]);
  });
});

describe("the limit of 200 secrets", () => {
  it("refuses an import that would pass it in the middle, and stores nothing of it", async () => {
    await fill(198);
    const attempt = importSecrets(owner, [fresh("A_KEY"), fresh("B_KEY"), fresh("C_KEY")]);
    await expect(attempt).rejects.toMatchObject({ code: "secret_limit" });
    expect(await values("A_KEY", "B_KEY", "C_KEY")).toEqual([null, null, null]);
    expect(await importSecrets(owner, [fresh("A_KEY"), fresh("B_KEY")])).toHaveLength(2);
  });

  it("does not refuse to replace what is there", async () => {
    await fill(200);
    const present = await service.listSecrets(owner);
    const secrets = present.map(({ key, updated_at }) => ({ ...fresh(key), if_updated_at: updated_at }));
    expect(await importSecrets(owner, secrets)).toHaveLength(200);
    expect(await values("KEY_0", "KEY_199")).toEqual(["value of KEY_0", "value of KEY_199"]);
  });
});

// The routes on the real database; only the session, which needs a running Next, is a stand-in.
describe("the routes", () => {
  let person: string;
  const route = async (name: "import" | "check") => {
    await db.service();
    signInAs(() => person);
    const { POST } =
      name === "import"
        ? await import("../../app/api/vault/import/route.ts")
        : await import("../../app/api/vault/check/route.ts");
    return async (body: unknown, headers: Record<string, string> = {}) => {
      const reply = await POST(
        new Request(`http://localhost:3000/api/vault/${name}`, {
          method: "POST",
          headers: {
            "Content-Type": "application/json",
            Cookie: "any",
            "Sec-Fetch-Site": "same-origin",
            ...headers,
          },
          body: JSON.stringify(body),
        }),
      );
      const { code, detail, ...rest } = await reply.json();
      return { status: reply.status, retryAfter: reply.headers.get("retry-after"), code, detail, ...rest };
    };
  };
  beforeEach(() => {
    person = owner.id;
  });

  describe("POST /api/vault/import", () => {
    it("answers with the metadata and never with a value", async () => {
      const post = await route("import");
      const reply = await post({ secrets: [fresh("A_KEY", "s3cret")] });
      expect(reply).toMatchObject({ status: 200, secrets: [{ key: "A_KEY", owner_id: person }] });
      expect(JSON.stringify(reply)).not.toContain("s3cret");
      expect(reply.secrets[0]).not.toHaveProperty("encrypted_value");
    });

    it("checks the origin before it reads, then size, then shape, then the role", async () => {
      const post = await route("import");
      const stranger = await db.team({});
      const membersOnly = await db.team({ [person]: "member" });
      const good = { secrets: [fresh("A_KEY")] };
      const huge = { secrets: "x".repeat(256 * 1024) };
      const status = async (...request: Parameters<typeof post>) => {
        const { status, code } = await post(...request);
        return [status, code];
      };
      expect(await status(huge, { "Sec-Fetch-Site": "cross-site" })).toEqual([403, "cross_origin"]);
      expect(await status(huge, { "Content-Type": "text/plain" })).toEqual([415, "unsupported_media_type"]);
      expect(await status(huge)).toEqual([413, "payload_too_large"]);
      expect(await status({ team_id: stranger })).toEqual([400, "invalid_request"]);
      expect(await status({ ...good, team_id: stranger })).toEqual([404, "team_not_found"]);
      expect(await status({ ...good, team_id: membersOnly })).toEqual([403, "team_role_required"]);
      expect(await status({ ...good, team_id: await db.team({ [person]: "admin" }) })).toEqual([
        200,
        undefined,
      ]);
      expect(await service.listSecrets(owner)).toEqual([]);
    });

    it("takes a body between the vault's limit and its own", async () => {
      const post = await route("import");
      const secrets = Array.from({ length: 30 }, (_, index) => fresh(`KEY_${index}`, "x".repeat(8_000)));
      expect(await post({ secrets })).toMatchObject({ status: 200 });
    });

    it.each([
      ["no list", {}, "An import is a list of 1 to 200 secrets."],
      ["none", { secrets: [] }, "An import is a list of 1 to 200 secrets."],
      [
        "too many",
        { secrets: Array.from({ length: 201 }, (_, index) => fresh(`K_${index}`)) },
        "An import is a list of 1 to 200 secrets.",
      ],
      ["a key twice", { secrets: [fresh("A_KEY"), fresh("A_KEY")] }, "A key is given twice."],
      [
        "no state",
        { secrets: [{ key: "A_KEY", value: "x" }] },
        "if_updated_at is a time, or null for a new secret.",
      ],
      ["no value", { secrets: [{ key: "A_KEY", if_updated_at: null }] }, "The value is text."],
      [
        "an unknown member",
        { secrets: [{ ...fresh("A_KEY"), owner_id: "x" }] },
        "There's an unknown parameter or member.",
      ],
    ])("refuses %s", async (_, body, detail) => {
      expect(await (await route("import"))(body)).toMatchObject({ status: 400, detail });
    });

    it("names the key whose value is wrong, and never the value", async () => {
      const post = await route("import");
      const bad: [string, string][] = [
        ["B_KEY", "  "],
        ["B_KEY", "s3cret\u0000"],
        ["OPENAI_API_KEY", "s3cret with spaces"],
      ];
      for (const [key, value] of bad) {
        const reply = await post({ secrets: [fresh("A_KEY"), fresh(key, value)] });
        expect(reply).toMatchObject({ status: 400, code: "invalid_request" });
        expect(reply.detail).toContain(key);
        expect(reply.detail.indexOf(key)).toBe(reply.detail.lastIndexOf(key));
        expect(reply.detail).not.toContain("s3cret");
      }
      expect(await service.listSecrets(owner)).toEqual([]);
    });
  });

  describe("POST /api/vault/check", () => {
    const KEY = "OPENAI_API_KEY";
    // One that cannot be sent, so that no provider is asked from here.
    const UNSENDABLE = "s3cret with spaces";

    it("answers what is known, with the time and one sentence", async () => {
      const post = await route("check");
      await service.setSecret(owner, { key: KEY, value: UNSENDABLE });
      const reply = await post({ key: KEY });
      expect(reply).toMatchObject({ status: 200, result: "refused" });
      expect(reply.detail).toMatch(/^This isn't a key from OpenAI: .*\.$/);
      expect(Date.parse(reply.checked_at)).toBeGreaterThan(Date.now() - 60_000);
      expect(JSON.stringify(reply)).not.toContain("s3cret");
    });

    it("is for members too, and for nobody else", async () => {
      const post = await route("check");
      const team = await db.team({ [person]: "member" });
      await service.setSecret({ type: "team", id: team }, { key: KEY, value: UNSENDABLE });
      expect(await post({ key: KEY, team_id: team })).toMatchObject({ status: 200, result: "refused" });
      const foreign = await db.team({});
      await service.setSecret({ type: "team", id: foreign }, { key: KEY, value: UNSENDABLE });
      expect(await post({ key: KEY, team_id: foreign })).toMatchObject({
        status: 404,
        code: "team_not_found",
      });
    });

    it("refuses what it cannot check", async () => {
      const post = await route("check");
      const unreadable = "MISTRAL_API_KEY";
      await service.setSecret(owner, { key: unreadable, value: "x" });
      await db.admin
        .from("vault_secrets")
        .update({ encrypted_value: "v1.garbage" })
        .eq("owner_id", person)
        .throwOnError();
      const log = vi.spyOn(console, "error").mockImplementation(() => {});
      expect(await post({ key: "DATABASE_URL" })).toMatchObject({ status: 400, code: "invalid_request" });
      expect(await post({ key: "MY_KEY" })).toMatchObject({ status: 400 });
      expect(await post({ key: KEY })).toMatchObject({ status: 404, code: "secret_not_found" });
      expect(await post({ key: unreadable })).toMatchObject({ status: 500, code: "secret_unreadable" });
      expect(await post({ key: KEY }, { "Sec-Fetch-Site": "same-site" })).toMatchObject({ status: 403 });
      expect(await post({ key: "x".repeat(1024) })).toMatchObject({ status: 413 });
      log.mockRestore();
    });

    it("stops a person at the seventh check within a minute, and says when to go on", async () => {
      const post = await route("check");
      await service.setSecret(owner, { key: KEY, value: UNSENDABLE });
      for (let index = 0; index < 6; index += 1)
        expect(await post({ key: KEY })).toMatchObject({ status: 200 });
      const stopped = await post({ key: KEY });
      expect(stopped).toMatchObject({ status: 429, code: "check_rate_limited" });
      expect(Number(stopped.retryAfter)).toBeGreaterThan(30);
      expect(Number(stopped.retryAfter)).toBeLessThanOrEqual(60);
      person = await db.person();
      expect(await post({ key: KEY })).toMatchObject({ status: 404 });
    });
  });
});
