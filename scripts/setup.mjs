// Runs before anything is installed, on whatever Node the machine has (20 or later): no dependencies here.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { isatty } from 'node:tty'
import { fileURLToPath } from 'node:url'

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const modules = path.join(root, 'node_modules')
const lockFile = path.join(root, 'package-lock.json')
const lockStamp = path.join(modules, '.afar-lock')

export const say = sentence => console.log(sentence)
/** What is done before a command begins: its own output must stay what it prints. */
const tell = sentence => console.error(sentence)

/** The path of a file in the clone. */
export const at = (...parts) => path.join(root, ...parts)

/** The pinned Node 24, which runs TypeScript; the machine's own only where npm's binary does not run (musl). */
export function nodePath() {
  const pinned = at('node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const isMusl = fs.existsSync(`/lib/ld-musl-${os.machine()}.so.1`) && !fs.existsSync('/lib64')
  if (!isMusl && fs.existsSync(pinned)) return pinned
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath
  fail('Afar needs Node 24, and the one it brings does not run on this machine. Install Node 24 or later.')
}

/** Installs what the lock file says, unless exactly that is installed. */
export function install() {
  const lock = fs.readFileSync(lockFile)
  const wanted = createHash('sha256').update(lock).digest('hex')
  if (readStamp(lockStamp) === wanted) return
  if (!fs.existsSync(lockStamp) && isInstalled(JSON.parse(lock))) return fs.writeFileSync(lockStamp, wanted)

  tell('Installing what Afar needs (a minute or so) …')
  fs.rmSync(lockStamp, { force: true })
  // Named, because NODE_ENV=production would leave out Node 24 and the build tools.
  const done = npm([
    'ci',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ])
  if (done.status !== 0) fail(`npm ci failed:\n${done.stdout}${done.stderr}`)
  fs.writeFileSync(lockStamp, wanted)
}

/** Builds console and widget where their sources differ from what was built last. */
export function build() {
  for (const workspace of ['console', 'widget']) buildWorkspace(workspace)
}

/** Runs a program of ours under Node 24, passes signals on, and ends with its exit code. */
export async function runNode(args, options = {}) {
  process.exitCode = await start(nodePath(), args, options)
}

/** The exit code of a command that shares our terminal; a signal to us reaches it too. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options })
  // A terminal sends Ctrl-C to the child as well, and twice would mean "do not wait".
  const isHeard = signal => signal === 'SIGINT' && [0, 1, 2].some(isatty)
  const pass = signal => isHeard(signal) || child.kill(signal)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass)
  return new Promise(resolve => {
    child.once('error', error => fail(`${command} does not start: ${error.message}`))
    child.once('exit', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, pass)
      resolve(code ?? 128 + os.constants.signals[signal])
    })
  })
}

export function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}

function buildWorkspace(workspace) {
  const dir = at(workspace)
  if (!fs.existsSync(path.join(dir, 'vite.config.ts')))
    return tell(`Not built: the ${workspace} has no sources yet.`)
  const stamp = path.join(dir, 'dist/.built-from')
  const wanted = hashSources(dir)
  if (readStamp(stamp) === wanted) return

  tell(`Building the ${workspace} …`)
  const hasScript = JSON.parse(fs.readFileSync(path.join(dir, 'package.json'), 'utf8')).scripts?.build
  const done = hasScript
    ? npm(['run', 'build', '--silent', '--workspace', workspace])
    : spawnSync(nodePath(), [at('node_modules/vite/bin/vite.js'), 'build'], { cwd: dir, encoding: 'utf8' })
  if (done.status !== 0) fail(`The ${workspace} does not build:\n${done.stdout}${done.stderr}`)
  fs.writeFileSync(stamp, wanted)
}

function hashSources(dir) {
  const hash = createHash('sha256')
  for (const file of [...sourcesIn(dir), lockFile, at('tsconfig.base.json')]) {
    hash.update(path.relative(root, file)).update('\0').update(fs.readFileSync(file))
  }
  return hash.digest('hex')
}

function sourcesIn(dir) {
  return fs
    .readdirSync(dir, { withFileTypes: true })
    .filter(entry => !['node_modules', 'dist', 'test', 'storefront'].includes(entry.name))
    .filter(entry => !/\.test\.tsx?$/.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const full = path.join(dir, entry.name)
      if (entry.isDirectory()) return sourcesIn(full)
      return entry.isFile() ? [full] : []
    })
}

/** Whether a hand-made `npm install` or `npm ci` left exactly what the lock file lists. */
function isInstalled(lock) {
  const hidden = path.join(modules, '.package-lock.json')
  if (!fs.existsSync(hidden)) return false
  const installed = JSON.parse(fs.readFileSync(hidden, 'utf8')).packages
  return Object.entries(lock.packages).every(([place, wanted]) => {
    if (!place.includes('node_modules/') || wanted.link) return true
    if (!installed[place]) return wanted.optional === true
    return installed[place].version === wanted.version
  })
}

function npm(args) {
  const script = process.env.npm_execpath
  const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26 }
  if (script?.endsWith('.js')) return spawnSync(process.execPath, [script, ...args], options)
  return spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
}

function readStamp(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined
}
