import { X } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "./button.tsx";

/** Details beside a list; it scrolls for itself. */
export function SidePanel({
  label,
  header,
  actions,
  onClose,
  children,
}: {
  readonly label: string;
  readonly header: ReactNode;
  readonly actions?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <aside
      aria-label={label}
      className="flex min-h-0 min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-surface"
    >
      <header className="flex shrink-0 items-start gap-2 border-line border-b py-3 pr-2 pl-4">
        <div className="min-w-0 flex-1">{header}</div>
        <IconButton label="Close details" onClick={onClose}>
          <X size={15} />
        </IconButton>
      </header>
      {actions && (
        <div className="flex shrink-0 flex-wrap items-center gap-1.5 border-line border-b bg-sunken px-4 py-2">
          {actions}
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys. */}
      <div data-scroller tabIndex={0} className="min-h-0 flex-1 overflow-y-auto -outline-offset-2">
        {children}
      </div>
    </aside>
  );
}

export function PanelSection({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <section className="border-line border-b px-4 py-3 last:border-b-0">
      <h3 className="mb-1.5 font-semibold text-faint text-xs">{title}</h3>
      {children}
    </section>
  );
}

/** Names and values in two columns. */
export function FactList({
  facts,
}: {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}) {
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1 text-sm">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-faint">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
