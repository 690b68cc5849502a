export interface UntrackedFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Which untracked files a checkpoint leaves out: each one above `fileMaxBytes`, then the largest until the others together
 * are within `totalMaxBytes`.
 */
export function planSaving(
  files: readonly UntrackedFile[],
  limits: { readonly fileMaxBytes: number; readonly totalMaxBytes: number },
): readonly string[] {
  const leftOut = files.filter((file) => file.bytes > limits.fileMaxBytes);
  const rest = files
    .filter((file) => file.bytes <= limits.fileMaxBytes)
    .sort((a, b) => b.bytes - a.bytes);
  let totalBytes = rest.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of rest) {
    if (totalBytes <= limits.totalMaxBytes) break;
    leftOut.push(file);
    totalBytes -= file.bytes;
  }
  return leftOut.map((file) => file.path);
}
