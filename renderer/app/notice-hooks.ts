import { inboxOf } from "../../shared/contract/inbox-of.ts";
import { readChoice } from "../../shared/model/read-choice.ts";
import { answerItem, sendNote } from "../features/inbox/item-acts.ts";
import type { NoticeHooks } from "../features/notifications/run-notices.ts";
import { useGridView } from "../features/terminals/grid-view-store.ts";
import { useMirror } from "../mirror/mirror.ts";
import { act } from "../ui/use-action.ts";
import { goToItem, goToSubject } from "./go-to.ts";
import { showView, useRoute } from "./view-store.ts";

/** How notices meet the rest of the window: what the person looks at anyway, and where a press leads. */
export const noticeHooks: NoticeHooks = {
  isSeen: ({ kind, session }) => {
    if (!document.hasFocus()) return false;
    const { view } = useRoute.getState();
    if (view === "inbox") return kind === "needs-you" || kind === "failed";
    return view === "terminals" && session !== null && session === useGridView.getState().focused;
  },
  open: (notices) => {
    const [first] = notices;
    if (!first) return;
    const waiting = inboxOf(useMirror.getState());
    const items = waiting.filter(({ id }) => notices.some(({ subject }) => subject === id));
    const [item] = items;
    if (item && notices.length === 1) goToItem(item);
    else if (item) showView("inbox");
    else if (first.kind === "limit") showView("profiles");
    else goToSubject(first.subject);
  },
  answer: (item, answer) =>
    act(() => {
      if (answer.kind !== "reply") return answerItem(item, { kind: answer.kind });
      const [question] = item.ask?.questions ?? [];
      if (!question) return sendNote(item, "reply", answer.text);
      const answers = { [question.question]: readChoice(question, answer.text.trim()) };
      return answerItem(item, { kind: "choose", answers });
    }),
};
