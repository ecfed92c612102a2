import { ScanSearch } from "lucide-react";
import { MAX_TEXT_CHARS } from "@/lib/reveal/types";
import type { FormProps } from "./form";
import { RevealForm } from "./RevealForm";

/** A text, and what a careful reader should notice in it. */
export function AnalyzeForm(props: FormProps) {
  return (
    <RevealForm
      {...props}
      kind="analyze"
      label="Text"
      placeholder="Paste text to analyze"
      empty="Enter some text first."
      max={MAX_TEXT_CHARS}
      action="Analyze"
      icon={ScanSearch}
      result="Analysis"
    />
  );
}
