/** How many kinds of one group are told apart at a time; what else comes meanwhile is counted together. */
const MOST_KINDS = 100;
const A_MINUTE_MS = 60_000;

interface Kind<Entry> {
  entry: Entry;
  /** How many have come since it was last written. */
  more: number;
}

/**
 * Makes a writer for what strangers can cause as often as they like. The first of a kind is written at once. Those that
 * follow are one entry with their number at the end of each minute, until there is a minute without any, or the process
 * ends. So a flood is a few lines, and the counts of all of them add up to what there was. A flood in one group takes no
 * room of another's.
 *
 * @param write is given an entry, and how many it stands for
 * @returns a function that takes one. `group`: of a closed list; `entry`: two of the same content are of one kind;
 *   `plain`: the same entry with members of a closed list alone, for when there are too many kinds
 */
export function combineBursts<Entry extends object>(write: (entry: Entry, count: number) => void) {
  const groups = new Map<string, Map<string, Kind<Entry>>>();
  let timer: NodeJS.Timeout | undefined;

  function writeCounts(): void {
    for (const [group, kinds] of groups) {
      for (const [name, kind] of kinds) {
        if (kind.more > 0) write(kind.entry, kind.more);
        else kinds.delete(name);
        kind.more = 0;
      }
      if (kinds.size === 0) groups.delete(group);
    }
  }

  function wait(): void {
    process.once("exit", writeCounts);
    timer = setTimeout(() => {
      process.off("exit", writeCounts);
      timer = undefined;
      writeCounts();
      if (groups.size > 0) wait();
    }, A_MINUTE_MS).unref();
  }

  return (group: string, entry: Entry, plain: Entry): void => {
    if (!timer) wait();
    const kinds = groups.get(group) ?? new Map<string, Kind<Entry>>();
    groups.set(group, kinds);
    const isKnown = kinds.has(JSON.stringify(entry));
    const said = isKnown || kinds.size < MOST_KINDS ? entry : plain;
    const name = JSON.stringify(said);
    const kind = kinds.get(name);
    if (kind) {
      kind.more += 1;
      return;
    }
    kinds.set(name, { entry: said, more: 0 });
    write(said, 1);
  };
}
