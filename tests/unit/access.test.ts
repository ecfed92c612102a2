import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { authoriseOwner, receive, requireConfirmed, requireUser } from "../../lib/vault/access.ts";
import * as crypto from "../../lib/vault/crypto.ts";
import { vaultProblem } from "../../lib/vault/errors.ts";
import { boundedFetch } from "../../lib/vault/http/bounded-fetch.ts";
import { tryEncryption } from "../../lib/vault/startup.ts";
import { TEST_MASTER_KEY } from "../support/keys.ts";

const ID = "0a000000-0000-4000-8000-00000000000a";
const TEAM = "7e000000-0000-4000-8000-000000000001";

// What an app tells the vault; here it is what each test says.
const host = vi.hoisted(() => ({
  getUser: vi.fn<() => Promise<{ id: string; email?: string } | null>>(),
  getTeamRole: vi.fn<(user: string, team: string) => Promise<"admin" | "member" | null>>(),
  requireConfirmation: vi.fn<(user: { id: string }) => Promise<void>>(),
}));
vi.mock("../../lib/vault/host.ts", () => ({
  ...host,
  settings: () => ({ siteOrigin: "http://vault.test" }),
}));

afterEach(() => {
  vi.restoreAllMocks();
  vi.resetAllMocks();
  vi.unstubAllEnvs();
});

const from = (headers: Record<string, string> = {}) => new Request("http://vault.test/api", { headers });

describe("who is signed in", () => {
  it("is known by an id in lower case, with whatever else the app says", async () => {
    host.getUser.mockResolvedValue({ id: ID.toUpperCase(), email: "ann@vault.test" });
    expect(await requireUser(from())).toEqual({ id: ID, email: "ann@vault.test" });
  });

  it("is an error where it is nobody, or somebody without a proper id", async () => {
    host.getUser.mockResolvedValue(null);
    await expect(requireUser(from())).rejects.toMatchObject({ code: "unauthenticated", status: 401 });
    host.getUser.mockResolvedValue({ id: "ann" });
    await expect(requireUser(from())).rejects.toThrow();
  });

  it.each([ID, ID.toUpperCase()])("is whom the page shows: %s", async (shown) => {
    host.getUser.mockResolvedValue({ id: ID });
    expect(await requireUser(from({ "Vault-Shown-User": shown }))).toEqual({ id: ID });
  });

  it.each([TEAM, "", "ann", `${ID}, ${ID}`, `${ID}, ${TEAM}`, "null"])(
    "is an error where the page shows somebody else: “%s”",
    async (shown) => {
      host.getUser.mockResolvedValue({ id: ID });
      await expect(requireUser(from({ "Vault-Shown-User": shown }))).rejects.toMatchObject({
        code: "user_changed",
        status: 409,
      });
    },
  );
});

describe("a request with a body", () => {
  const schema = z.strictObject({ a: z.literal(1, "It is 1.") });
  const sent = (headers: Record<string, string> = {}, body: BodyInit = '{"a":1}') =>
    new Request("http://vault.test/api", {
      method: "POST",
      headers: { Cookie: "any", "Content-Type": "application/json", ...headers },
      body,
      duplex: "half",
    } as RequestInit);
  const refusal = (request: Request) =>
    receive(request, schema, 20).then(
      () => "accepted",
      (problem) => problem.code,
    );

  it("is who sends it and what", async () => {
    host.getUser.mockResolvedValue({ id: ID });
    expect(await receive(sent(), schema, 20)).toEqual({ user: { id: ID }, body: { a: 1 } });
  });

  it("is refused for the first of several reasons", async () => {
    const foreign = { "Sec-Fetch-Site": "cross-site" };
    const text = { "Content-Type": "text/plain" };
    const large = "x".repeat(21);
    host.getUser.mockResolvedValue(null);
    expect(await refusal(sent({ ...foreign, ...text }, large))).toBe("unauthenticated");
    host.getUser.mockResolvedValue({ id: ID });
    const other = { "Vault-Shown-User": TEAM };
    expect(await refusal(sent({ ...other, ...foreign, ...text }, large))).toBe("user_changed");
    expect(await refusal(sent({ ...foreign, ...text }, large))).toBe("cross_origin");
    expect(await refusal(sent(text, large))).toBe("unsupported_media_type");
    expect(await refusal(sent({}, large))).toBe("payload_too_large");
    expect(await refusal(sent({}, "{}"))).toBe("invalid_request");
  });

  it("asks who sends it once the body is there, so that none outlives a sign-out", async () => {
    let finish = () => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"a":'));
        finish = () => {
          controller.enqueue(new TextEncoder().encode("1}"));
          controller.close();
        };
      },
    });
    host.getUser.mockResolvedValue({ id: ID });
    const reply = refusal(sent({}, body));
    // Everything that could be asked before the rest arrives has been by now.
    await new Promise((resolve) => setImmediate(resolve));
    host.getUser.mockResolvedValue(null);
    finish();
    expect(await reply).toBe("unauthenticated");
  });

  it("waits for nobody's body", async () => {
    const never = new ReadableStream<Uint8Array>();
    const request = new Request("http://vault.test/api", {
      method: "POST",
      body: never,
      duplex: "half",
    } as RequestInit);
    expect(await refusal(request)).toBe("unauthenticated");
    expect(host.getUser).not.toHaveBeenCalled();
  });
});

