import { ipcMain, Notification, type WebContents } from "electron";
import {
  type NoticeMessage,
  NoticeOrder,
  type NoticePress,
} from "../../shared/contract/notice-message.ts";
import { NOTICE, NOTICE_PRESSED } from "../../shared/contract/notice-names.ts";
import { isAppPage } from "./app-scheme.ts";

/** Of each page so many are heard of; systems keep about as many. */
const KEPT_MAX = 30;

/**
 * Shows what our pages tell the person, with the buttons and the field for an answer that a page's own notifications cannot have:
 * where the system has them. Only the top frame of our own page is heard.
 */
export function showNotices(): void {
  const shown = new WeakMap<WebContents, Map<string, Notification>>();
  ipcMain.on(NOTICE, ({ sender, senderFrame: frame }, message: unknown) => {
    if (!frame || frame.parent || !isAppPage(frame.url)) return;
    const order = NoticeOrder.safeParse(message);
    if (!order.success || !Notification.isSupported()) return;
    const ofPage = shown.get(sender) ?? new Map<string, Notification>();
    shown.set(sender, ofPage);
    if (order.data.kind === "take-away") takeAway(ofPage, order.data.tag);
    else show(sender, ofPage, order.data.notice);
  });
}

function show(
  sender: WebContents,
  ofPage: Map<string, Notification>,
  { tag, title, text, acts, reply }: NoticeMessage,
): void {
  takeAway(ofPage, tag);
  const notification = new Notification({
    title,
    body: text,
    actions: acts.map((act) => ({ type: "button", text: act })),
    hasReply: reply !== null,
    ...(reply === null ? {} : { replyPlaceholder: reply }),
  });
  const told = (press: NoticePress) => {
    takeAway(ofPage, tag);
    if (!sender.isDestroyed()) sender.send(NOTICE_PRESSED, { tag, press });
  };
  notification.on("click", () => told({ kind: "open" }));
  notification.on("action", ({ actionIndex }) => told({ kind: "act", act: actionIndex }));
  notification.on("reply", ({ reply: answer }) => told({ kind: "reply", text: answer }));
  // One that nobody holds is collected, and then nothing is heard of its buttons.
  ofPage.set(tag, notification);
  const [oldest] = ofPage.keys();
  if (ofPage.size > KEPT_MAX && oldest !== undefined) takeAway(ofPage, oldest);
  notification.show();
}

function takeAway(ofPage: Map<string, Notification>, tag: string): void {
  const notification = ofPage.get(tag);
  ofPage.delete(tag);
  notification?.close();
}
