// A panel that is folded until it is wanted; what it shows is computed only while it is open.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Watched } from "../../trainer/protocol.ts";
import { watch } from "../store.ts";

interface PanelProps {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  /** What the worker has to look at for it. */
  readonly needs?: keyof Watched;
  readonly children: () => ComponentChildren;
}

export function Panel({ id, title, hint, needs, children }: PanelProps) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!needs || !open) return;
    watch(needs, true);
    return () => watch(needs, false);
  }, [needs, open]);
  return (
    <details class="panel" id={id} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <b>{title}</b> <span class="soft">{hint}</span>
      </summary>
      {open && <div class="inside">{children()}</div>}
    </details>
  );
}
