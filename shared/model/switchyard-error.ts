import { z } from "zod";

/** What a caller can do about an error decides its class, and the class decides the exit code of the command line. */
const classes = {
  failed: ["failed", "internal", "disk-full", "store-damaged"],
  usage: ["usage", "bad-input"],
  refused: [
    "not-found",
    "unknown-profile",
    "name-taken",
    "cycle",
    "cap-full",
    "not-a-repository",
    "empty-repository",
    "no-such-branch",
    "dirty-checkout",
    "no-checks",
    "signed-out",
    "wrong-account",
    "executable-missing",
    "executable-not-runnable",
    "settings-invalid",
    "port-in-use",
    "data-folder-busy",
    "data-folder-newer",
    "data-folder-unusable",
    "node-too-old",
    "wrong-state",
    "no-display",
  ],
  "needs-app": ["needs-app"],
  timeout: ["timeout"],
} as const;

type ErrorClass = keyof typeof classes;
export type ErrorCode = (typeof classes)[ErrorClass][number];

const EXIT_CODES: Readonly<Record<ErrorClass, number>> = {
  failed: 1,
  usage: 2,
  refused: 3,
  "needs-app": 4,
  timeout: 5,
};

const allCodes = Object.values(classes).flat() as [ErrorCode, ...ErrorCode[]];

/** An error on the wire and in `--json`: a sentence, and the way out. */
export const ErrorShape = z.object({
  code: z.enum(allCodes),
  message: z.string(),
  hint: z.string().nullable(),
});
export type ErrorShape = z.infer<typeof ErrorShape>;

/** Every refusal and failure that a person may read. Anything else that is thrown is a defect and shows as `internal`. */
export class SwitchyardError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;

  constructor(code: ErrorCode, message: string, hint: string | null = null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "SwitchyardError";
    this.code = code;
    this.hint = hint;
  }
}

export function exitCodeOf(code: ErrorCode): number {
  for (const [name, codes] of Object.entries(classes)) {
    // The keys of `classes` are exactly the keys of EXIT_CODES.
    if ((codes as readonly string[]).includes(code)) return EXIT_CODES[name as ErrorClass];
  }
  return 1;
}

export function toErrorShape(error: unknown): ErrorShape {
  // By its name: bundles that one process loads each have a class of their own.
  const told = error instanceof Error && error.name === "SwitchyardError" ? error : null;
  const shape = ErrorShape.safeParse(told);
  if (shape.success) return shape.data;
  const message = error instanceof Error ? error.message : String(error);
  // Errors of the system and of SQLite carry these; on others they are undefined.
  const { code, path, syscall } = (error ?? {}) as Record<string, unknown>;
  const isFull = /SQLITE_FULL|ENOSPC|No space left on device/.test(`${code} ${message}`);
  // The same code stands for too many watched folders.
  if (isFull && syscall !== "watch") {
    const where = typeof path === "string" ? ` of ${path}` : "";
    return {
      code: "disk-full",
      message: `The disk${where} is full, so this could not be done.`,
      hint: "Free some space and try again; nothing that was confirmed is lost.",
    };
  }
  return { code: "internal", message, hint: null };
}

export function fromErrorShape(shape: ErrorShape): SwitchyardError {
  return new SwitchyardError(shape.code, shape.message, shape.hint);
}
