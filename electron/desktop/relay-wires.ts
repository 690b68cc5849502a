import type { Wire } from "../../shared/contract/wire.ts";

/** Carries every frame of one wire to the other, both ways; when one closes, so does the other. */
export function relayWires(left: Wire, right: Wire): void {
  left.onFrame((frame) => right.send(frame));
  right.onFrame((frame) => left.send(frame));
  left.onClose(() => right.close());
  right.onClose(() => left.close());
}
