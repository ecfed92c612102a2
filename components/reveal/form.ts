import type { SecretSource } from "@/lib/vault/types";
import type { PageRun } from "./runs/run";
import type { ModelChoice } from "./runs/useModel";
import type { Reveal } from "./runs/useReveal";

/** What both of Reveal's forms are given. */
export interface FormProps {
  reveal: Reveal;
  /** The workspace's team; undefined for none. */
  teamId: string | undefined;
  /** Whether the person is an admin of that team. */
  isAdmin: boolean;
  /** The layers that hold the key and may pay, nearest first. */
  usable: readonly SecretSource[];
  model: ModelChoice;
  /** Runs one again, with the model that is chosen now. */
  onAgain: (run: PageRun) => void;
}
