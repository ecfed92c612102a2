import type { RunOutcome } from "@/lib/reveal/types";
import type { SecretSource } from "@/lib/vault/types";

/** What both of Reveal's forms are given. */
export interface FormProps {
  /** The workspace's team; undefined for none. */
  teamId: string | undefined;
  /** Whether the person is an admin of that team. */
  isAdmin: boolean;
  /** The layers that hold the key and may pay, nearest first. */
  usable: readonly SecretSource[];
  /** Is told how each run ended. */
  onRun: (outcome: RunOutcome) => void;
}
