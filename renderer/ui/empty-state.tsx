import type { ReactNode } from "react";

/** What to do where there is nothing to see. */
export function EmptyState({
  icon,
  title,
  children,
  actions,
}: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className="flex h-full flex-col items-center justify-center gap-3 p-8 text-center">
      <span className="flex size-12 items-center justify-center rounded-xl border border-line bg-surface text-faint">
        {icon}
      </span>
      <h2 className="font-semibold text-lg">{title}</h2>
      <div className="max-w-md text-base text-muted">{children}</div>
      {actions && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
