import { X } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Button } from "@/components/vault/ui/button";
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";
import { NativeSelect } from "@/components/vault/ui/native-select";
import { ACTION_GROUPS, type ActionGroup, type EventAction } from "@/lib/activity/actions";
import { type ActivityFilter, isFiltering } from "@/lib/activity/filter";
import type { ActivityTopics } from "@/lib/activity/topics";
import { pageHref } from "@/lib/workspace/href";
import { ACTION_LABELS, GROUP_LABELS } from "./labels";

interface FilterFormProps {
  filter: ActivityFilter;
  topics: ActivityTopics;
  /** Whose events are "you". */
  userId: string;
  /** Null for the person's own log. */
  teamId: string | null;
}

/** What happens only in teams, or only to accounts. */
const OF_TEAMS: readonly string[] = ["people", "team_settings"] satisfies ActionGroup[];
const OF_ACCOUNTS: readonly string[] = ["account"] satisfies ActionGroup[];

/** Chooses what of the log is shown. A plain form, so that it needs no script and the choice is in the address. */
export function FilterForm({ filter, topics, userId, teamId }: FilterFormProps) {
  const action = pageHref("activity", null);
  const groups = Object.entries(ACTION_GROUPS).filter(
    ([group]) => !(teamId === null ? OF_TEAMS : OF_ACCOUNTS).includes(group),
  ) as [ActionGroup, readonly EventAction[]][];
  // Also where the log has nothing of it: a link that was shared says what it is about.
  const keys = filter.key && !topics.keys.includes(filter.key) ? [filter.key, ...topics.keys] : topics.keys;
  const people =
    filter.person && !topics.people.some(({ id }) => id === filter.person)
      ? [...topics.people, { id: filter.person, email: null }]
      : topics.people;
  return (
    <form
      // Anew with each filter, so that the fields are what the list shows, also after going back.
      key={JSON.stringify(filter)}
      action={action}
      aria-label="Filters"
      // Else a browser that comes back fills in what was chosen later.
      autoComplete="off"
      // Two beside each other where a date has room, so that the list begins on a phone's first screen.
      className="grid grid-cols-1 gap-3 rounded-xl border bg-card px-4 py-4 min-[360px]:grid-cols-2 sm:px-5 lg:grid-cols-4"
    >
      {teamId !== null && <input type="hidden" name="team" value={teamId} />}
      <Choice label="Key" name="key" value={filter.key}>
        <option value="">All keys</option>
        {keys.map((key) => (
          <option key={key}>{key}</option>
        ))}
      </Choice>
      {(teamId !== null || filter.person) && (
        <Choice label="Person" name="person" value={filter.person}>
          <option value="">Everyone</option>
          {people.map(({ id, email }) => (
            <option key={id} value={id}>
              {id === userId ? `You (${email ?? "…"})` : (email ?? `A deleted account (${id.slice(0, 8)})`)}
            </option>
          ))}
        </Choice>
      )}
      <Choice label="Action" name="action" value={filter.action}>
        <option value="">All actions</option>
        {groups.map(([group, actions]) => (
          <optgroup key={group} label={GROUP_LABELS[group]}>
            <option value={group}>{GROUP_LABELS[group]}</option>
            {actions.length > 1 &&
              actions.map((each) => (
                <option key={each} value={each}>
                  {ACTION_LABELS[each]}
                </option>
              ))}
          </optgroup>
        ))}
      </Choice>
      <Field label="From (UTC)">
        {(id) => <Input id={id} type="date" name="from" defaultValue={filter.from} />}
      </Field>
      <Field label="To (UTC)">
        {(id) => <Input id={id} type="date" name="to" defaultValue={filter.to} />}
      </Field>
      <Field label={teamId === null ? "Search keys" : "Search keys and people"}>
        {(id) => (
          <Input
            id={id}
            type="search"
            name="search"
            maxLength={100}
            defaultValue={filter.search}
            autoComplete="off"
          />
        )}
      </Field>
      <div className="flex flex-wrap items-end gap-2 min-[360px]:col-span-2">
        <Button type="submit">Apply filters</Button>
        {isFiltering(filter) && (
          <Button asChild variant="ghost">
            <a href={pageHref("activity", teamId)}>
              <X aria-hidden />
              Clear filters
            </a>
          </Button>
        )}
      </div>
    </form>
  );
}

function Field({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <Label htmlFor={id}>{label}</Label>
      {children(id)}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  name: string;
  value: string | undefined;
  children: ReactNode;
}

function Choice({ label, name, value, children }: ChoiceProps) {
  return (
    <Field label={label}>
      {(id) => (
        <NativeSelect id={id} name={name} defaultValue={value ?? ""}>
          {children}
        </NativeSelect>
      )}
    </Field>
  );
}
