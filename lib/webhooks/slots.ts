import "server-only";
import { webhookProblem } from "./errors";

// How many attempts are under way at once, in this process. Without a limit, twenty webhooks that never answer and a
// few dozen changes would take the connections and the database from everybody else. A person may be in many teams, so
// that slots are shared out among people, and a team's slots are a part of its people's.

const OF_ALL = 60;
const OF_ONE_PERSON = 10;
const OF_ONE_OWNER = 5;
/** Attempts of one owner that may wait for a slot. */
const WAITING_OF_ONE_OWNER = 100;

/** What an attempt counts for. */
export interface SlotUse {
  /** Whose webhook it is: a person or a team. */
  ownerId: string;
  /** Who caused the event. */
  personId: string;
}

interface Waiting extends SlotUse {
  begin: () => void;
}

/** In the order in which they came. */
const waiting: Waiting[] = [];
/** How many attempts are under way, of each and of all. */
const owners = new Map<string, number>();
const people = new Map<string, number>();
let all = 0;

function count({ ownerId, personId }: SlotUse, by: 1 | -1): void {
  all += by;
  add(owners, ownerId, by);
  add(people, personId, by);
}

function add(counts: Map<string, number>, id: string, by: number): void {
  const sum = (counts.get(id) ?? 0) + by;
  if (sum === 0) counts.delete(id);
  else counts.set(id, sum);
}

/**
 * Does something once there is a slot for its owner, for the person and of all. A slot that is free goes to the person who
 * has the fewest under way, and among equals to what has waited longest.
 *
 * @throws Problem webhooks_unavailable if too much of that owner's is waiting already
 */
export async function inSlot<Result>(use: SlotUse, work: () => Promise<Result>): Promise<Result> {
  if (waiting.filter(({ ownerId }) => ownerId === use.ownerId).length >= WAITING_OF_ONE_OWNER) {
    throw webhookProblem("webhooks_unavailable", { cause: { name: "TooManyDeliveries" } });
  }
  await new Promise<void>((begin) => {
    waiting.push({ ...use, begin });
    giveSlots();
  });
  try {
    return await work();
  } finally {
    count(use, -1);
    giveSlots();
  }
}

/** Begins what may begin now. */
function giveSlots(): void {
  while (all < OF_ALL) {
    const next = nextOne();
    if (!next) return;
    waiting.splice(waiting.indexOf(next), 1);
    count(next, 1);
    next.begin();
  }
}

function nextOne(): Waiting | undefined {
  let next: Waiting | undefined;
  let fewest = OF_ONE_PERSON;
  for (const candidate of waiting) {
    const ofPerson = people.get(candidate.personId) ?? 0;
    const ofOwner = owners.get(candidate.ownerId) ?? 0;
    if (ofPerson < fewest && ofOwner < OF_ONE_OWNER) {
      next = candidate;
      fewest = ofPerson;
    }
  }
  return next;
}
