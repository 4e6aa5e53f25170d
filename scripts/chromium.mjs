import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { say } from './setup.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe']
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The path of a Chromium that starts: CHROME_PATH, an installed one, or on Debian as root one from apt. */
export function findChromium() {
  const found = candidates().find(canStart)
  if (found || process.env.CHROME_PATH || !mayInstall()) return found
  say('Installing Chromium for the journeys …')
  apt(['update'])
  apt(['install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'])
  return candidates().find(canStart)
}

export function mayInstall() {
  return process.getuid?.() === 0 && fs.existsSync('/etc/debian_version') && fs.existsSync('/usr/bin/apt-get')
}

export function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const done = spawnSync('apt-get', ['-qq', ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  if (done.status !== 0) say(`apt-get ${args.join(' ')} failed: ${done.stderr?.trim()}`)
}

function candidates() {
  if (process.env.CHROME_PATH) return [process.env.CHROME_PATH]
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  return [...names.flatMap(name => folders.map(folder => path.join(folder, name))), ...elsewhere].filter(
    fs.existsSync,
  )
}

// Ubuntu's package of that name is only a hint to install another: it must really answer.
function canStart(file) {
  return spawnSync(file, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0
}
