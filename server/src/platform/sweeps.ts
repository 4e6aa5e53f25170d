import { type Ctx, system } from './context.ts'
import { transact, type Workplace } from './work.ts'

/**
 * What waits is a row with a due column; a sweep looks for due rows every second by the database's clock.
 * It claims them with `for update skip locked`, so any number of processes may sweep. Answering `true`
 * means more is due: it runs again at once.
 */
export type Sweep = {
  name: string
  everySeconds?: number
  /** Not in the first seconds of a process: what it judges by could not come in while it was down. */
  graceSeconds?: number
  run: (ctx: Ctx) => Promise<boolean | void>
}

export function startSweeps(place: Workplace, sweeps: readonly Sweep[]) {
  let stopped = false
  let second = 0
  let running: Promise<void> | null = null

  async function tick() {
    await place.clock.adjust?.(place.pool)
    second += 1
    for (const sweep of sweeps) if (!stopped && isTurnOf(sweep, second)) await sweepOnce(place, sweep)
  }

  const timer = setInterval(() => {
    running ??= tick()
      .catch(error => place.log.warn({ err: error }, 'the sweep of this second failed'))
      .finally(() => {
        running = null
      })
  }, 1_000)

  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}

const isTurnOf = ({ everySeconds = 1, graceSeconds = 0 }: Sweep, second: number) =>
  second > graceSeconds && second % everySeconds === 0

/** One look at one kind of due rows, until none is left; a failing sweep does not keep the others waiting. */
export async function sweepOnce(place: Workplace, sweep: Sweep) {
  try {
    while (await transact(place, system, ctx => sweep.run(ctx))) {}
  } catch (error) {
    place.log.error({ sweep: sweep.name, err: error }, 'a sweep failed')
  }
}
