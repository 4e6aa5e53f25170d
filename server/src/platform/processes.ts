import { execFileSync } from 'node:child_process'
import fs from 'node:fs'

const hasProc = fs.existsSync('/proc/self/stat')
const bootId = hasProc ? fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8) : ''

/** A zombie is dead: it holds nothing and only waits for its parent to notice. */
export function isAlive(pid: number) {
  if (hasProc) {
    const state = statFields(pid)?.[0]
    if (state) return state !== 'Z' && state !== 'X'
  }
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When the process started, as a word for comparing: the same pid with another word is another process. */
export function startOf(pid: number) {
  if (hasProc) return `${bootId}-${statFields(pid)?.[19] ?? 'gone'}`
  if (process.platform === 'win32') return 'unknown'
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).replaceAll(
      /\W+/g,
      '-',
    )
  } catch {
    return 'gone'
  }
}

/** Whether this process is a PostgreSQL server on that data folder, and not a stranger who got its number. */
export function isPostgresOn(pid: number, dataDir: string) {
  if (!isAlive(pid)) return false
  const command = commandOf(pid)
  return command.includes('postgres') && command.includes(dataDir)
}

function statFields(pid: number) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

function commandOf(pid: number) {
  try {
    if (hasProc) return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}
