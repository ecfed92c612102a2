import { describe, expect, it } from "vitest";
import { vaultApi } from "../../lib/vault/requests.ts";
import { json, type Received, routes } from "./own-routes.ts";

describe("the vault's routes", () => {
  const secret = { key: "A", category: "General", description: "", if_updated_at: null } as const;
  const TEAM = "7e000000-0000-4000-8000-000000000001";

  it.each([
    [null, ""],
    [TEAM, `team_id=${TEAM}`],
  ])("are asked for the owner %s", async (teamId, parameter) => {
    const api = vaultApi(teamId);
    const owner = teamId === null ? {} : { team_id: teamId };
    const path = (...parameters: string[]) => {
      const query = [...parameters, parameter].filter(Boolean).join("&");
      return query ? `/api/vault?${query}` : "/api/vault";
    };
    const expectCall = async (
      call: () => Promise<unknown>,
      reply: unknown,
      sent: Partial<Received>,
      result: unknown,
    ) => {
      routes.answer = (response) =>
        reply === undefined ? response.writeHead(204).end() : json(response, 200, reply);
      expect(await call()).toEqual(result);
      expect(routes.received.at(-1)).toMatchObject(sent);
    };
    await expectCall(() => api.list(), { secrets: [1] }, { method: "GET", path: path() }, [1]);
    await expectCall(() => api.read("A"), { key: "A" }, { method: "GET", path: path("key=A") }, { key: "A" });
    await expectCall(
      () => api.reveal("A"),
      { key: "A", value: "v" },
      { method: "GET", path: path("key=A", "reveal=true") },
      "v",
    );
    await expectCall(
      () => api.copy("A"),
      { key: "A", value: "v" },
      { method: "GET", path: path("key=A", "reveal=true", "copy=true") },
      "v",
    );
    await expectCall(
      () => api.save(secret),
      { key: "A" },
      { method: "POST", path: "/api/vault", body: { ...secret, ...owner } },
      { key: "A" },
    );
    await expectCall(
      () => api.remove("A", "2026-03-05T12:00:00.123456Z"),
      undefined,
      {
        method: "DELETE",
        path: path("key=A", "if_updated_at=2026-03-05T12%3A00%3A00.123456Z"),
        body: "",
      },
      undefined,
    );
    const secrets = [{ ...secret, value: "v" }];
    await expectCall(
      () => api.importAll(secrets, true),
      { secrets: [2] },
      { method: "POST", path: "/api/vault/import", body: { secrets, use_only: true, ...owner } },
      [2],
    );
    await expectCall(
      () => api.check("A"),
      { result: "works" },
      { method: "POST", path: "/api/vault/check", body: { key: "A", ...owner } },
      { result: "works" },
    );
  });
});
