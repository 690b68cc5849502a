import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Handlers } from "../../../shared/contract/rpc.ts";
import type { AskAnswer } from "../../../shared/model/ask.ts";
import type { AskId } from "../../../shared/model/ids.ts";
import { listInbox } from "../../../shared/model/list-inbox.ts";
import type { AskRecord, Store } from "../store/store.ts";
import { findProject } from "./find-project.ts";
import { allRows, toAsk } from "./publish-changes.ts";

export interface InboxParts {
  readonly store: Store;
  readonly answer: (ask: AskId, answer: AskAnswer) => Promise<AskRecord>;
}

type InboxCalls = "inbox.list" | "ask.answer" | "approval.list" | "approval.remove";

export function handleInbox(parts: InboxParts): Pick<Handlers<AppContract>, InboxCalls> {
  const { store } = parts;
  const nameOf = (project: string | undefined) =>
    project === undefined ? undefined : findProject(store, project).name;
  return {
    "inbox.list": ({ project }) => {
      const name = nameOf(project);
      return listInbox(allRows(store)).filter(
        (item) => name === undefined || item.project === name,
      );
    },
    "ask.answer": async ({ ask, answer }) => toAsk(await parts.answer(ask, answer)),
    "approval.list": ({ project }) => [...store.approvals.list(nameOf(project))],
    "approval.remove": ({ approval }) => {
      store.write("person", (record) => {
        store.approvals.remove(approval);
        record("approval.removed", String(approval));
      });
      return {};
    },
  };
}
