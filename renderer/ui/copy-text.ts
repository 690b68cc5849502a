import { toastDone, toastError } from "./toasts.tsx";

export function copyText(text: string): void {
  navigator.clipboard.writeText(text).then(() => toastDone("Copied."), toastError);
}
