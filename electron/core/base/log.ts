import { renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";

/** A log file that has grown beyond this is set aside at the next start; one older file is kept. */
const LOG_MAX_BYTES = 10 * 1024 * 1024;

type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** What happened, for whoever looks into a problem later. An error goes under the key `error`. */
export interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Appends JSON lines to `<folder>/<name>.log`, each written before the call returns. Secrets are blotted out. */
export function openLog(folder: string, name: string): Log & Disposable {
  const file = join(folder, `${name}.log`);
  setAsideWhenLarge(file);
  const destination = pino.destination({ dest: file, append: true, sync: true, mode: 0o600 });
  // A line that the disk does not take is lost: whoever wrote it has nothing better to do than to go on.
  destination.on("error", () => {});
  const logger = pino(
    {
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: pino.stdSerializers.errWithCause },
      hooks: { streamWrite: blotSecrets },
    },
    destination,
  );
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    [Symbol.dispose]: () => destination.end(),
  };
}

/**
 * Removes what looks like a credential from text that leaves for a file or a screen: provider keys, bearer tokens, values of
 * keys that name a secret, and the secret part of a session's address.
 */
export function blotSecrets(text: string): string {
  return text
    .replace(/sk-ant-[A-Za-z0-9_-]+/g, "[secret]")
    .replace(/\bBearer\s+[A-Za-z0-9._~+/=-]+/gi, "Bearer [secret]")
    .replace(
      /("[^"\\]*(?:token|secret|password|authorization|api_?key|cookie)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi,
      '$1"[secret]"',
    )
    .replace(/(\/s\/)[A-Za-z0-9_-]{16,}/g, "$1[secret]");
}

function setAsideWhenLarge(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_MAX_BYTES) renameSync(file, `${file}.1`);
}
