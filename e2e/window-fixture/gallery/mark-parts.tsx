import {
  entryLook,
  planLook,
  profileLook,
  type StateLook,
  sessionLook,
  taskLook,
} from "../../../renderer/mirror/state-look.ts";
import { Age } from "../../../renderer/ui/age.tsx";
import { KeyHint } from "../../../renderer/ui/key-hint.tsx";
import { Meter, toneOfShare } from "../../../renderer/ui/meter.tsx";
import { NameChip } from "../../../renderer/ui/name-chip.tsx";
import { QrCode } from "../../../renderer/ui/qr-code.tsx";
import { type Shape, ShapeMark, StateMark } from "../../../renderer/ui/state-mark.tsx";
import type { Tone } from "../../../renderer/ui/tone.ts";
import { keysOf, type Part, state } from "./part.ts";

const shapes = keysOf<Shape>({
  disc: true,
  ring: true,
  dashed: true,
  half: true,
  triangle: true,
  square: true,
  diamond: true,
  pause: true,
  clock: true,
  check: true,
  cross: true,
  question: true,
  eye: true,
});
const tones = keysOf<Tone>({
  quiet: true,
  busy: true,
  good: true,
  warn: true,
  bad: true,
  review: true,
});

const MINUTE_MS = 60_000;
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS).toISOString();

const looksOf = (of: string, looks: Readonly<Record<string, StateLook>>) =>
  Object.entries(looks).map(([name, look]) => state(`${of}: ${name}`, <StateMark look={look} />));

/** What says how something stands: shapes, words, meters, names, times and keys. */
export const markParts: readonly Part[] = [
  {
    name: "StateMark",
    states: [
      ...tones.map((tone) =>
        state(
          `boxed, ${tone}`,
          <StateMark isBoxed look={{ word: "State", tone, shape: "disc" }} />,
        ),
      ),
      ...looksOf("session", sessionLook),
      ...looksOf("task", taskLook),
      ...looksOf("entry", entryLook),
      ...looksOf("profile", profileLook),
      ...looksOf("plan", planLook),
    ],
  },
  {
    name: "ShapeMark",
    states: shapes.map((shape) => state(shape, <ShapeMark shape={shape} size={16} />)),
  },
  {
    name: "Meter",
    states: [
      ...[0, 42, 80, 97, 100].map((value) =>
        state(
          `${value} %`,
          <Meter
            name={`Window at ${value}`}
            value={value}
            max={100}
            text={`${value} %`}
            tone={toneOfShare(value)}
            className="w-24"
          />,
        ),
      ),
      ...tones.map((tone) =>
        state(
          tone,
          <Meter
            name={`Sessions, ${tone}`}
            value={3}
            max={10}
            text="3 of 10"
            tone={tone}
            className="w-24"
          />,
        ),
      ),
      state(
        "not known",
        <Meter
          name="Unknown window"
          value={null}
          max={100}
          text="not known yet"
          tone="quiet"
          className="w-24"
        />,
      ),
    ],
  },
  {
    name: "NameChip",
    states: [
      ...["max-1", "max-2", "pro-1", "team"].map((name) => state(name, <NameChip name={name} />)),
      state("with a hue", <NameChip name="night" hue={210} title="Chosen by hand" />),
      state("cut short", <NameChip name="a-profile-with-a-very-long-name" className="max-w-28" />),
    ],
  },
  {
    name: "Age",
    states: [0.2, 4, 90, 60 * 30].map((minutes) =>
      state(`${minutes} min`, <Age since={ago(minutes)} />),
    ),
  },
  {
    name: "KeyHint",
    states: ["Mod+Shift+P", "Alt+1", "F6", "Mod++", "Shift+ArrowLeft", "Enter", "?"].map((keys) =>
      state(keys, <KeyHint keys={keys} />),
    ),
  },
  {
    name: "QrCode",
    states: [
      state(
        "an address",
        <QrCode
          text="https://example.org/device?code=ABCD-EFGH"
          label="Sign-in link"
          className="w-32"
        />,
      ),
    ],
  },
];
