import { useRef, useState } from "react";
import { readColourSchemes } from "../../../shared/model/read-colour-scheme.ts";
import type { ColourScheme } from "../../../shared/model/terminal-look.ts";
import { changeLook, FONT_SIZE, useTerminalSettings } from "../../terminal/terminal-settings.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Checkbox, TextField } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format-amount.ts";

/** A theme of a hundred schemes is read; a picture that somebody takes for one is not. */
const FILE_MAX_BYTES = 2_000_000;

const themes = [
  ["dark", "While the window is dark"],
  ["light", "While the window is light"],
] as const;

/** Colours, letters, bell and selection of all terminals. */
export function LookDialog({ onClose }: { readonly onClose: () => void }) {
  const look = useTerminalSettings((settings) => settings.look);
  const [schemes, setSchemes] = useState<readonly ColourScheme[]>([]);
  return (
    <Dialog title="Look of terminals" width="max-w-2xl" onClose={onClose}>
      <div className="flex flex-col gap-5">
        <section aria-label="Colours" className="flex flex-col gap-2">
          {themes.map(([theme, text]) => (
            <div key={theme} className="flex items-center gap-3">
              <span className="w-48 shrink-0 text-muted text-sm">{text}</span>
              <span className="min-w-0 flex-1 truncate text-sm">
                {look[theme]?.name ?? "Switchyard’s own"}
              </span>
              {look[theme] && (
                <>
                  <Swatches scheme={look[theme]} />
                  <Button isSmall onClick={() => changeLook({ [theme]: null })}>
                    Switchyard’s own
                  </Button>
                </>
              )}
            </div>
          ))}
          <ThemeFile onRead={setSchemes} />
          {schemes.map((scheme) => (
            <div
              key={scheme.name}
              className="flex items-center gap-3 rounded-md border border-line px-2 py-1.5"
            >
              <Swatches scheme={scheme} />
              <span className="min-w-0 flex-1 truncate text-sm">{scheme.name}</span>
              {themes.map(([theme]) => (
                <Button
                  key={theme}
                  isSmall
                  aria-label={`Use while ${theme}: ${scheme.name}`}
                  onClick={() => changeLook({ [theme]: scheme })}
                >
                  Use while {theme}
                </Button>
              ))}
            </div>
          ))}
        </section>
        <Letters />
        <section
          aria-label="Ligatures, bell and selection"
          className="flex flex-col gap-1.5 text-sm"
        >
          <Checkbox
            isChecked={look.hasLigatures}
            onChange={(hasLigatures) => changeLook({ hasLigatures })}
          >
            Characters that the font joins are drawn as one (ligatures)
          </Checkbox>
          <Checkbox isChecked={look.hasBell} onChange={(hasBell) => changeLook({ hasBell })}>
            A bell is shown at its pane for a moment
          </Checkbox>
          <Checkbox
            isChecked={look.isCopiedOnSelect}
            onChange={(isCopiedOnSelect) => changeLook({ isCopiedOnSelect })}
          >
            What is selected is copied at once
          </Checkbox>
          <Checkbox
            isChecked={look.isForScreenReader}
            onChange={(isForScreenReader) => changeLook({ isForScreenReader })}
          >
            Terminals for screen readers
          </Checkbox>
        </section>
      </div>
    </Dialog>
  );
}

function ThemeFile({ onRead }: { readonly onRead: (schemes: readonly ColourScheme[]) => void }) {
  const chooser = useRef<HTMLInputElement>(null);
  const [told, setTold] = useState<{ isGood: boolean; text: string } | null>(null);
  const read = async (file: File) => {
    const name = file.name.replace(/\.[^.]*$/, "").slice(0, 80) || "Imported";
    const reading =
      file.size > FILE_MAX_BYTES
        ? { kind: "unreadable" as const, why: "it is larger than any theme" }
        : readColourSchemes(await file.text(), name);
    onRead(reading.kind === "read" ? reading.schemes : []);
    setTold(
      reading.kind === "read"
        ? {
            isGood: true,
            text: `${formatCount(reading.schemes.length, "scheme")} in ${file.name}.`,
          }
        : { isGood: false, text: `${file.name} cannot be used: ${reading.why}.` },
    );
  };
  return (
    <div className="flex items-center gap-3">
      <Button isSmall onClick={() => chooser.current?.click()}>
        Import colours…
      </Button>
      <span
        role="status"
        className={told?.isGood === false ? "text-bad text-xs" : "text-faint text-xs"}
      >
        {told?.text ?? "From iTerm2 (.itermcolors) or Windows Terminal (JSON)."}
      </span>
      <input
        ref={chooser}
        type="file"
        hidden
        aria-label="Theme file"
        accept=".itermcolors,.json,.jsonc"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file) void read(file);
          // The same file again, once it was mended.
          event.target.value = "";
        }}
      />
    </div>
  );
}

function Letters() {
  const { font, fontSize, contrast } = useTerminalSettings((settings) => settings.look);
  const [family, setFamily] = useState(font ?? "");
  return (
    <section aria-label="Letters" className="flex items-start gap-3">
      <TextField
        label="Font"
        placeholder="Switchyard’s own"
        hint="Families as they are installed, e.g. JetBrains Mono"
        value={family}
        maxLength={300}
        onChange={(event) => {
          const plain = event.target.value.replace(/[{};<>\\]/g, "");
          setFamily(plain);
          changeLook({ font: plain.trim() === "" ? null : plain.trim() });
        }}
      />
      <TextField
        label="Size"
        type="number"
        min={FONT_SIZE.least}
        max={FONT_SIZE.most}
        value={fontSize}
        onChange={(event) => {
          const size = event.target.valueAsNumber;
          if (Number.isInteger(size) && size >= FONT_SIZE.least && size <= FONT_SIZE.most)
            changeLook({ fontSize: size });
        }}
      />
      <TextField
        label="Least contrast"
        type="number"
        min={1}
        max={21}
        step={0.5}
        hint="1: as programs say"
        value={contrast}
        onChange={(event) => {
          const least = event.target.valueAsNumber;
          if (least >= 1 && least <= 21) changeLook({ contrast: least });
        }}
      />
    </section>
  );
}

function Swatches({ scheme }: { readonly scheme: ColourScheme }) {
  return (
    <span
      aria-hidden="true"
      className="flex shrink-0 items-center gap-0.5 rounded border border-line px-1.5 py-1"
      style={{ background: scheme.background }}
    >
      {[scheme.foreground, ...scheme.colours.slice(1, 7)].map((colour, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a scheme can hold one colour twice, and never changes.
        <span key={n} className="size-2.5 rounded-full" style={{ background: colour }} />
      ))}
    </span>
  );
}
