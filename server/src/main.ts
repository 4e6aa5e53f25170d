import process from 'node:process'
import { type App, openApp } from './app.ts'
import { CannotStart, type Config, readConfig } from './config.ts'
import { openDatabase } from './platform/database.ts'
import { migrate } from './platform/db.ts'
import { createSampleCompany, isEmptyHouse, sampleSignIns } from './sample/sample-company.ts'

try {
  await main()
} catch (error) {
  if (!(error instanceof CannotStart)) throw error
  console.error(error.message)
  process.exit(1)
}

async function main() {
  const config = readConfig()
  const closing: (() => Promise<unknown>)[] = []
  stopOnSignals(closing)

  const database = await openDatabase(config)
  closing.push(database.close)
  await migrate(database.connection)
  const app = await openApp({
    ...config,
    connection: database.connection,
    dataDir: database.dataDir,
    secrets: [database.secret, ...config.olderSecrets],
  })
  closing.push(app.stop)
  await orTaken('AFAR_SMTP_PORT', config.ports.smtp?.port, app.start())
  if (!process.argv.includes('--empty') && (await isEmptyHouse(app.look())))
    await createSampleCompany(app.place)
  await listen(app, config)
  await tell(app, config)
}

function listen(app: App, { port, host }: Config) {
  return orTaken('AFAR_PORT', port, app.listen(port, host))
}

async function orTaken(setting: string, port: number | undefined, opening: Promise<unknown>) {
  try {
    await opening
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new CannotStart(
      'port_taken',
      `Port ${port} is taken by another program. Set ${setting} to a free one.`,
    )
  }
}

/** Ctrl-C and SIGTERM close what was opened, the newest first; who asks again later does not want to wait. */
function stopOnSignals(closing: (() => Promise<unknown>)[]) {
  let askedAt: number | null = null
  const stop = async () => {
    // npm and a terminal may each pass on the same Ctrl-C.
    if (askedAt !== null) return performance.now() - askedAt > 1_000 && process.exit(1)
    askedAt = performance.now()
    setTimeout(() => process.exit(1), 15_000).unref()
    for (const close of closing.reverse()) await close().catch(error => console.error(error))
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
}

async function tell(app: App, { url }: Config) {
  const { signIns, storefronts, isEmpty } = await sampleSignIns(app.look())
  const lines = [
    '',
    '  Afar 远客 is ready.',
    '',
    `  Console      ${url}${isEmpty ? '   (create your company and its first admin there)' : ''}`,
    ...storefronts.map(({ key, name }) => `  Storefront   ${url}/storefront/${key}/   ${name}`),
    `  API          ${url}/docs`,
    ...(signIns.length > 0 ? ['', `  Sample sign-ins, all with the password ${signIns[0]!.password}:`] : []),
    ...signIns.map(({ email, name, role }) => `    ${email.padEnd(28)} ${name}, ${role}`),
    '',
  ]
  console.log(lines.join('\n'))
}
