import { type Answer, explainAnswer } from "./ask.ts";
import { type Check, type Finding, failure, ok } from "./check.ts";
import { findEmbedded, type Subject } from "./subject.ts";

/** How far two clocks may be apart: less than the minute that servers and libraries allow around a session's end. */
const MOST_APART_MS = 60_000;

export const REACH: Check[] = [
  {
    id: "reach",
    title: "whether Supabase answers",
    ground: "Supabase answers",
    needs: ["address"],
    run: checkReach,
  },
  { id: "clock", title: "the clock", needs: ["reach"], run: checkClock },
];

async function checkReach(subject: Subject): Promise<Finding> {
  if (subject.isEmbedded) await findEmbedded(subject);
  const health = await subject.ask("/auth/v1/health", { key: subject.publishable?.key });
  subject.health = health;
  if (health.failed) return explainSilence(subject, health);
  // A gateway that asks for a key, or refuses this one, is Supabase's; the keys are checked below.
  const said = Object(health.body) as Record<string, unknown>;
  if (health.status === 200 && said.name === "GoTrue") return ok(`Supabase answers at ${subject.url}`);
  if (health.status === 401 && typeof said.message === "string")
    return ok(`Supabase answers at ${subject.url}`);
  return explainStrange(health);
}

function explainSilence({ isEmbedded, url, settings }: Subject, answer: Answer): Finding {
  const { failed = "" } = answer;
  if (isEmbedded) {
    return failure(
      `Nothing answers at ${url} (${explainAnswer(answer)}).`,
      "Start the embedded Supabase with `npm run dev` in another terminal, then run this again.",
    );
  }
  const host = new URL(url).hostname;
  if (failed === "ENOTFOUND" || failed === "EAI_AGAIN") {
    return failure(
      `There's no address for ${host} (${failed}).`,
      "Compare it with the URL under Connect in Supabase's dashboard. A project that was deleted, or paused for long, has no address either.",
    );
  }
  if (/CERT|TLS|SSL|SELF_SIGNED|EPROTO|UNABLE_TO/.test(failed)) {
    return failure(
      `${host} has no valid certificate (${failed}).`,
      url.startsWith("https:") && settings.NODE_EXTRA_CA_CERTS === undefined
        ? "If a proxy of your network has its own authority, name its file in NODE_EXTRA_CA_CERTS."
        : "Ask that server's operator to renew it.",
    );
  }
  return failure(
    `${url} doesn't answer (${explainAnswer(answer)}).`,
    "Check the address, this machine's network and firewall, and https://status.supabase.com.",
  );
}

// https://supabase.com/docs/guides/platform/http-status-codes
function explainStrange(answer: Answer): Finding {
  const { status } = answer;
  if (status === 540)
    return failure(
      "The project is paused (status 540).",
      "Restore it in Supabase's dashboard. Free projects pause after seven idle days.",
    );
  if (status === 402) {
    return failure(
      "Supabase has restricted the project (status 402): a quota is exceeded, or a bill is open.",
      "See Organization → Usage and Billing in its dashboard.",
    );
  }
  if (status >= 500) {
    return failure(
      `Supabase doesn't work (${explainAnswer(answer)}).`,
      "See the project's health in its dashboard. After it was restored or restarted, wait a few minutes.",
    );
  }
  return failure(
    `Something that isn't Supabase Auth answers (${explainAnswer(answer)}).`,
    "Set NEXT_PUBLIC_SUPABASE_URL to the project's URL, under Connect in its dashboard; not to the dashboard's or the app's own.",
  );
}

function checkClock({ health }: Subject): Finding | Finding[] {
  const { headers, at } = health ?? {};
  const theirs = Date.parse(headers?.get("date") ?? "");
  if (Number.isNaN(theirs) || at === undefined) return [];
  const apart = Math.round((at - theirs) / 1_000);
  if (Math.abs(apart) * 1_000 <= MOST_APART_MS) return ok("This machine's clock and Supabase's agree");
  return failure(
    `This machine's clock is ${Math.abs(apart)} seconds ${apart > 0 ? "ahead of" : "behind"} Supabase's, so sessions end too ${apart > 0 ? "early" : "late"}, and second factors may not work.`,
    "Have the machine set its clock by NTP.",
  );
}
