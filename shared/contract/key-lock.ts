/** With what a page tells the desktop shell whether every key goes to a terminal: the menu's keys too then. */
export const KEY_LOCK = "switchyard:key-lock";
