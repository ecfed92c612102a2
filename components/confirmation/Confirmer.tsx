"use client";

import { useEffect, useRef, useState } from "react";
import { PartMissing } from "@/components/vault/PartMissing";
import { later } from "@/components/vault/ui/later";
import { setConfirmer } from "@/lib/vault/http/confirmer";
import type { Asked } from "./ConfirmationDialog";

const ConfirmationDialog = later(
  () => import("./ConfirmationDialog").then((module) => module.ConfirmationDialog),
  ({ onAnswer }) => <PartMissing onClose={() => onAnswer(false)} />,
);
const PRELOAD_AFTER_MS = 500;

interface Question {
  answer: (isConfirmed: boolean) => void;
  /** What has the focus when the question comes up, and gets it back. */
  opener: Element | null;
}

/** Has the requests of this page ask for the password where the server wants that. */
export function Confirmer(asked: Asked) {
  const [question, setQuestion] = useState<Question | null>(null);
  const open = useRef<Question | null>(null);

  useEffect(() => {
    const preload = setTimeout(() => ConfirmationDialog.preload().catch(() => {}), PRELOAD_AFTER_MS);
    const forget = setConfirmer(
      () =>
        new Promise((resolve) => {
          open.current = { answer: resolve, opener: document.activeElement };
          setQuestion(open.current);
        }),
    );
    return () => {
      clearTimeout(preload);
      forget();
      open.current?.answer(false);
    };
  }, []);

  if (!question) return null;
  return (
    <ConfirmationDialog
      {...asked}
      opener={question.opener}
      onAnswer={(isConfirmed) => {
        open.current = null;
        setQuestion(null);
        question.answer(isConfirmed);
      }}
    />
  );
}
