import { createReadStream } from 'node:fs'
import process from 'node:process'
import { openFiles } from '../file-store.ts'
import { keepCompiled } from './compile-cache.ts'
import { readMail } from './read-mail.ts'
import type { Answer, ProgramSettings, Task } from './reader.ts'

/** What a reading process runs: one mail after the other, so that the time a mail takes is its own. */
export async function runReader({ filesDir, mostFileBytes }: ProgramSettings, read = readMail) {
  const files = filesDir === null ? null : openFiles(filesDir)
  const keep = files
    ? (content: Parameters<typeof files.put>[0]) => files.put(content, { maxBytes: mostFileBytes })
    : undefined

  async function answer({ id, raw, trustedServers }: Task): Promise<Answer> {
    try {
      const source = 'bytes' in raw ? Buffer.from(raw.bytes) : createReadStream(raw.path)
      return { id, mail: await read(source, { keep, trustedServers }) }
    } catch (error) {
      const { name, message, code, status } = error as Error & { code?: string; status?: number }
      return { id, error: { name, message, code, status } }
    }
  }

  // What is loaded with the first mail takes a second, which is not that mail's.
  await readMail(
    Buffer.from('Content-Type: text/html\r\n\r\n<p style="color:red">This is only to get going.</p>'),
  )

  let last: Promise<unknown> = Promise.resolve()
  process.on('message', (task: Task) => {
    last = last.then(async () => process.send!(await answer(task)))
  })
  // Its parent is gone, however it went.
  process.on('disconnect', () => process.exit(0))
  process.send!('ready')
  keepCompiled()
}

if (import.meta.main) await runReader(JSON.parse(process.argv[2]!) as ProgramSettings)
