import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { notFound, Refusal, unavailable } from './errors.ts'

/**
 * Where contents lie, each under the SHA-256 of its bytes, so the same content lies there once and its name
 * is never of somebody else's making. An S3-compatible store fills this too: `put` uploads to a temporary key
 * while it counts and hashes, then copies to `ab/cdef…`; `open` is a GET, `remove` a DELETE.
 */
export type FileStore = {
  /** What another thread opens the same store by. */
  readonly dir: string
  /** Durable once it answers. Refuses with `file_too_large` as soon as the limit is passed; keeps no half. */
  put(content: Readable, limits: { maxBytes: number }): Promise<StoredContent>
  open(sha256: string): Promise<Readable>
  /** For contents that no row names any more, and that were not put again within the last hour. */
  remove(sha256: string): Promise<void>
}

export type StoredContent = { sha256: string; size: number }

export function openFiles(dir: string): FileStore {
  const incoming = path.join(dir, 'incoming')
  mkdirSync(incoming, { recursive: true, mode: 0o700 })
  removeUnfinished(incoming)

  const fileOf = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw notFound('file')
    return path.join(dir, sha256.slice(0, 2), sha256.slice(2))
  }

  return {
    dir,

    async put(content, { maxBytes }) {
      const draft = path.join(incoming, randomUUID())
      try {
        const stored = await write(draft, content, maxBytes)
        const target = fileOf(stored.sha256)
        const isNewFolder = await fs.mkdir(path.dirname(target), { recursive: true, mode: 0o700 })
        await fs.rename(draft, target)
        await syncFolder(path.dirname(target))
        if (isNewFolder) await syncFolder(dir)
        return stored
      } catch (error) {
        content.destroy()
        await fs.rm(draft, { force: true })
        if (['ENOSPC', 'EDQUOT'].includes(codeOf(error)))
          throw unavailable('disk_full', 'There is no room left for files.', 60)
        throw error
      }
    },

    async open(sha256) {
      try {
        const file = await fs.open(fileOf(sha256), 'r')
        return file.createReadStream()
      } catch (error) {
        throw codeOf(error) === 'ENOENT' ? notFound('file') : error
      }
    },

    async remove(sha256) {
      await fs.rm(fileOf(sha256), { force: true })
    },
  }
}

async function write(draft: string, content: Readable, maxBytes: number): Promise<StoredContent> {
  const file = await fs.open(draft, 'wx', 0o600)
  try {
    const hash = createHash('sha256')
    let size = 0
    for await (const chunk of content as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxBytes) throw tooLarge(maxBytes)
      hash.update(chunk)
      await file.writeFile(chunk)
    }
    await file.sync()
    return { sha256: hash.digest('hex'), size }
  } finally {
    await file.close()
  }
}

export const tooLarge = (maxBytes: number) =>
  new Refusal(413, 'file_too_large', 'The file is larger than allowed.', { maxBytes })

/** A rename is on the disk only once its folder is; Windows has no such thing and refuses to open one. */
async function syncFolder(dir: string) {
  if (process.platform === 'win32') return
  const folder = await fs.open(dir, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Uploads cut off by a crash. Another process may be writing here, so only what nobody touched for a day. */
function removeUnfinished(incoming: string) {
  for (const draft of readdirSync(incoming).map(name => path.join(incoming, name))) {
    const touched = statSync(draft, { throwIfNoEntry: false })
    if (touched && touched.mtimeMs < Date.now() - 24 * 3_600_000) rmSync(draft, { force: true })
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? ''
