import { X } from "lucide-react";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { IconButton } from "./button.tsx";
import { classNames } from "./class-names.ts";
import { Toasts } from "./toasts.tsx";

/** A modal dialog. The platform's own element keeps the focus inside and gives it back. */
export function Dialog({
  title,
  onClose,
  children,
  footer,
  width = "max-w-xl",
  isBare = false,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  readonly width?: string;
  /** Without header and padding; the title still names it. */
  readonly isBare?: boolean;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the element is taken out: one that is gone closes nothing and gives no focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Left alone, the platform would take the first thing that can have the focus, which is the button that closes.
    element?.querySelector<HTMLElement>("[data-first-focus], input, textarea, select")?.focus();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
      className={classNames(
        "m-auto mt-[12vh] max-h-[78vh] w-[92vw] overflow-hidden rounded-xl border border-line bg-surface text-ink shadow-raised",
        "open:flex flex-col",
        width,
      )}
    >
      {!isBare && (
        <header className="flex shrink-0 items-center justify-between border-line border-b py-2.5 pr-2.5 pl-4">
          <h2 className="font-semibold text-base">{title}</h2>
          <IconButton label="Close" onClick={onClose}>
            <X size={15} />
          </IconButton>
        </header>
      )}
      <div className={classNames("flex min-h-0 flex-col", isBare ? "" : "overflow-y-auto p-4")}>
        {children}
      </div>
      {footer && (
        <footer className="flex shrink-0 items-center justify-end gap-2 border-line border-t bg-sunken px-4 py-3">
          {footer}
        </footer>
      )}
      <Toasts />
    </dialog>
  );
}
