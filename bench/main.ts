import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Bench } from './bench.ts'
import { type Figure, line } from './figure.ts'
import { closeHouses, forgetSettings, profiles } from './house.ts'
import { type LargeHouse, openLargeHouse } from './large-house.ts'

const families: Record<string, () => Promise<(bench: Bench) => Promise<Figure[]>>> = {
  inbound: async () => (await import('./inbound.ts')).inbound,
  'open-loop': async () => (await import('./open-loop.ts')).openLoop,
  connections: async () => (await import('./connections.ts')).connections,
  footprint: async () => (await import('./footprint.ts')).footprint,
  'widget-size': async () => (await import('./widget-size.ts')).widgetSize,
  'inbox-page': async () => (await import('./inbox-page.ts')).inboxPage,
  'customer-search': async () => (await import('./customer-search.ts')).customerSearch,
  'key-press': async () => (await import('./key-press.ts')).keyPress,
  'view-counts': async () => (await import('./view-counts.ts')).viewCounts,
  views: async () => (await import('./views.ts')).views,
  search: async () => (await import('./search.ts')).search,
  timeline: async () => (await import('./timeline.ts')).timeline,
  reply: async () => (await import('./reply.ts')).reply,
  allocator: async () => (await import('./allocator.ts')).allocator,
  'mail-live': async () => (await import('./mail-live.ts')).mailLive,
  'mail-size': async () => (await import('./mail-size.ts')).mailSize,
  'mail-import': async () => (await import('./mail-import.ts')).mailImport,
  clocks: async () => (await import('./clocks.ts')).clocks,
  'customer-create': async () => (await import('./customer-create.ts')).customerCreate,
}

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'string' },
    quick: { type: 'boolean', default: false },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const usage = `npm run bench -- [--only name[,name]] [--json file] [--quick] [--profile folder]
The figures: ${Object.keys(families).join(', ')}.
--quick measures less of everything; --profile has the servers write CPU profiles into the folder.`

if (values.help) console.log(usage)
else process.exitCode = await run()

async function run() {
  const wanted = values.only?.split(',') ?? Object.keys(families)
  const unknown = wanted.filter(name => !(name in families))
  if (unknown.length > 0) {
    console.error(`There is no figure ${unknown.join(', ')}.\n${usage}`)
    return 1
  }
  forgetSettings()
  profiles.folder = values.profile ? path.resolve(values.profile) : null
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => closeHouses().finally(() => process.exit(1)))

  let built: Promise<LargeHouse> | null = null
  const bench: Bench = {
    quick: values.quick,
    say: sentence => console.log(`  ${sentence}`),
    large: () => (built ??= openLargeHouse(bench)),
  }
  const figures: Figure[] = []
  let failed = 0
  try {
    for (const name of wanted) {
      console.log(`── ${name}`)
      try {
        const measured = await (await families[name]!())(bench)
        for (const figure of measured) console.log(line(figure))
        figures.push(...measured)
      } catch (error) {
        failed += 1
        console.error(`${name} could not be measured:`, error)
      }
    }
  } finally {
    await closeHouses()
  }
  keep(figures, failed)
  const missed = figures.filter(({ met }) => met === false).length
  console.log(`\n${figures.length} figures, ${missed} marks not met, ${failed} not measured.`)
  return failed > 0 ? 1 : 0
}

function keep(figures: Figure[], failed: number) {
  if (values.json) fs.writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)
  if (values.only || values.quick || failed > 0) return
  const results = { date: new Date().toISOString(), commit: commit(), machine: machine(), figures }
  fs.writeFileSync(path.join(import.meta.dirname, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)
}

function commit() {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim()
  const isDirty = git('status', '--porcelain', '--untracked-files=no') !== ''
  return `${git('rev-parse', 'HEAD')}${isDirty ? ' and changes not committed' : ''}`
}

function machine() {
  return {
    cores: os.cpus().length,
    processor: os.cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(os.totalmem() / 1e9),
    node: process.version,
    postgres: 'embedded 18.4',
    loadBefore: os.loadavg()[0],
  }
}
