// The names of the messages about notifications between page, preload and desktop shell; apart from what is in them, so that the
// preload stays small.

export const NOTICE = "switchyard:notice";
export const NOTICE_PRESSED = "switchyard:notice-pressed";
