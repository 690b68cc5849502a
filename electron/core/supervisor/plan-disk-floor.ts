export interface DiskRoom {
  /** A folder on this disk, as the person knows it. */
  readonly place: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly freeInodes: number;
  /** 0 where the file system does not count them. */
  readonly totalInodes: number;
}

const GB = 1024 ** 3;
const FLOOR_BYTES = 2 * GB;
const FLOOR_SHARE = 0.05;
/** Five percent of a large disk is more than any fleet writes in a night. */
const SHARE_MAX_BYTES = 20 * GB;
const FLOOR_INODES = 0.1;
/** Work that stopped goes on only this far above the floor, so that it does not stop and go. */
const SLACK = 1.1;

/** Why no work is started for want of room on one of the disks; null when there is enough. `isShut`: it was so at the last look. */
export function planDiskFloor(rooms: readonly DiskRoom[], isShut: boolean): string | null {
  const slack = isShut ? SLACK : 1;
  for (const room of rooms) {
    const floorBytes = Math.max(
      Math.min(FLOOR_BYTES, room.totalBytes / 2),
      Math.min(room.totalBytes * FLOOR_SHARE, SHARE_MAX_BYTES),
    );
    if (room.freeBytes < floorBytes * slack)
      return `The disk of ${room.place} has ${gigabytes(room.freeBytes)} left, and no work is started below ${gigabytes(floorBytes * slack)}. ${WAY_OUT}`;
    if (room.freeInodes < room.totalInodes * FLOOR_INODES * slack)
      return `The disk of ${room.place} has room for only ${room.freeInodes} more files (inodes), whatever their size. ${WAY_OUT}`;
  }
  return null;
}

const WAY_OUT =
  "Work goes on by itself once there is room: remove worktrees that are no longer needed (switchyard worktree remove TASK), old backups, or files of your own.";

function gigabytes(bytes: number): string {
  return `${(bytes / GB).toFixed(1)} GB`;
}
