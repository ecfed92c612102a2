"use client";

import {
  type ClipboardEvent,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import { Label } from "@/components/vault/ui/label";
import { Textarea } from "@/components/vault/ui/textarea";
import { cleanPasted } from "@/lib/vault/clean";
import { parseEnvFile } from "@/lib/vault/env-import";
import { judgeValue } from "@/lib/vault/rules";

interface ValueFieldProps {
  id: string;
  label: string;
  /** The key that the value is for; empty while none is chosen. */
  keyName: string;
  onKeyName: (key: string) => void;
  /** The pasted text is a .env file with several keys. */
  onEnvFile: ((text: string) => void) | undefined;
  autoFocus: boolean;
  invalid: boolean;
  describedBy: string | undefined;
  ref: Ref<HTMLTextAreaElement>;
}

/**
 * Takes a value. What is in it stays in the field: it is read once, when it is sent, and is never part of the
 * page's state. Password managers, spell-checkers and the form history are kept away from it.
 */
export function ValueField(props: ValueFieldProps) {
  const { id, label, keyName, onKeyName, onEnvFile, autoFocus, invalid, describedBy, ref } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => field.current as HTMLTextAreaElement, []);
  const [removed, setRemoved] = useState<string[]>([]);
  const [warning, setWarning] = useState<string | null>(null);

  const judge = useCallback(() => {
    const text = field.current?.value.trim() ?? "";
    const judgement = text === "" || keyName === "" ? null : judgeValue(keyName, text);
    setWarning(judgement && "warning" in judgement ? judgement.warning : null);
  }, [keyName]);
  // The same value means something else under another name.
  useEffect(judge, [judge]);
  useEffect(() => {
    if (autoFocus) field.current?.focus();
  }, [autoFocus]);

  function paste(event: ClipboardEvent<HTMLTextAreaElement>) {
    const field = event.currentTarget;
    const text = event.clipboardData.getData("text/plain");
    if (onEnvFile && isEnvFile(text)) {
      event.preventDefault();
      onEnvFile(text);
      return;
    }
    // Only a paste that makes up the whole value is cleaned; inside a longer one, quotes may belong there.
    const isWhole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    if (!isWhole) return;
    const cleaned = cleanPasted(keyName, text);
    setRemoved(cleaned.removed);
    if (cleaned.name && keyName === "") onKeyName(cleaned.name);
    if (cleaned.removed.length === 0) return;
    event.preventDefault();
    field.setRangeText(cleaned.value, 0, field.value.length, "end");
    judge();
  }

  return (
    <div className="flex flex-col gap-2">
      <Label htmlFor={id}>{label}</Label>
      <Textarea
        ref={field}
        id={id}
        name="secret-value"
        rows={2}
        className="[-webkit-text-security:disc] max-h-40 font-mono"
        autoComplete="off"
        autoCorrect="off"
        autoCapitalize="none"
        spellCheck={false}
        data-1p-ignore
        data-bwignore
        data-lpignore="true"
        data-form-type="other"
        aria-invalid={invalid}
        aria-describedby={[describedBy, `${id}-notes`].filter(Boolean).join(" ")}
        onPaste={paste}
        // At once and not on leaving the field: a sentence that comes or goes moves the button from under the pointer.
        // So not `onChange`, which Firefox calls on leaving as well where a paste was cleaned.
        onInput={() => {
          setRemoved([]);
          judge();
        }}
      />
      <div id={`${id}-notes`} role="status" className="flex flex-col gap-1 text-sm empty:hidden">
        {removed.length > 0 && (
          <p className="text-muted-foreground">Removed from it: {removed.join(", ")}.</p>
        )}
        {warning && <p className="text-warning-foreground">{warning} You can save it all the same.</p>}
      </div>
    </div>
  );
}

/** Several assignments; a PEM or JSON key is none. */
function isEnvFile(text: string): boolean {
  return /^\s*(export\s+)?[\w.-]+\s*=/m.test(text) && parseEnvFile(text).rows.length > 1;
}
