"use client";

import { type SyntheticEvent, useCallback, useEffect, useRef, useState } from "react";
import { type Doubt, judgeValue } from "@/lib/vault/doubts";
import { readEntered } from "@/lib/vault/entered";
import { readFiles } from "./transfer";

interface Options {
  /** The key that is chosen; empty if there is none. */
  key: string;
  onName: (name: string) => void;
  /** The value is another one now. */
  onValue: () => void;
  /** The text is a .env file; where it is left out, such a text is a value like any other. */
  onEnvFile: ((text: string) => void) | undefined;
  /** A file cannot be read, in one sentence. */
  onProblem: (problem: string) => void;
}

/**
 * The one way for text into the form for a secret, whether it is pasted, dropped or from a file. What is typed, and
 * what goes into the middle of a value, is left to the browser.
 */
export function useEnteredText({ key, onName, onValue, onEnvFile, onProblem }: Options) {
  const value = useRef<HTMLTextAreaElement>(null);
  const name = useRef<HTMLInputElement>(null);
  /** What was done with the value that is in its field. */
  const [notes, setNotes] = useState<string[]>([]);
  const [doubt, setDoubt] = useState<Doubt | null>(null);

  const judge = useCallback(() => {
    const text = value.current?.value ?? "";
    const judgement = text === "" || key === "" ? null : judgeValue(key, text);
    setDoubt(judgement && "warning" in judgement ? judgement : null);
  }, [key]);
  // The same value means something else under another name.
  useEffect(judge, [judge]);

  function changeValue(text: string, notes: string[]) {
    if (!value.current) return;
    value.current.value = text;
    setNotes(notes);
    judge();
    onValue();
  }

  const read = (text: string, field: "name" | "value") =>
    readEntered(text, { field, key, canImport: onEnvFile !== undefined });

  /** Takes a whole text. */
  function enter(text: string, field: "name" | "value") {
    const entered = read(text, field);
    if (entered.kind === "env-file") return onEnvFile?.(text);
    if (entered.name !== undefined) onName(entered.name);
    if (entered.kind === "value") changeValue(entered.value, entered.notes);
  }

  /** What is pasted or dropped on the form. */
  function take(event: SyntheticEvent, data: DataTransfer) {
    const file = readFiles(data);
    if (file) {
      event.preventDefault();
      if (!value.current) return onProblem("Choose “Replace the value” first. The file wasn't read.");
      void file.then((found) => ("text" in found ? enter(found.text, "value") : onProblem(found.problem)));
      return;
    }
    const text = data.getData("text/plain");
    const field = event.target === value.current ? "value" : event.target === name.current && "name";
    if (text === "" || !field) return;
    const { selectionStart, selectionEnd, value: present } = event.target as HTMLTextAreaElement;
    const isWhole = selectionStart === 0 && selectionEnd === present.length;
    if (!isWhole && read(text, field).kind === field) return;
    event.preventDefault();
    enter(text, field);
  }

  /** The value was edited by hand. */
  function edited() {
    setNotes([]);
    judge();
  }

  const withoutMargins = () => changeValue(value.current?.value.trim() ?? "", []);

  return { value, name, notes, doubt, take, enter, edited, withoutMargins };
}
