import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from './bench.ts'
import { absolute, type Figure } from './figure.ts'
import { newFolder } from './house.ts'
import { residentBytes, startServer } from './server-process.ts'
import { median } from './statistics.ts'

const second = 1_000

/** What `npm start` costs somebody who only looks: the sample company, nobody signed in. */
export async function footprint({ quick, say }: Bench): Promise<Figure[]> {
  const dataDir = newFolder()
  const starts: number[] = []
  const first = await startServer({ dataDir })
  await sleep((quick ? 5 : 30) * second)
  const resident = residentBytes(first.pid) / 1e6
  await first.stop()
  for (let n = 0; n < (quick ? 2 : 5); n++) {
    const warm = await startServer({ dataDir })
    starts.push(warm.readyMs / second)
    await warm.stop()
  }
  say(`warm starts: ${starts.map(s => `${s.toFixed(1)} s`).join(', ')}`)
  return [
    absolute('server idle, memory', resident, 'MB', { atMost: 200 }),
    absolute('ready, warm', median(starts), 's', { atMost: 3 }),
    absolute('ready, first start with the sample company', first.readyMs / second, 's', null),
  ]
}
