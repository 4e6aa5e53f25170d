import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CannotStart } from '../config.ts'
import { isAlive, startOf } from './processes.ts'

export type SystemUser = { name: string; uid: number; gid: number }

/** PostgreSQL refuses to run as root, so root lends it an unprivileged user; everybody else runs it as himself. */
export function databaseUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = passwdLine(name)?.split(':') ?? []
    if (uid && gid) return { name, uid: Number(uid), gid: Number(gid) }
  }
  throw new CannotStart(
    'no_database_user',
    'PostgreSQL does not run as root, and this machine has neither a user `postgres` nor `nobody` to lend it. ' +
      'Start Afar as another user, or set DATABASE_URL.',
  )
}

/**
 * Where the embedded database and the files live: the wanted folder, or, when root runs Afar in a place the
 * database's user cannot enter, a folder of its own under /var/lib/afar. Once chosen it stays chosen.
 */
export function chooseDataFolder(wanted: string, user = databaseUser(), spareRoot = '/var/lib/afar') {
  if (!user) return { dir: wanted, notice: undefined }

  const spare = path.join(spareRoot, createHash('sha256').update(wanted).digest('hex').slice(0, 8))
  const hasData = (dir: string) => fs.existsSync(path.join(dir, 'postgres', 'data'))
  const canEnter = mayEnter(user, wanted)

  if (canEnter && (hasData(wanted) || !hasData(spare))) return { dir: wanted, notice: undefined }
  if (!canEnter && hasData(wanted)) {
    throw new CannotStart(
      'data_folder_closed',
      `The data are in ${wanted}, which the user ${user.name}, who runs PostgreSQL for root, cannot enter. ` +
        'Start Afar as the user who made them.',
    )
  }
  return {
    dir: spare,
    notice: canEnter
      ? `The data stay in ${spare}, where an earlier start put them.`
      : `The data are in ${spare}, because the user ${user.name}, who runs PostgreSQL for root, cannot enter ${wanted}.`,
  }
}

/** Creates the folder; root's database user may pass through it to his own part, but nobody else can list it. */
export function createDataFolder(dir: string) {
  try {
    const first = fs.mkdirSync(dir, { recursive: true }) ?? dir
    const mode = process.getuid?.() === 0 ? 0o711 : 0o700
    for (let made = dir; made.startsWith(first); made = path.dirname(made)) fs.chmodSync(made, mode)
  } catch (error) {
    const reason = (error as Error).message
    throw new CannotStart(
      'data_folder_closed',
      `The data folder ${dir} cannot be used by this user: ${reason}. Set AFAR_DATA_DIR to a folder of yours.`,
    )
  }
}

/**
 * Holds the folder for this process until `release` or death. Each process lays down a claim named after itself,
 * then looks round; whoever sees another living claim withdraws. A claim is never taken over, only a dead one
 * swept away, so two starters may both step back, but can never both hold.
 */
export async function holdDataFolder(dir: string) {
  createDataFolder(dir)
  const claim = path.join(dir, claimName(process.pid))
  for (let attempt = 1; ; attempt++) {
    if (!createExclusively(claim)) throw heldBy(dir, process.pid)
    const other = livingClaims(dir).find(pid => pid !== process.pid)
    if (!other) break
    fs.rmSync(claim)
    if (attempt === 3) throw heldBy(dir, other)
    await sleep(20 + Math.random() * 100)
  }
  return { release: () => fs.rmSync(claim, { force: true }) }
}

/** The living process that holds the folder, so that a command can use its database instead of starting one. */
export function findHolder(dir: string): { pid: number } | undefined {
  if (!fs.existsSync(dir)) return undefined
  const [pid] = livingClaims(dir)
  return pid ? { pid } : undefined
}

/** The secret kept in the folder, made on first use. Two processes that meet here end up with the same one. */
export function readSecret(dir: string) {
  createDataFolder(dir)
  const file = path.join(dir, 'secret')
  if (!fs.existsSync(file)) {
    const draft = `${file}.${process.pid}`
    fs.writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true })
    try {
      fs.linkSync(draft, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      fs.rmSync(draft)
    }
  }
  const secret = fs.readFileSync(file, 'utf8').trim()
  if (secret.length >= 32) return secret
  throw new CannotStart('secret_damaged', `${file} no longer holds a secret. Restore it, or set AFAR_SECRET.`)
}

/** Asks the system itself, since access lists and mount options decide too. */
export function mayEnter(user: SystemUser, dir: string) {
  let existing = dir
  while (!fs.existsSync(existing)) existing = path.dirname(existing)
  return canRun(user, '/bin/sh', ['-c', 'cd "$1"', 'sh', existing])
}

export function canRun(user: SystemUser | undefined, command: string, args: string[]) {
  try {
    execFileSync(command, args, { uid: user?.uid, gid: user?.gid, cwd: '/', stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function heldBy(dir: string, pid: number) {
  return new CannotStart(
    'data_folder_held',
    `The data folder ${dir} is held by process ${pid}. Stop that one first, or set AFAR_DATA_DIR to another folder.`,
  )
}

function claimName(pid: number) {
  return `holder.${pid}.${startOf(pid)}`
}

function livingClaims(dir: string) {
  return fs
    .readdirSync(dir)
    .filter(name => name.startsWith('holder.'))
    .flatMap(name => {
      const pid = Number(name.split('.')[1])
      if (isAlive(pid) && claimName(pid) === name) return [pid]
      fs.rmSync(path.join(dir, name), { force: true })
      return []
    })
}

function createExclusively(file: string) {
  try {
    fs.closeSync(fs.openSync(file, 'wx', 0o600))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function passwdLine(name: string) {
  return fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find(line => line.startsWith(`${name}:`))
}
