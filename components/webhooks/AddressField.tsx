import { type RefObject, useId } from "react";
import { Failure } from "@/components/shared/Failure";
import { Button } from "@/components/vault/ui/button";
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";
import type { ApiError } from "@/lib/vault/http/client";
import type { Webhook } from "@/lib/webhooks/schema";

interface AddressFieldProps {
  /** The webhook to edit; null for a new one. */
  webhook: Webhook | null;
  url: string;
  onUrl: (url: string) => void;
  /** The present address, once the person asked for it. */
  shownUrl: string | null;
  /** Asks for the present address, which is in no list. */
  onShow: () => void;
  isShowing: boolean;
  failure: ApiError | null;
  ref: RefObject<HTMLInputElement | null>;
}

/** Where a webhook leads. That of one that there is already is empty until the person asks for it. */
export function AddressField(props: AddressFieldProps) {
  const { webhook, shownUrl, isShowing, failure } = props;
  const id = useId();
  return (
    <div className="flex flex-col gap-2">
      <Label htmlFor={id}>Address</Label>
      <Input
        ref={props.ref}
        id={id}
        type="url"
        inputMode="url"
        value={props.url}
        // The present address is nobody's to lose.
        data-opened-with={shownUrl ?? ""}
        onChange={(event) => props.onUrl(event.target.value)}
        placeholder={webhook?.address ?? "https://example.com/hooks"}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={failure !== null}
        aria-describedby={failure ? `${id}-failure` : webhook ? `${id}-note` : undefined}
      />
      <Failure id={`${id}-failure`} failure={failure} />
      {webhook && (
        <div className="flex flex-wrap items-center justify-between gap-2">
          <p id={`${id}-note`} className="min-w-0 flex-1 basis-52 text-sm text-muted-foreground">
            {shownUrl === null
              ? "Leave empty to keep the current address."
              : "Anyone who has this address may be able to post to it."}
          </p>
          {shownUrl === null && (
            <Button variant="outline" size="sm" onClick={props.onShow} aria-disabled={isShowing}>
              {isShowing ? "Showing…" : "Show the address"}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
