import { backoffMs, isPassing, Refusal } from '../api/calls.ts'
import type { Attachment, Config } from '../api/shapes.ts'
import { signal } from '../signals.ts'
import { newClientId } from './tabs.ts'

/** A file the visitor has picked: on its way up, there, or refused. */
export type Upload = {
  key: string
  file: { name: string; type: string; size: number }
  /** 0 … 1 */
  progress: number
  attachment?: Attachment
  failed?: string
}

/** The server takes no more with one message. */
export const mostFiles = 5

type Loading = {
  send: (file: File, progress: (part: number) => void, signal: AbortSignal) => Promise<Attachment>
  limits: () => Config['uploads'] | undefined
}

export function startUploads({ send, limits }: Loading) {
  const uploads = signal<Upload[]>([])
  const running = new Map<
    string,
    { file: File; stop: AbortController; retry?: ReturnType<typeof setTimeout> }
  >()

  const change = (key: string, part: Partial<Upload>) => {
    uploads.value = uploads.value.map(upload => (upload.key === key ? { ...upload, ...part } : upload))
  }

  async function run(key: string, tries = 0) {
    const work = running.get(key)
    if (!work) return
    try {
      const attachment = await send(work.file, progress => change(key, { progress }), work.stop.signal)
      running.delete(key)
      change(key, { attachment, progress: 1 })
    } catch (error) {
      if (!running.has(key)) return
      if (!isPassing(error) || tries > 5)
        return change(key, { failed: error instanceof Refusal ? error.code : 'unreachable' })
      change(key, { progress: 0 })
      work.retry = setTimeout(() => void run(key, tries + 1), backoffMs(tries, error))
    }
  }

  function add(files: Iterable<File>) {
    for (const file of [...files].slice(0, mostFiles - uploads.value.length)) {
      const key = newClientId()
      const failed = refusedBy(file, limits())
      uploads.value = [
        ...uploads.value,
        { key, file: { name: file.name, type: file.type, size: file.size }, progress: 0, failed },
      ]
      if (failed) continue
      running.set(key, { file, stop: new AbortController() })
      void run(key)
    }
  }

  function remove(key: string) {
    const work = running.get(key)
    running.delete(key)
    clearTimeout(work?.retry)
    work?.stop.abort()
    uploads.value = uploads.value.filter(upload => upload.key !== key)
  }

  return {
    uploads,
    add,
    remove,
    retry(key: string) {
      change(key, { failed: undefined, progress: 0 })
      void run(key)
    },
    canRetry: (key: string) => running.has(key),
    /** Puts back what was up already when the page was left. */
    restore(attachments: readonly Attachment[]) {
      uploads.value = attachments.map(attachment => ({
        key: attachment.id,
        file: attachment,
        progress: 1,
        attachment,
      }))
    },
    clear() {
      for (const { key } of uploads.value) remove(key)
    },
  }
}

export type Uploads = ReturnType<typeof startUploads>

function refusedBy(file: File, limits: Config['uploads'] | undefined): string | undefined {
  if (file.size === 0) return 'file_empty'
  if (!limits) return
  if (file.size > limits.maxBytes) return 'file_too_large'
  const { accept } = limits
  // A browser that knows no type says nothing; then the server looks.
  const isAccepted = accept.some(
    type => type === file.type || (type.endsWith('/*') && file.type.startsWith(type.slice(0, -1))),
  )
  return isAccepted || file.type === '' || accept.length === 0 ? undefined : 'file_type_refused'
}
