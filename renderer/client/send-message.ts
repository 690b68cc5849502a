import type { SessionId } from "../../shared/model/ids.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { call } from "./connection.ts";

/** Sends a message to a session's program; a message that its program did not confirm is an error. */
export async function sendMessage(session: SessionId, text: string): Promise<void> {
  const { isDelivered } = await call("session.send", { session, text });
  if (isDelivered) return;
  throw new SwitchyardError(
    "failed",
    `${session} has not confirmed the message yet.`,
    "Look into its terminal before you send it again.",
  );
}
