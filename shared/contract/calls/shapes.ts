import { z } from "zod";

/** A call that takes nothing, or answers nothing. */
export const None = z.strictObject({});
/** A project by name, or by the path of its checkout or of any folder inside it. */
export const projectRef = z.string().min(1).max(4096);
