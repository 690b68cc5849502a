import { createRoot } from "react-dom/client";
import { classNames } from "../../../renderer/ui/class-names.ts";
import { Toasts } from "../../../renderer/ui/toasts.tsx";
import { controlParts } from "./control-parts.tsx";
import { markParts } from "./mark-parts.tsx";
import { pageParts } from "./page-parts.tsx";
import type { Part } from "./part.ts";
import { TokenSwatches } from "./token-swatches.tsx";

/** Every part of renderer/ui in every state, on one page. */
export function showGallery(isDialogOpen: boolean): void {
  const root = document.getElementById("root");
  if (!root) throw new Error("The page has no element with the id “root”.");
  createRoot(root).render(<Gallery isDialogOpen={isDialogOpen} />);
}

function Gallery({ isDialogOpen }: { readonly isDialogOpen: boolean }) {
  const parts = [...controlParts, ...markParts, ...pageParts(isDialogOpen)];
  return (
    <main className="flex flex-col gap-4 p-4">
      <h1 className="font-semibold text-xl">The parts of the window</h1>
      <TokenSwatches />
      <div className="gap-4 columns-[34rem]">
        {parts.map((part) => (
          <PartCard key={part.name} part={part} />
        ))}
      </div>
      <Toasts />
    </main>
  );
}

function PartCard({ part }: { readonly part: Part }) {
  return (
    <section
      aria-label={part.name}
      className="mb-4 break-inside-avoid rounded-lg border border-line bg-surface p-4"
    >
      <h2 className="mb-3 font-semibold text-base">{part.name}</h2>
      <ul
        className={classNames(
          "grid gap-x-4 gap-y-3",
          part.isWide ? "grid-cols-1" : "grid-cols-[repeat(auto-fill,minmax(9rem,1fr))]",
        )}
      >
        {part.states.map(({ title, drawn }) => (
          <li key={title} className="flex min-w-0 flex-col items-start gap-1">
            <span className="text-faint text-xs">{title}</span>
            <div className="w-full min-w-0">{drawn}</div>
          </li>
        ))}
      </ul>
    </section>
  );
}
