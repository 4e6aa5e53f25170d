import { createReadStream } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { openFiles } from '../file-store.ts'
import { readMail } from './read-mail.ts'
import type { Answer, Task, ThreadSettings } from './reader.ts'

const { filesDir, mostFileBytes } = workerData as ThreadSettings
const files = filesDir === null ? null : openFiles(filesDir)
const keep =
  files && ((content: Parameters<typeof files.put>[0]) => files.put(content, { maxBytes: mostFileBytes }))

async function answer({ id, raw, trustedServers }: Task): Promise<Answer> {
  try {
    const source = 'bytes' in raw ? Buffer.from(raw.bytes) : createReadStream(raw.path)
    return { id, mail: await readMail(source, { keep: keep ?? undefined, trustedServers }) }
  } catch (error) {
    const { name, message, code, status } = error as Error & { code?: string; status?: number }
    return { id, error: { name, message, code, status } }
  }
}

// One after the other, so that the time a mail takes is its own.
let last: Promise<void> = Promise.resolve()
parentPort!.on('message', (task: Task) => {
  last = last.then(async () => parentPort!.postMessage(await answer(task)))
})

// What is loaded with the first mail takes a second, which is not that mail's.
const first = 'Content-Type: text/html\r\n\r\n<p style="color:red">This is only to get going.</p>'
await readMail(Buffer.from(first))
parentPort!.postMessage('ready')
