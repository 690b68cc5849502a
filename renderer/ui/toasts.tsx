import { X } from "lucide-react";
import { useEffect, useId } from "react";
import { create } from "zustand";
import { toErrorShape } from "../../shared/model/switchyard-error.ts";
import { IconButton } from "./button.tsx";
import { classNames } from "./class-names.ts";
import { ShapeMark } from "./state-mark.tsx";

interface Toast {
  readonly id: number;
  readonly tone: "good" | "bad";
  readonly message: string;
  readonly hint: string | null;
}

const SHOWN_MS = { good: 4_000, bad: 12_000 } as const;
const MOST_SHOWN = 4;

const useToasts = create<{
  readonly toasts: readonly Toast[];
  /** Where toasts can be drawn, the newest last. */
  readonly places: readonly string[];
}>(() => ({ toasts: [], places: [] }));
let lastId = 0;

function dismiss(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}

function show(toast: Omit<Toast, "id">): void {
  const id = ++lastId;
  useToasts.setState(({ toasts }) => ({
    toasts: [...toasts.filter((old) => isStillNews(old, toast)), { ...toast, id }].slice(
      -MOST_SHOWN,
    ),
  }));
  setTimeout(() => dismiss(id), SHOWN_MS[toast.tone]);
}

/** What did not work before is not news any more once something did. */
function isStillNews(old: Toast, { tone, message }: Omit<Toast, "id">): boolean {
  return old.message !== message && !(tone === "good" && old.tone === "bad");
}

/** Says what went wrong and the way out, as the core worded it. */
export function toastError(error: unknown): void {
  const { message, hint } = toErrorShape(error);
  show({ tone: "bad", message, hint });
}

export function toastDone(message: string): void {
  show({ tone: "good", message, hint: null });
}

/** Drawn in the newest place: whatever is outside of an open dialog lies under it, out of reach. */
export function Toasts() {
  const place = useId();
  const { toasts, places } = useToasts();
  useEffect(() => {
    useToasts.setState((state) => ({ places: [...state.places, place] }));
    return () =>
      useToasts.setState((state) => ({ places: state.places.filter((each) => each !== place) }));
  }, [place]);
  if (places.at(-1) !== place) return null;
  return (
    <div className="pointer-events-none fixed right-4 bottom-4 z-50 flex w-80 flex-col gap-2">
      {toasts.map((toast) => (
        <div
          key={toast.id}
          role={toast.tone === "bad" ? "alert" : "status"}
          className={classNames(
            "pointer-events-auto flex items-start gap-2.5 rounded-lg border bg-raised py-2.5 pr-1.5 pl-3 shadow-raised",
            toast.tone === "bad" ? "border-bad/50" : "border-line",
          )}
        >
          <span className={classNames("mt-1", toast.tone === "bad" ? "text-bad" : "text-good")}>
            <ShapeMark shape={toast.tone === "bad" ? "cross" : "check"} size={12} />
          </span>
          <div className="min-w-0 flex-1">
            <p className="break-words font-medium text-sm">{toast.message}</p>
            {toast.hint && <p className="mt-0.5 break-words text-muted text-xs">{toast.hint}</p>}
          </div>
          <IconButton label="Dismiss" isSmall onClick={() => dismiss(toast.id)}>
            <X size={13} />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
