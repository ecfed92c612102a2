"use client";

import { FileUp } from "lucide-react";
import { Label } from "@/components/vault/ui/label";
import { readTextFile } from "@/lib/vault/text-file";

interface FileButtonProps {
  id: string;
  onText: (text: string) => void;
  /** The file cannot be read, in one sentence. */
  onProblem: (problem: string) => void;
}

/** Chooses a text file and reads it: what dropping one does, for those who do not drag. */
export function FileButton({ id, onText, onProblem }: FileButtonProps) {
  async function choose(input: HTMLInputElement) {
    if (!input.files || input.files.length === 0) return;
    const read = await readTextFile(input.files);
    // Else the browser would not report the same file again, once it was corrected.
    input.value = "";
    if ("text" in read) onText(read.text);
    else onProblem(read.problem);
  }
  return (
    <Label
      htmlFor={id}
      className="w-fit cursor-pointer rounded-md border border-input px-3 py-2 shadow-[0_1px_2px_rgb(0_0_0/0.05)] hover:bg-accent has-[:focus-visible]:[outline-style:none] forced-colors:has-[:focus-visible]:[outline:2px_solid_transparent] has-[:focus-visible]:ring-[3px] has-[:focus-visible]:ring-ring/60"
    >
      <FileUp aria-hidden className="size-4" />
      Choose a file
      <input id={id} type="file" className="sr-only" onChange={(event) => choose(event.currentTarget)} />
    </Label>
  );
}
