import { Play } from "lucide-react";
import { MAX_PROMPT_CHARS } from "@/lib/reveal/types";
import type { FormProps } from "./form";
import { RevealForm } from "./RevealForm";

/** A prompt, and its answer as it is written. */
export function RunForm(props: FormProps) {
  return (
    <RevealForm
      {...props}
      kind="run"
      label="Prompt"
      placeholder="Ask anything"
      empty="Enter a prompt first."
      max={MAX_PROMPT_CHARS}
      action="Run"
      icon={Play}
      result="Answer"
    />
  );
}
