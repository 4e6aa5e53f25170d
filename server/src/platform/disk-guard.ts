import fs from 'node:fs/promises'
import { unavailable } from './errors.ts'

export type DiskSpace = { freeBytes: number; totalBytes: number }

/** Room on the disk of this folder that an ordinary user may still fill. */
export async function freeSpace(dir: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await fs.statfs(dir)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}

export type DiskGuard = ReturnType<typeof openDiskGuard>

/**
 * Refuses what comes in while there is still room to refuse it: a database that meets a full disk stops, and does
 * not come back (measured). The watermark is the larger of the two; one look serves all callers for two seconds.
 */
export function openDiskGuard({
  dir,
  leastBytes = 512 * 1024 * 1024,
  leastShare = 0,
  look = freeSpace,
  clock = () => performance.now(),
}: {
  dir: string
  leastBytes?: number
  /** Of the whole disk, 0.1 for a tenth. */
  leastShare?: number
  look?: (dir: string) => Promise<DiskSpace>
  clock?: () => number
}) {
  let seen: Promise<DiskSpace> | undefined
  let seenAt = Number.NEGATIVE_INFINITY

  function space() {
    if (!seen || clock() - seenAt >= 2_000) {
      seenAt = clock()
      seen = look(dir).catch(error => {
        seen = undefined
        throw error
      })
    }
    return seen
  }

  return {
    space,
    async assertRoom() {
      const { freeBytes, totalBytes } = await space()
      if (freeBytes >= Math.max(leastBytes, leastShare * totalBytes)) return
      throw unavailable('disk_full', 'There is no room for anything new; the operator must make some.', 60)
    },
  }
}
