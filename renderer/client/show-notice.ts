import type {
  NoticeMessage,
  NoticeOrder,
  NoticePress,
  NoticePressed,
} from "../../shared/contract/notice-message.ts";
import { NOTICE, NOTICE_PRESSED } from "../../shared/contract/notice-names.ts";

/**
 * Tells the person through the system, and calls `onPress` with what they do with it. In the desktop shell it has buttons and a
 * field for an answer, where the system has them; a browser's has neither. Returns what takes it away again.
 */
export function showNotice(
  notice: NoticeMessage,
  onPress: (press: NoticePress) => void,
): () => void {
  if (window.desktop) return showInShell(notice, onPress);
  if (!("Notification" in globalThis) || Notification.permission !== "granted") return () => {};
  const notification = new Notification(notice.title, { body: notice.text, tag: notice.tag });
  notification.addEventListener("click", () => {
    onPress({ kind: "open" });
    notification.close();
  });
  return () => notification.close();
}

/** Brings this window before the person's eyes; the desktop shell brings back one that is minimised. */
export function raiseWindow(): void {
  window.focus();
  window.postMessage("switchyard:raise", location.origin);
}

const heard = new Map<string, (press: NoticePress) => void>();
let isListening = false;

function showInShell(notice: NoticeMessage, onPress: (press: NoticePress) => void): () => void {
  const { tag } = notice;
  heard.set(tag, onPress);
  if (!isListening) addEventListener("message", hear);
  isListening = true;
  order({ kind: "show", notice });
  return () => {
    // Another one may have taken its place.
    if (heard.get(tag) !== onPress) return;
    heard.delete(tag);
    order({ kind: "take-away", tag });
  };
}

function order(told: NoticeOrder): void {
  window.postMessage({ type: NOTICE, order: told }, location.origin);
}

function hear({ source, data }: MessageEvent): void {
  if (source !== window || data?.type !== NOTICE_PRESSED) return;
  // Nobody but our own preload sends it.
  const { tag, press } = data.pressed as NoticePressed;
  heard.get(tag)?.(press);
  heard.delete(tag);
}
