"use client";

import { Download } from "lucide-react";
import { useState } from "react";
import { Failure } from "@/components/shared/Failure";
import { Button } from "@/components/vault/ui/button";
import { type ApiError, fetchFile } from "@/lib/vault/http/client";

interface CsvButtonProps {
  path: string;
  /** What it means that the address is not there. */
  notFound?: string;
}

/** Downloads usage as a file. With a request of the page's own, which can say why it failed. */
export function CsvButton({ path, notFound }: CsvButtonProps) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);

  async function download() {
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      const { name, content } = await fetchFile(path);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(content);
      link.download = name;
      link.click();
      // Not immediately: the browser may still be reading it.
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    } catch (error) {
      setFailure(error as ApiError);
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="flex flex-col gap-2 sm:items-end">
      <Button variant="outline" className="w-fit" onClick={download} aria-disabled={busy}>
        <Download aria-hidden />
        {busy ? "Loading…" : "Download CSV"}
      </Button>
      <Failure failure={failure} notFound={notFound} />
    </div>
  );
}
