import type { DataFolder } from "../../base/data-folder.ts";
import { createLane } from "../../base/lane.ts";
import { ChosenResolutions } from "./chosen-resolutions.ts";
import { ConflictResolver, type ConflictResolverParts } from "./conflict-resolver.ts";
import { HandLeftovers } from "./hand-leftovers.ts";
import { HandResolutions, type HandResolutionsParts } from "./hand-resolutions.ts";
import { Resolvers, type ResolversParts } from "./resolvers.ts";

export interface ConflictLadderParts
  extends Omit<ConflictResolverParts, "folder">,
    Omit<ResolversParts, "isOn" | "hasWorker" | "cancel" | "land" | "keeping">,
    Omit<HandResolutionsParts, "folder" | "requeue" | "dismiss" | "keeping"> {
  readonly folder: Pick<DataFolder, "worktrees" | "logs">;
  readonly resolving: Pick<ResolversParts, "isOn" | "hasWorker" | "cancel" | "land"> &
    Pick<HandResolutionsParts, "requeue">;
}

/** What is tried on a conflict, one after the other: what needs nobody's judgement, then a worker of its own, then the person. */
export class ConflictLadder implements AsyncDisposable {
  readonly settled: ConflictResolver;
  readonly resolvers: Resolvers;
  /** In a worktree. */
  readonly hands: HandResolutions;
  /** In a window. */
  readonly chosen: ChosenResolutions;
  readonly leftovers: HandLeftovers;

  constructor(parts: ConflictLadderParts) {
    const { resolving, folder } = parts;
    this.settled = new ConflictResolver(parts);
    const keeping = createLane();
    this.resolvers = new Resolvers({ ...parts, ...resolving, keeping });
    const { requeue } = resolving;
    const dismiss: HandResolutionsParts["dismiss"] = (entry) => this.resolvers.dismiss(entry);
    this.hands = new HandResolutions({ ...parts, requeue, dismiss, keeping });
    this.chosen = new ChosenResolutions({ folder, hands: this.hands });
    this.leftovers = new HandLeftovers(parts);
  }
  run(): void {
    this.resolvers.run();
    this.leftovers.run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leftovers[Symbol.asyncDispose]();
    await this.resolvers[Symbol.asyncDispose]();
  }
}
