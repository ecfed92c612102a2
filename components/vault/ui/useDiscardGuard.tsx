"use client";

import { AlertDialog } from "radix-ui";
import {
  type ComponentProps,
  createContext,
  type ReactNode,
  type RefCallback,
  use,
  useCallback,
  useRef,
  useState,
} from "react";
import { Button, buttonVariants } from "./button";
import { BODY, DESCRIPTION, FOOTER, OVERLAY, PANEL, TITLE } from "./dialogStyles";
import { followTheme } from "./followTheme";

const BodyRef = createContext<RefCallback<HTMLElement> | undefined>(undefined);

interface DiscardGuard {
  /** For the dialog's root, in place of the given one. */
  onOpenChange: (isOpen: boolean) => void;
  /** The dialog, with the question about it. */
  guarded: (dialog: ReactNode) => ReactNode;
}

/**
 * Has a dialog ask before it closes and loses what was typed: at Escape, a click outside, its close button and its
 * Cancel button. It asks if any field in its {@link DialogBody} differs from how it was when it appeared. A dialog that
 * its owner takes away, as after a save, goes without a question.
 *
 * What is in the fields stays there: kept is only what they held at first, and they are read when somebody closes. A
 * field that the app fills itself says with `data-opened-with` what it then holds.
 *
 * @param isUnsaved whether there is more to lose than the fields say, such as a text that was read and is gone from them
 */
export function useDiscardGuard(
  isUnsaved: boolean,
  onOpenChange: ((isOpen: boolean) => void) | undefined,
): DiscardGuard {
  const [isAsking, setAsking] = useState(false);
  const isChanged = useRef((): boolean => false);
  const focused = useRef<Element | null>(null);
  const bodyRef = useCallback((body: HTMLElement | null) => {
    if (!body) return;
    const fields = watchFields(body);
    isChanged.current = fields.isChanged;
    const unfollow = followTheme(body);
    return () => {
      fields.stop();
      unfollow?.();
    };
  }, []);

  function change(isOpen: boolean) {
    if (isOpen || !(isUnsaved || isChanged.current())) return onOpenChange?.(isOpen);
    focused.current = document.activeElement;
    setAsking(true);
  }

  function discard() {
    setAsking(false);
    onOpenChange?.(false);
  }

  function restoreFocus(event: Event) {
    event.preventDefault();
    if (focused.current instanceof HTMLElement) focused.current.focus();
  }

  const guarded = (dialog: ReactNode) => (
    <BodyRef value={bodyRef}>
      {dialog}
      <AlertDialog.Root open={isAsking} onOpenChange={setAsking}>
        <AlertDialog.Portal>
          <AlertDialog.Overlay className={OVERLAY} />
          <AlertDialog.Content className={PANEL} onCloseAutoFocus={restoreFocus}>
            <div className={BODY}>
              <AlertDialog.Title className={TITLE}>Discard what you typed?</AlertDialog.Title>
              <AlertDialog.Description className={DESCRIPTION}>
                It hasn&apos;t been saved.
              </AlertDialog.Description>
              <div className={FOOTER}>
                <AlertDialog.Cancel className={buttonVariants({ variant: "outline" })}>
                  Keep editing
                </AlertDialog.Cancel>
                <Button variant="destructive" onClick={discard}>
                  Discard
                </Button>
              </div>
            </div>
          </AlertDialog.Content>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </BodyRef>
  );
  return { onOpenChange: change, guarded };
}

/** The part of a dialog that scrolls, and whose fields are watched. */
export function DialogBody(props: ComponentProps<"div">) {
  return <div ref={use(BodyRef)} data-slot="dialog-body" className={BODY} {...props} />;
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const contentOf = (field: Field) =>
  field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type)
    ? String(field.checked)
    : field.value;

function watchFields(root: HTMLElement): { isChanged: () => boolean; stop: () => void } {
  const atFirst = new WeakMap<Field, string>();
  const all = () => [
    ...root.querySelectorAll<Field>("input:not([type=hidden], [type=file], [readonly]), textarea, select"),
  ];
  const note = () => {
    for (const field of all()) if (!atFirst.has(field)) atFirst.set(field, contentOf(field));
  };
  note();
  const added = new MutationObserver(note);
  added.observe(root, { childList: true, subtree: true });
  return {
    isChanged: () =>
      all().some((field) => {
        const content = contentOf(field);
        const { openedWith } = field.dataset;
        return content !== (openedWith ?? atFirst.get(field) ?? content);
      }),
    stop: () => added.disconnect(),
  };
}
