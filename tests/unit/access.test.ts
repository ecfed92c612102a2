import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { authoriseOwner, requireUser } from "../../lib/vault/access.ts";
import * as crypto from "../../lib/vault/crypto.ts";
import { boundedFetch } from "../../lib/vault/http/bounded-fetch.ts";
import { tryEncryption } from "../../lib/vault/startup.ts";
import { TEST_MASTER_KEY } from "../support/keys.ts";

const ID = "0a000000-0000-4000-8000-00000000000a";
const TEAM = "7e000000-0000-4000-8000-000000000001";

// What an app tells the vault; here it is what each test says.
const host = vi.hoisted(() => ({
  getUser: vi.fn<() => Promise<{ id: string; email?: string } | null>>(),
  getTeamRole: vi.fn<(user: string, team: string) => Promise<"admin" | "member" | null>>(),
}));
vi.mock("../../lib/vault/host.ts", () => host);

afterEach(() => {
  vi.restoreAllMocks();
  vi.resetAllMocks();
  vi.unstubAllEnvs();
});

describe("who is signed in", () => {
  it("is known by an id in lower case, with whatever else the app says", async () => {
    host.getUser.mockResolvedValue({ id: ID.toUpperCase(), email: "ann@vault.test" });
    expect(await requireUser()).toEqual({ id: ID, email: "ann@vault.test" });
  });

  it("is an error where it is nobody, or somebody without a proper id", async () => {
    host.getUser.mockResolvedValue(null);
    await expect(requireUser()).rejects.toMatchObject({ code: "unauthenticated", status: 401 });
    host.getUser.mockResolvedValue({ id: "ann" });
    await expect(requireUser()).rejects.toThrow();
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
    await expect(tryEncryption()).rejects.toThrow("The vault's encryption does not work.");
  });

  it.each(["encrypt", "decrypt"] as const)("goes on with a line where %s is out of reach", async (call) => {
    vi.stubEnv("VAULT_MASTER_KEY", TEST_MASTER_KEY);
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const outage = Object.assign(new Error("Nobody answers."), { code: "vault_backend_unavailable" });
    vi.spyOn(crypto, call).mockRejectedValue(outage);
    await tryEncryption();
    expect(warn.mock.calls).toEqual([
      ["The vault's encryption is out of reach, and the app starts without it. Nobody answers."],
    ]);
  });
});
