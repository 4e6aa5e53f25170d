import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { openBrowser, signIn } from '../e2e/browser.ts'
import type { Bench } from './bench.ts'
import { absolute, type Figure, relative } from './figure.ts'
import { median, quantile } from './statistics.ts'

/** As an agent does who looks each one over: the next key after a glance. */
const glanceMs = 150

/**
 * Chromium, the inbox of all that is open: from the key press to the frame in which the next conversation's thread
 * and header are drawn. Compared with the same page drawing a frame after a key that does nothing.
 */
export async function keyPress({ quick, say, large }: Bench): Promise<Figure[]> {
  const house = await large()
  const { rows } = await house.pool.query<{ open: number }>(
    `select count(*)::int as open from conversations where category not in ('resolved', 'closed') and store_id = any((select store_ids from staff where id = $1)::uuid[])`,
    [house.company.me],
  )
  const browser = await openBrowser()
  try {
    const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1366, height: 768 } })
    await signIn(page, house.url, house.admin.email, house.admin.password)
    await page.goto(`${house.url}/inbox?view=all`)
    await page.getByRole('region', { name: 'Conversations' }).getByRole('link').first().waitFor()
    await page.evaluate(watchKeys)
    for (let n = 0; n < 5; n++) await press(page, 'Alt+j', 'next')
    const idle: number[] = []
    for (let n = 0; n < 20; n++) idle.push(await press(page, 'F9', 'frame'))
    const took: number[] = []
    for (let n = 0; n < (quick ? 40 : 200); n++) {
      took.push(await press(page, 'Alt+j', 'next'))
      await sleep(glanceMs)
    }
    const [ours, bare] = [median(took), median(idle)]
    say(
      `${rows[0]!.open} in the list, ${took.length} passed through: p50 ${ours.toFixed(0)} ms, longest ${Math.max(...took).toFixed(0)} ms`,
    )
    return [
      absolute('key press to the next conversation p95', quantile(took, 0.95), 'ms', { atMost: 100 }),
      relative(
        'key press to the next conversation p50',
        ours,
        'ms',
        { to: `the next frame (${bare.toFixed(0)} ms)`, ratio: ours / bare },
        null,
      ),
    ]
  } finally {
    await browser.close()
  }
}

type Wanted = 'next' | 'frame'
type Watching = { arm: (wanted: Wanted) => void; seen: () => Promise<number> }

/** Answers what the page itself measured, so that the driver's way to it and back does not count. */
async function press(page: Page, key: string, wanted: Wanted): Promise<number> {
  await page.evaluate(what => (globalThis as unknown as { keys: Watching }).keys.arm(what), wanted)
  await page.keyboard.press(key)
  return await page.evaluate(() => (globalThis as unknown as { keys: Watching }).keys.seen())
}

/** Runs in the page. A conversation is shown once its own thread holds a line and its header stands. */
function watchKeys() {
  const shown = () => {
    const thread = document.querySelector('[role=log]')
    const header = thread?.closest('section')?.querySelector('header h1, header h2')
    return thread?.querySelector('[data-seq]') && header?.textContent ? thread : null
  }
  let seen: Promise<number>
  const arm = (wanted: 'next' | 'frame') => {
    const before = shown()
    seen = new Promise<number>((resolve, reject) => {
      setTimeout(() => reject(new Error('Nothing was shown within 10 s.')), 10_000)
      const onKey = () => {
        const pressed = performance.now()
        const look = () => {
          const thread = shown()
          const isThere = wanted === 'frame' || (thread && thread !== before)
          // What was found is drawn with this frame; the next one begins when it is on the screen.
          requestAnimationFrame(isThere ? () => resolve(performance.now() - pressed) : look)
        }
        requestAnimationFrame(look)
      }
      document.addEventListener('keydown', onKey, { once: true, capture: true })
    })
  }
  Object.assign(globalThis, { keys: { arm, seen: () => seen } })
}
