import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { launcherLimit, limit, measure } from './sizes.ts'

const root = new URL('../', import.meta.url)

test(
  'a visitor loads at most 30 kB before his first message, 4 kB of them on the shop’s page',
  { timeout: 60_000 },
  () => {
    if (!existsSync(new URL('dist/widget.js', root))) execFileSync('npm', ['run', 'build'], { cwd: root })
    const { launcher, first } = measure()
    expect(launcher).toBeLessThanOrEqual(launcherLimit)
    expect(first).toBeLessThanOrEqual(limit)
  },
)
