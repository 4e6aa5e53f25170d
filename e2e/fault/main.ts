import { parseArgs } from 'node:util'
import { killRounds } from './kill-rounds.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '100' } } })
const rounds = await killRounds(Number(values.rounds), ({ round, sent, acked, readyMs, drainMs, breaches }) =>
  console.log(
    `round ${round}: ${acked} of ${sent} lines acknowledged, ready after ${readyMs} ms, drained after ${drainMs} ms${breaches.length > 0 ? `\n  ${breaches.join('\n  ')}` : ''}`,
  ),
)
const bad = rounds.filter(({ breaches }) => breaches.length > 0).length
const lines = rounds.reduce((sum, { sent }) => sum + sent, 0)
console.log(
  `\n${rounds.length} kills under load, ${lines} lines: ${bad === 0 ? 'nothing lost, nothing twice, no gap' : `${bad} rounds with breaches`}.`,
)
process.exitCode = bad === 0 ? 0 : 1
