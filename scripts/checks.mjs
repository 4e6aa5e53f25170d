import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { at, nodePath, root, start } from './setup.mjs'

/** What `check` and `test` have in common: each answers how many passed, failed and were skipped, and which failed. */
export const nothing = { passed: 0, failed: 0, skipped: 0, failures: [] }
export const sum = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
  failures: [...a.failures, ...b.failures],
})

/** The last lines of a run: a log that was cut short still says what failed. */
export function printSum({ passed, failed, skipped, failures }) {
  for (const failure of failures) console.log(`\nFAILED ${failure}`)
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
}

/** Types of every project; each is one compiler, and two run at a time. */
export async function checkTypes() {
  const projects = ['server', 'console', 'widget', '.'].filter(hasSources)
  const cache = at('node_modules/.cache/tsc')
  const compile = project =>
    quietly('node_modules/typescript/bin/tsc', [
      ...['-p', project, '--noEmit', '--incremental'],
      ...['--tsBuildInfoFile', path.join(cache, `${project === '.' ? 'root' : project}.json`)],
    ])
  const ok = await inPairs(projects, compile)
  return report('types', ok.every(Boolean))
}

export async function checkLint() {
  return report(
    'lint',
    await quietly('node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings']),
  )
}

export async function checkArchitecture() {
  const vitest = ['run', '--config', 'server/vitest.config.ts', '--project', 'architecture']
  return report('architecture', await quietly('node_modules/vitest/vitest.mjs', vitest))
}

/** Runs one vitest configuration in the terminal and counts from its JSON report. */
export async function runTests(title, args, options = {}) {
  console.log(`\n── ${title}`)
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-report-'))
  const file = path.join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const code = await start(nodePath(), [at('node_modules/vitest/vitest.mjs'), 'run', ...args, ...reporters], {
    stdio: ['ignore', 'inherit', 'inherit'],
    ...options,
  })
  const counted = fs.existsSync(file) ? count(JSON.parse(fs.readFileSync(file, 'utf8'))) : nothing
  fs.rmSync(folder, { recursive: true })
  // A file that does not load, or an error outside every test, fails the run without failing a test.
  return code !== 0 && counted.failed === 0
    ? sum(counted, {
        ...nothing,
        failed: 1,
        failures: [`${title}: a file that did not load, or an error outside the tests`],
      })
    : counted
}

function count(report) {
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: report.testResults.flatMap(({ name, message, assertionResults }) => [
      ...(message ? [`${path.relative(root, name)}\n${message}`] : []),
      ...assertionResults
        .filter(({ status }) => status === 'failed')
        .map(test => `${path.relative(root, name)} > ${test.fullName}\n${firstLines(test.failureMessages)}`),
    ]),
  }
}

const firstLines = messages => messages.join('\n').split('\n').slice(0, 12).join('\n')

function report(name, ok) {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}`)
  return ok ? { ...nothing, passed: 1 } : { ...nothing, failed: 1, failures: [name] }
}

/** Runs a tool of node_modules and shows its output only when it fails. */
function quietly(script, args) {
  const child = spawn(nodePath(), [at(script), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk))
  return new Promise(resolve =>
    child.once('close', code => {
      if (code !== 0) console.log(output.trim())
      resolve(code === 0)
    }),
  )
}

async function inPairs(items, run) {
  const waiting = [...items]
  const results = []
  const work = async () => {
    for (let item = waiting.shift(); item; item = waiting.shift()) results.push(await run(item))
  }
  await Promise.all([work(), work()])
  return results
}

function hasSources(project) {
  if (!fs.existsSync(at(project, 'tsconfig.json'))) return false
  const folders = project === '.' ? ['e2e', 'bench'] : [project]
  return folders.some(folder => fs.existsSync(at(folder)) && hasTypeScript(at(folder)))
}

function hasTypeScript(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).some(entry => {
    if (entry.name === 'node_modules') return false
    return entry.isDirectory() ? hasTypeScript(path.join(folder, entry.name)) : /\.tsx?$/.test(entry.name)
  })
}