describe("whose secrets", () => {
  const user = { id: ID, email: "" };

  it("are the person's own without a team, which nobody is asked about", async () => {
    expect(await authoriseOwner(user, undefined, "manage")).toEqual({ type: "user", id: ID });
    expect(host.getTeamRole).not.toHaveBeenCalled();
  });

  it.each([
    ["admin", "see", null],
    ["admin", "manage", null],
    ["member", "see", null],
    ["member", "manage", "team_role_required"],
    [null, "see", "team_not_found"],
    [null, "manage", "team_not_found"],
  ] as const)("a %s who wants to %s a team's: %s", async (role, access, code) => {
    host.getTeamRole.mockResolvedValue(role);
    const attempt = authoriseOwner(user, TEAM, access);
    if (code) await expect(attempt).rejects.toMatchObject({ code });
    else expect(await attempt).toEqual({ type: "team", id: TEAM });
    expect(host.getTeamRole).toHaveBeenCalledExactlyOnceWith(ID, TEAM);
  });

  it.each([
    ["one's own", undefined],
    ["a team's", TEAM],
  ])("are taken away only by who has confirmed who they are: %s", async (_, team) => {
    host.getTeamRole.mockResolvedValue("admin");
    await requireConfirmed(user, team);
    expect(host.requireConfirmation).toHaveBeenCalledExactlyOnceWith(user);
    // The statement that reads the value asks for the role.
    expect(host.getTeamRole).not.toHaveBeenCalled();
    host.requireConfirmation.mockRejectedValue(vaultProblem("confirmation_required"));
    await expect(requireConfirmed(user, team)).rejects.toMatchObject({
      ...{ code: "confirmation_required", status: 403 },
    });
  });

  it.each([
    ["member", "team_role_required"],
    [null, "team_not_found"],
  ] as const)("are not asked to be confirmed by a %s of a team, who hears %s", async (role, code) => {
    host.getTeamRole.mockResolvedValue(role);
    host.requireConfirmation.mockRejectedValue(vaultProblem("confirmation_required"));
    await expect(requireConfirmed(user, TEAM)).rejects.toMatchObject({ code });
  });
});

describe("the database's fetch", () => {
  let fetching: ReturnType<typeof vi.spyOn>;
  beforeEach(() => {
    fetching = vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response());
  });
  const signal = () => {
    const [[, init] = []] = fetching.mock.calls;
    return (init as RequestInit).signal as AbortSignal;
  };

  it("is never cached, keeps what it was given, and has an end after 8 seconds", async () => {
    const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort("late"));
    await boundedFetch("http://127.0.0.1:1/", { method: "PATCH" });
    expect(timeout).toHaveBeenCalledWith(8_000);
    expect(fetching).toHaveBeenCalledWith(
      "http://127.0.0.1:1/",
      expect.objectContaining({ method: "PATCH", cache: "no-store" }),
    );
    expect(signal().reason).toBe("late");
  });

  it("also ends when it is called off", async () => {
    const controller = new AbortController();
    await boundedFetch("http://127.0.0.1:1/");
    fetching.mockClear();
    await boundedFetch("http://127.0.0.1:1/", { signal: controller.signal });
    expect(signal().aborted).toBe(false);
    controller.abort("called off");
    expect(signal().reason).toBe("called off");
  });
});

describe("the start", () => {
  it("passes where both ways work, and fails with what is said otherwise", async () => {
    vi.stubEnv("VAULT_MASTER_KEY", TEST_MASTER_KEY);
    await tryEncryption();
    vi.spyOn(crypto, "encrypt").mockRejectedValue(new Error("Make a master key."));
    await expect(tryEncryption()).rejects.toThrow("Make a master key.");
  });

  it("fails where what was encrypted comes back as something else", async () => {
    vi.stubEnv("VAULT_MASTER_KEY", TEST_MASTER_KEY);
    vi.spyOn(crypto, "decrypt").mockResolvedValue("something else");
    await expect(tryEncryption()).rejects.toThrow("The vault's encryption doesn't work.");
  });

  it.each(["encrypt", "decrypt"] as const)("goes on with a line where %s is out of reach", async (call) => {
    vi.stubEnv("VAULT_MASTER_KEY", TEST_MASTER_KEY);
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const outage = Object.assign(new Error("Nobody answers."), { code: "vault_backend_unavailable" });
    vi.spyOn(crypto, call).mockRejectedValue(outage);
    await tryEncryption();
    expect(warn.mock.calls).toEqual([
      ["The vault's encryption can't be reached, so the app starts without it. Nobody answers."],
    ]);
  });
});
