import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Screen } from "../../terminal/open-screen.ts";
import { IconButton } from "../../ui/button.tsx";
import { BareInput } from "../../ui/field.tsx";

const decorations = {
  matchBackground: "#6b5417",
  matchOverviewRuler: "#d9a520",
  activeMatchBackground: "#b07d0c",
  activeMatchColorOverviewRuler: "#ffcf4d",
};

export function PaneSearch({
  screen,
  onClose,
}: {
  readonly screen: Screen;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState("");
  const [found, setFound] = useState<{ index: number; count: number } | null>(null);
  const bar = useRef<HTMLDivElement>(null);
  const { search } = screen;

  useEffect(() => {
    bar.current?.querySelector("input")?.focus();
    const listening = search.onDidChangeResults(({ resultIndex, resultCount }) =>
      setFound({ index: resultIndex, count: resultCount }),
    );
    return () => {
      listening.dispose();
      search.clearDecorations();
    };
  }, [search]);

  const find = (direction: "next" | "previous", term = text, isIncremental = false) => {
    if (term === "") {
      search.clearDecorations();
      setFound(null);
    } else if (direction === "next") {
      search.findNext(term, { incremental: isIncremental, decorations });
    } else search.findPrevious(term, { decorations });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape leaves the search from any of its controls.
    <div
      ref={bar}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
      className="flex h-9 shrink-0 items-center gap-1.5 border-line border-b bg-sunken px-2"
    >
      <BareInput
        label="Search in this terminal"
        placeholder="Search"
        className="h-6 max-w-70"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          find("next", event.target.value, true);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") find(event.shiftKey ? "previous" : "next");
        }}
      />
      <span role="status" className="min-w-14 text-faint text-xs tabular-nums">
        {found && (found.count === 0 ? "No match" : `${found.index + 1} of ${found.count}`)}
      </span>
      <IconButton label="Previous match" isSmall onClick={() => find("previous")}>
        <ChevronUp size={14} />
      </IconButton>
      <IconButton label="Next match" isSmall onClick={() => find("next")}>
        <ChevronDown size={14} />
      </IconButton>
      <IconButton label="Close search" isSmall className="ml-auto" onClick={onClose}>
        <X size={14} />
      </IconButton>
    </div>
  );
}
