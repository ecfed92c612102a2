import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { openFolder } from "../../scripts/demo/folder.ts";
import { EMAILS, PASSWORD } from "../../scripts/demo/people.ts";
import { NO_CREDIT_TEAM, REFUSED_TEAM, TEAM } from "../../scripts/demo/seed.ts";
import { freePort } from "../../scripts/embedded/ports.ts";
import { ROOT, temporaryFolder, testFolder } from "./support.ts";

const DEVELOPERS_KEY = "d".repeat(64);

/** Starts `npm run demo`'s script as a developer with settings of their own would, and waits until the app answers. */
async function startDemo(data: string) {
  const port = await freePort(4_100);
  const child = spawn(process.execPath, [join(ROOT, "scripts/start.ts"), "demo"], {
    env: {
      ...process.env,
      NODE_ENV: "development",
      PORT: String(port),
      EMBEDDED_SUPABASE_PORT: String(port + 1),
      EMBEDDED_DATA_DIR: data,
      SITE_URL: "https://app.example.com",
      NEXT_PUBLIC_SUPABASE_URL: "",
      VAULT_MASTER_KEY: DEVELOPERS_KEY,
      SMTP_HOST: "mail.example.com",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  onTestFinished(() => stop(child, ended));
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("Command Center is at")) resolve();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("exit", (code) => reject(new Error(`The demo ended with ${code}:\n${output}`)));
  });
  return { origin: `http://localhost:${port}`, output: () => output, stop: () => stop(child, ended) };
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill("SIGTERM");
  await ended;
}

/** Signs in with the form's fields, and asks the app as that person. */
async function signIn(origin: string, email: string) {
  const reply = await fetch(`${origin}/api/auth/sign-in`, {
    method: "POST",
    headers: { Accept: "application/json", Origin: origin },
    body: new URLSearchParams({ email, password: PASSWORD }),
  });
  expect(reply.status, await reply.text()).toBe(200);
  const cookie = reply.headers.getSetCookie().map((line) => line.split(";", 1)[0]);
  return async (path: string) => {
    const answer = await fetch(`${origin}${path}`, { headers: { Cookie: cookie.join("; ") } });
    return { status: answer.status, body: await answer.json() };
  };
}

const keysOf = (reply: { body: { secrets: { key: string }[] } }) => reply.body.secrets.map(({ key }) => key);

const data = temporaryFolder();
afterAll(data.remove);

test("the demo is ready to be looked at: both people sign in and see the team's keys, usage and webhooks", async () => {
  const { origin, output, stop } = await startDemo(data.path);
  expect(output()).toContain(`✓ Sign in as ${EMAILS.admin} (admin of the team ${TEAM}) or ${EMAILS.member}`);
  expect(output()).toContain(PASSWORD);
  expect(output()).toContain("Answers are simulated on this machine");
  expect(output()).toContain(`Command Center is at ${origin}`);

  const admin = await signIn(origin, EMAILS.admin);
  const { teams } = (await admin("/api/teams")).body as {
    teams: { id: string; name: string; role: string }[];
  };
  expect(teams.map(({ name, role }) => [name, role])).toEqual(
    [TEAM, REFUSED_TEAM, NO_CREDIT_TEAM].map((name) => [name, "admin"]),
  );
  const id = teams.find(({ name }) => name === TEAM)?.id;
  const ofTeam = ["ANTHROPIC_API_KEY", "DATABASE_URL", "GROQ_API_KEY", "OPENAI_API_KEY", "STRIPE_SECRET_KEY"];
  expect(keysOf(await admin(`/api/vault?team_id=${id}`))).toEqual(ofTeam);
  expect(keysOf(await admin("/api/vault"))).toContain("ANTHROPIC_API_KEY");
  const { webhooks } = (await admin(`/api/webhooks?team_id=${id}`)).body as {
    webhooks: { id: string; pause_reason: string | null; last_delivered_at: string | null }[];
  };
  expect(webhooks.map(({ pause_reason }) => pause_reason).sort()).toEqual([null, null, "failures"].sort());
  const deliveries = await Promise.all(
    webhooks.map(async (webhook) => {
      const reply = await admin(`/api/webhooks/deliveries?id=${webhook.id}&team_id=${id}`);
      return (reply.body.deliveries as { status: string }[]).map(({ status }) => status);
    }),
  );
  expect(new Set(deliveries.flat())).toEqual(new Set(["delivered", "failed"]));
  const usage = await admin(`/api/usage?range=30-days&team_id=${id}`);
  expect(usage.status).toBe(200);
  expect(JSON.stringify(usage.body)).toContain(EMAILS.member);

  const member = await signIn(origin, EMAILS.member);
  expect(keysOf(await member(`/api/vault?team_id=${id}`))).toEqual(ofTeam);
  const own = await member(`/api/usage?range=30-days&team_id=${id}`);
  expect(own.body.total.runs).toBe(80);
  expect((await member(`/api/webhooks?team_id=${id}`)).status).toBe(403);

  // Its keys are its own, and nothing went out of this machine.
  const keys = readFileSync(join(data.path, "demo/keys.env"), "utf8");
  expect(keys).toMatch(/^VAULT_MASTER_KEY=[0-9a-f]{64}$/m);
  expect(keys).not.toContain(DEVELOPERS_KEY);
  expect(output()).toContain("No mail is sent");
  await stop();
});

test("the demo's second start takes up what is there", async () => {
  const { origin, output, stop } = await startDemo(data.path);
  expect(output()).not.toContain("Filled with");
  expect(output()).toContain(`✓ Sign in as ${EMAILS.admin}`);
  expect(keysOf(await (await signIn(origin, EMAILS.admin))("/api/vault"))).toContain("SENTRY_AUTH_TOKEN");
  await stop();
});

test("a demo that was not filled to the end starts over", () => {
  const folder = testFolder();
  mkdirSync(join(folder, "postgres"));
  writeFileSync(join(folder, "keys.env"), "VAULT_MASTER_KEY=old\n");
  const { filled, settings, note } = openFolder(folder, { VAULT_MASTER_KEY: DEVELOPERS_KEY, PORT: "1" });
  expect(filled).toBeNull();
  expect(settings).toMatchObject({ VAULT_MASTER_KEY: undefined, PORT: "1" });
  expect(existsSync(join(folder, "postgres"))).toBe(false);

  mkdirSync(join(folder, "postgres"));
  writeFileSync(join(folder, "keys.env"), "VAULT_MASTER_KEY=new\n");
  note({ hooks_port: 4_000 });
  const again = openFolder(folder, { VAULT_MASTER_KEY: DEVELOPERS_KEY });
  expect(again.filled).toEqual({ hooks_port: 4_000 });
  expect(again.settings).toMatchObject({ VAULT_MASTER_KEY: "new" });
  expect(existsSync(join(folder, "postgres"))).toBe(true);
});
