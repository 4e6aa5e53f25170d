import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { printSum, runTests } from './checks.mjs'
import { apt, mayInstall } from './chromium.mjs'
import { fail, install, say } from './setup.mjs'

const bin = '/usr/lib/postgresql/15/bin'

install()
installPostgres()
const cluster = await startCluster()
const result = await runTests(
  'server modules on PostgreSQL 15',
  ['--config', 'server/vitest.config.ts', '--project', 'modules', ...process.argv.slice(2)],
  { env: { ...process.env, TEST_DATABASE_URL: cluster.url } },
)
await cluster.stop()
process.exitCode = result.failed > 0 ? 1 : 0
printSum(result)

function installPostgres() {
  if (fs.existsSync(`${bin}/postgres`)) return
  if (!mayInstall())
    fail('This needs PostgreSQL 15 in /usr/lib/postgresql/15; as root on Debian it is installed.')
  say('Installing PostgreSQL 15 …')
  // Debian would start a cluster of its own on the usual port; ours is another and short-lived.
  fs.mkdirSync('/etc/postgresql-common', { recursive: true })
  const settings = '/etc/postgresql-common/createcluster.conf'
  if (!fs.existsSync(settings)) fs.writeFileSync(settings, 'create_main_cluster = false\n')
  apt(['update'])
  apt(['install', '-y', '--no-install-recommends', '-o', 'Dpkg::Options::=--force-confold', 'postgresql-15'])
  if (!fs.existsSync(`${bin}/postgres`)) fail('PostgreSQL 15 could not be installed.')
}

async function startCluster() {
  const user = process.getuid() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-postgres15-'))
  const password = randomBytes(18).toString('base64url')
  fs.writeFileSync(path.join(home, 'password'), password, { mode: 0o600 })
  if (user.uid) for (const file of [home, path.join(home, 'password')]) fs.chownSync(file, user.uid, user.gid)

  const data = path.join(home, 'data')
  const as = { ...user, cwd: home, stdio: 'pipe' }
  const initdb = [
    '-D',
    data,
    '-U',
    'postgres',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
    '-A',
    'scram-sha-256',
  ]
  execFileSync(`${bin}/initdb`, [...initdb, '--pwfile', path.join(home, 'password')], as)

  const port = await freePort()
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${home}`,
    'fsync=off',
  ]
  const server = spawn(`${bin}/postgres`, ['-D', data, ...settings.flatMap(setting => ['-c', setting])], {
    ...as,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  await new Promise((resolve, reject) => {
    server.stderr.on('data', chunk => String(chunk).includes('ready to accept connections') && resolve())
    server.once('exit', code => reject(new Error(`PostgreSQL 15 ended with ${code}`)))
  })
  process.once('exit', () => server.kill('SIGINT'))

  const { default: pg } = await import('pg')
  const url = role => `postgres://${role}:${password}@127.0.0.1:${port}/postgres`
  const client = new pg.Client({ connectionString: url('postgres') })
  await client.connect()
  // Like an operator's: may make databases, is no superuser.
  await client.query(`create role afar login createdb password '${password}'`)
  await client.end()

  return {
    url: url('afar'),
    async stop() {
      const ended = new Promise(resolve => server.once('exit', resolve))
      server.kill('SIGINT')
      await ended
      fs.rmSync(home, { recursive: true, force: true })
    },
  }
}

function idOf(flag) {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
}

async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => probe.once('listening', resolve))
  const { port } = probe.address()
  await new Promise(resolve => probe.close(resolve))
  return port
}
