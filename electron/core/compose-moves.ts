import { homedir } from "node:os";
import type { Profile } from "../../shared/model/profile.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import type { FleetParts } from "./compose-fleet.ts";
import { defaultFolder } from "./profile/profile-folder.ts";
import { copyRecord, type RecordMove, removeRecordCopy } from "./provider/claude/copy-record.ts";
import type { SessionRecord } from "./store/store.ts";
import type { Dispatcher } from "./supervisor/dispatcher.ts";
import { MoveKeeper } from "./supervisor/move-keeper.ts";
import type { Sessions } from "./worker/sessions.ts";

type MoveParts = FleetParts & {
  readonly sessions: Sessions;
  readonly dispatcher: Dispatcher;
  readonly halted: () => string | null;
};

/** What lets conversations go on at another profile, with the provider's own records. */
export function composeMoves(parts: MoveParts): MoveKeeper {
  return new MoveKeeper({
    ...parts,
    records: {
      copy: async (session, from, to) => copyRecord(moveOf(session, from, to)),
      removeCopy: (session, from, to) => removeRecordCopy(moveOf(session, from, to)),
    },
  });
}

function moveOf(session: SessionRecord, from: Profile, to: Profile): RecordMove {
  if (to.dir === null)
    throw new SwitchyardError(
      "failed",
      `${to.name} is your own folder, which nothing is put into.`,
    );
  return {
    from: from.dir ?? defaultFolder(homedir()),
    to: to.dir,
    conversation: session.providerSession,
    cwd: session.cwd,
    recordFile: session.recordFile,
  };
}
