/**
 * `npm test`: one npm command after the other, whether or not one before it failed, so that one failing test doesn't hide
 * the rest. Says at the end which failed, and exits with 1 then. What a command leaves in the file TEST_REPORT, as
 * Vitest's JSON reporter writes it, is named there as well: what it has printed itself is far above by then.
 *
 * SIGINT and SIGTERM are passed on to the running command, and no other one begins after them.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const commands = process.argv.slice(2);
const failed: string[] = [];
const failures: string[] = [];
const reports = mkdtempSync(join(tmpdir(), "test-reports-"));
let stoppedBy: NodeJS.Signals | undefined;

for (const [index, command] of commands.entries()) {
  // npm passes no SIGINT on, so that the signal goes to a process group of its own.
  const isWindows = process.platform === "win32";
  const report = join(reports, `${index}.json`);
  const child = spawn("npm", ["run", command], {
    stdio: "inherit",
    shell: isWindows,
    detached: !isWindows,
    env: { ...process.env, TEST_REPORT: report },
  });
  const passOn = (signal: NodeJS.Signals) => {
    stoppedBy = signal;
    if (isWindows || child.pid === undefined) child.kill(signal);
    else process.kill(-child.pid, signal);
  };
  process.on("SIGINT", passOn).on("SIGTERM", passOn);
  const [code, signal] = await once(child, "exit");
  process.off("SIGINT", passOn).off("SIGTERM", passOn);
  if (code !== 0) {
    failed.push(command);
    failures.push(...failuresIn(report));
  }
  stoppedBy ??= signal ?? undefined;
  if (stoppedBy) break;
}

rmSync(reports, { recursive: true, force: true });
for (const failure of failures) console.error(`\n${failure}`);
if (failed.length > 0)
  console.error(`\n✗ Failed: ${failed.map((command) => `npm run ${command}`).join(", ")}`);
if (stoppedBy) process.exitCode = stoppedBy === "SIGINT" ? 130 : 143;
else process.exitCode = failed.length > 0 ? 1 : 0;

/** The failures in a report, each with its file, its name, and its message; none where there is no report. */
function failuresIn(report: string): string[] {
  let files: ReportedFile[];
  try {
    files = JSON.parse(readFileSync(report, "utf8")).testResults;
  } catch {
    return [];
  }
  return files.flatMap(({ name, status, message, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === "failed");
    if (status === "failed" && tests.length === 0) return [`✗ ${name}\n${message}`];
    return tests.map(
      ({ fullName, failureMessages }) => `✗ ${name}: ${fullName}\n${failureMessages.join("\n")}`,
    );
  });
}

/** Of Jest's JSON report, which Vitest writes as well (https://vitest.dev/guide/reporters#json-reporter). */
interface ReportedFile {
  name: string;
  status: string;
  message: string;
  assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
}
