import { readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "@playwright/test";
import { as, expectProblem, newPerson, type Person, post } from "../e2e/api/client";
import { newValue } from "../e2e/fixtures";
import { APP_ENV } from "../support/app-env";
import { APP_URL } from "../support/ports";
import { answers, dataFolder, fillWithTemplate, type Running, run, until } from "./servers";

// The whole product on a disk that is really full: a small file system in memory, which only the processes of this
// test see, and which is gone with them.

const LAUNCHER = resolve(import.meta.dirname, "../../scripts/start.ts");
const KB = 1_000;
const MB = 1_000_000;
const isRoot = process.getuid?.() === 0;

interface Disk {
  /** Where the app sees it. */
  path: string;
  /** Puts the database there that a start finds. */
  begin(): void;
  /** Fills it until so many bytes are left. */
  fill(left: number): void;
  /** Removes what filled it. */
  free(): void;
  /** Starts a program that sees it. */
  run(command: string, parameters: string[], env: NodeJS.ProcessEnv): Running;
  remove(): Promise<void>;
}

/** @returns undefined where the system does not let us mount one */
async function smallDisk(): Promise<Disk | undefined> {
  if (process.platform !== "linux") return undefined;
  const folder = dataFolder();
  const mount = `mount -t tmpfs -o size=160m tmpfs ${folder.path} && echo mounted && exec cat`;
  const holder = run("unshare", [isRoot ? "-m" : "-Urm", "sh", "-c", mount]);
  const isMounted = until("Nothing is mounted", () => holder.output().includes("mounted"), holder);
  if (
    !(await isMounted.then(
      () => true,
      () => false,
    ))
  )
    return void folder.remove();
  const seen = `/proc/${holder.pid}/root${folder.path}`;
  const left = () => {
    const { bavail, bsize } = statfsSync(seen);
    return bavail * bsize;
  };
  const enter = ["-t", String(holder.pid), "-m", ...(isRoot ? [] : ["-U", "--preserve-credentials"])];
  let files = 0;
  return {
    path: folder.path,
    begin: () => fillWithTemplate(join(seen, "dev")),
    fill(until) {
      for (let size = left() - until; size > 0; size = left() - until) {
        try {
          writeFileSync(join(seen, `ballast${files++}`), Buffer.alloc(Math.min(size, 64 * KB)));
        } catch {
          // A page less than it seemed: that is full.
          if (until === 0 && left() < 8 * KB) break;
        }
      }
    },
    free() {
      for (const name of readdirSync(seen)) if (name.startsWith("ballast")) rmSync(join(seen, name));
    },
    run: (command, parameters, env) => run("nsenter", [...enter, command, ...parameters], env),
    remove: async () => {
      await holder.kill();
      folder.remove();
    },
  };
}

const launch = (disk: Disk) =>
  disk.run(process.execPath, [LAUNCHER, "start"], { ...APP_ENV, EMBEDDED_DATA_DIR: disk.path });

async function launched(disk: Disk): Promise<Running> {
  const app = launch(disk);
  await until("The app does not start", () => app.output().includes("Command Center is at"), app);
  await answers(APP_URL, app);
  return app;
}

/** 28 values of about 8 KB: what one import takes, and a third of a megabyte in the database and in its log. */
const bulk = () =>
  new Map(Array.from({ length: 28 }, (_, index) => [`BULK_${index}`, newValue().repeat(155)] as const));

class Writer {
  readonly person: Person;
  /** What was acknowledged. */
  readonly stored = new Map<string, string>();
  private states = new Map<string, string>();
  constructor(person: Person) {
    this.person = person;
  }

  /** One import; its status. */
  async write(values = bulk()): Promise<number> {
    const secrets = [...values].map(([key, value]) => ({
      key,
      value,
      if_updated_at: this.states.get(key) ?? null,
    }));
    const reply = await as(this.person)("/api/vault/import", post({ secrets }));
    if (reply.status === 200) {
      for (const [key, value] of values) this.stored.set(key, value);
      for (const { key, updated_at } of reply.json.secrets) this.states.set(key, updated_at);
    } else {
      // Where the database has stopped altogether, who is asking cannot be known either.
      expectProblem(
        reply,
        503,
        reply.json?.code === "auth_unavailable" ? "auth_unavailable" : "vault_unavailable",
      );
    }
    return reply.status;
  }

  async expectAllStored(): Promise<void> {
    const ask = as(this.person);
    const { secrets } = (await ask("/api/vault")).json;
    expect(secrets).toHaveLength(this.stored.size);
    for (const [key, value] of this.stored) {
      expect((await ask(`/api/vault?key=${key}&reveal=true`)).json).toEqual({ key, value });
    }
  }
}

const STOPPED = "The database has stopped. It continues by itself once its disk has space.";
const times = (text: string, app: Running) => app.output().split(text).length - 1;

test("a full disk refuses writes with a sentence, loses nothing, and goes on once there is room", async () => {
  const disk = await smallDisk();
  if (!disk) {
    const why =
      "NOT TESTED: a full disk, because this system lets nobody mount a small one (unshare, tmpfs).";
    console.log(why);
    test.skip(true, why);
    return;
  }
  try {
    disk.begin();
    let app = await launched(disk);
    const writer = new Writer(await newPerson());
    const ask = as(writer.person);
    expect(await writer.write()).toBe(200);

    await test.step("where the database cannot go on with its log, it stops, and recovers", async () => {
      // There is room for rows, and none for the next 16 MB of the log. Where in the log it is, nobody knows.
      for (let attempt = 0; attempt < 4 && times(STOPPED, app) === 0; attempt++) {
        disk.free();
        disk.fill(14 * MB);
        while ((await writer.write()) === 200);
        expectProblem(await ask("/api/vault"), 503, "auth_unavailable");
      }
      expect(times(STOPPED, app)).toBe(1);
      const refused = await Promise.all(
        Array.from({ length: 8 }, () => ask("/api/vault", post({ key: "LATER", value: newValue() }))),
      );
      for (const reply of refused) expectProblem(reply, 503, "auth_unavailable");
      expect(times(STOPPED, app)).toBe(1);
      disk.free();
      await writer.expectAllStored();
      expect(await writer.write()).toBe(200);
      expect(times("The database continues.", app)).toBe(1);
    });

    await test.step("where there is no room for rows, they are refused, and can be read", async () => {
      disk.fill(0);
      let written = 0;
      while ((await writer.write()) === 200) expect(written++).toBeLessThan(20);
      const { secrets } = (await ask("/api/vault")).json;
      expect(secrets).toHaveLength(writer.stored.size);
      expect((await ask("/api/vault?key=BULK_0")).status).toBe(200);
      expect(app.output()).toContain('"cause_code":"53100"');
      disk.free();
      await writer.expectAllStored();
      expect(await writer.write()).toBe(200);
    });

    await test.step("a start on a full disk says so, and one after it finds everything", async () => {
      disk.fill(0);
      await app.kill();
      const failed = launch(disk);
      expect(await failed.ended).toBe(1);
      expect(failed.output()).toMatch(
        /^✗ The disk of \S+ has 0 MB left, .+ Nothing that is stored there is lost\.$/m,
      );
      expect(failed.output().trim().split("\n")).toHaveLength(1);
      disk.free();
      app = await launched(disk);
      await writer.expectAllStored();
      expect(await writer.write()).toBe(200);
    });
    await app.kill();
  } finally {
    await disk.remove();
  }
});
