import fs from 'node:fs'
import { checkArchitecture, checkLint, checkTypes, nothing, printSum, runTests, sum } from './checks.mjs'
import { findChromium } from './chromium.mjs'
import { installMailServers } from './mail-servers.mjs'
import { at, build, install, say } from './setup.mjs'

install()
build()
installMailServers()
forgetSettings()

const results = await Promise.all([checkTypes(), checkLint(), checkArchitecture()])
results.push(
  await runTests('server modules', ['--config', 'server/vitest.config.ts', '--project', 'modules']),
  await runWorkspace('console'),
  await runWorkspace('widget'),
  await runJourneys(),
)

const result = results.reduce(sum)
process.exitCode = result.failed > 0 ? 1 : 0
printSum(result)

function runWorkspace(workspace) {
  if (!fs.existsSync(at(workspace, 'vitest.config.ts'))) return nothing
  return runTests(workspace, [], { cwd: at(workspace) })
}

function runJourneys() {
  if (!fs.existsSync(at('e2e/vitest.config.ts'))) return nothing
  const chromium = findChromium()
  if (!chromium) {
    say('\nNot run: the journeys in a browser, since no Chromium was found (set CHROME_PATH to one).')
    return { ...nothing, skipped: 1 }
  }
  return runTests('journeys', [], { cwd: at('e2e'), env: { ...process.env, CHROME_PATH: chromium } })
}

/** Tests must not meet the database, secret or port that the developer's shell has set for real work. */
function forgetSettings() {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('AFAR_') || name === 'DATABASE_URL' || name === 'NODE_ENV') delete process.env[name]
  }
}
