import dns from 'node:dns/promises'
import { parentPort } from 'node:worker_threads'
import { authenticate, type Envelope } from './authentication.ts'

type Question = { id: number; raw: Uint8Array | { path: string }; envelope: Envelope }

const servers = new dns.Resolver({ timeout: 2_000, tries: 2 })
const resolver = (name: string, type: string): Promise<unknown> => servers.resolve(name, type)

parentPort!.on('message', async ({ id, raw, envelope }: Question) => {
  const source = 'path' in raw ? raw : Buffer.from(raw)
  parentPort!.postMessage({ id, result: await authenticate(source, { ...envelope, resolver }) })
})
