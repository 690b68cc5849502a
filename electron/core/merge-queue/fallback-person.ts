/** Who commits what the queue makes where git knows no name of the person's. */
export const FALLBACK_PERSON = { name: "Switchyard", email: "switchyard@localhost" };
