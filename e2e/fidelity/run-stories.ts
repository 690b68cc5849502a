import fc from "fast-check";
import { arbitraryStory, type Happening } from "./arbitrary-story.ts";
import { playStory } from "./play-story.ts";

/** Played beside each other: most of a story is waiting for what a window does in its own time. */
const AT_ONCE = 24;

export interface StoryFailure {
  /** Which of the stories of its seed, from 0. */
  readonly number: number;
  readonly story: readonly Happening[];
  readonly error: unknown;
}

/** Plays the first `runs` stories of a seed; in those with a recording, its bytes are what is printed. */
export async function runStories(
  seed: number,
  runs: number,
  recording: Uint8Array | null = null,
): Promise<readonly StoryFailure[]> {
  const drawn = fc.sample(arbitraryStory, { seed, numRuns: runs });
  const stories = recording ? drawn.map((story) => printRecording(story, recording)) : drawn;
  const failures: StoryFailure[] = [];
  const coming = stories.entries();
  const playOn = async () => {
    for (const [number, story] of coming) {
      try {
        await playStory(story);
      } catch (error) {
        failures.push({ number, story, error });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, playOn));
  return failures.toSorted((a, b) => a.number - b.number);
}

/** All of the recording, shared out among what is printed. */
function printRecording(story: readonly Happening[], recording: Uint8Array): Happening[] {
  const prints = story.filter(({ kind }) => kind === "print").length;
  const length = Math.ceil(recording.length / Math.max(1, prints));
  let at = 0;
  return story.map((happening) => {
    if (happening.kind !== "print") return happening;
    const pieces = happening.pieces.map((_, index, all) => {
      const from = at + Math.floor((length * index) / all.length);
      return recording.subarray(from, at + Math.floor((length * (index + 1)) / all.length));
    });
    at += length;
    return { kind: "print", pieces: pieces.filter((piece) => piece.length > 0) };
  });
}

/** Leaves out of a story what it fails without, one happening at a time; a failure that depends on chance stays long. */
export async function shrinkStory(story: readonly Happening[]): Promise<readonly Happening[]> {
  let shortest = story;
  for (let size = story.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < shortest.length; ) {
      const shorter = shortest.toSpliced(at, size);
      if (await fails(shorter)) shortest = shorter;
      else at += size;
    }
  }
  return shortest;
}

export function writeStory(story: readonly Happening[]): string {
  const asText = (_: string, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value;
  // A buffer turns itself into its bytes before anyone can ask.
  const plain = story.map((happening) => {
    if (happening.kind === "flood")
      return { ...happening, bytes: Uint8Array.from(happening.bytes) };
    if (happening.kind !== "print") return happening;
    return { ...happening, pieces: happening.pieces.map((piece) => Uint8Array.from(piece)) };
  });
  return JSON.stringify(plain, asText);
}

async function fails(story: readonly Happening[]): Promise<boolean> {
  try {
    await playStory(story);
    return false;
  } catch {
    return true;
  }
}
