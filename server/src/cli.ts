import process from 'node:process'
import { parseArgs } from 'node:util'
import { CannotStart, readConfig } from './config.ts'
import { doctor } from './doctor.ts'
import { issuePasswordReset, resetSecondFactor } from './modules/staff/account-recovery.ts'
import { createApiKey } from './modules/staff/api-keys.ts'
import { getStaffByEmail } from './modules/staff/staff.ts'
import { openPlace } from './place.ts'
import { system } from './platform/context.ts'
import { borrowDatabase, type Database } from './platform/database.ts'
import { migrate } from './platform/db.ts'
import { explainMails } from './platform/mail/explain.ts'
import { transact, type Workplace } from './platform/work.ts'

const help = `Usage: npm run afar -- <command>

  api-key create --role <role> --name <name>   make an API key; it is shown once
  staff reset-password --email <address>       make a link to choose a new password; it is good once, for a day
  staff reset-second-factor --email <address>  switch off the second factor of somebody who lost it
  mail explain <file.eml …>                    say what Afar reads in a mail, as a line of JSON; - is standard input
  doctor                                       look whether everything Afar needs is in order
  --help                                       this text
`

const commands: Record<string, (place: Workplace, args: string[], database: Database) => Promise<number>> = {
  'api-key create': async (place, args) => {
    const { values } = parseArgs({ args, options: { role: { type: 'string' }, name: { type: 'string' } } })
    if (!values.role || !values.name)
      throw new CannotStart('usage', `Both --role and --name are needed.\n\n${help}`)
    const { key } = await transact(place, system, ctx =>
      createApiKey(ctx, { name: values.name!, roleCode: values.role! }),
    )
    console.log(key)
    return 0
  },
  'staff reset-password': async (place, args) => {
    const { url } = await transact(place, system, async ctx =>
      issuePasswordReset(ctx, (await getStaffByEmail(ctx, emailIn(args))).id),
    )
    console.log(`${place.url}${url}`)
    return 0
  },
  'staff reset-second-factor': async (place, args) => {
    const { name } = await transact(place, system, async ctx =>
      resetSecondFactor(ctx, (await getStaffByEmail(ctx, emailIn(args))).id),
    )
    console.log(`${name} signs in without a second factor until a new one is set up.`)
    return 0
  },
  doctor,
}

/** Those that need no data folder and leave none behind. */
const bareCommands: Record<string, (args: string[]) => Promise<number>> = {
  'mail explain': async args => {
    if (args.length === 0) throw new CannotStart('usage', `A file is needed.\n\n${help}`)
    return explainMails(args, { input: process.stdin, print: line => console.log(line) })
  },
}

function emailIn(args: string[]) {
  const { values } = parseArgs({ args, options: { email: { type: 'string' } } })
  if (!values.email) throw new CannotStart('usage', `--email is needed.\n\n${help}`)
  return values.email
}

try {
  process.exit(await main(process.argv.slice(2)))
} catch (error) {
  console.error(error instanceof CannotStart || isRefusal(error) ? error.message : error)
  process.exit(1)
}

async function main(args: string[]): Promise<number> {
  const bare = bareCommands[args.slice(0, 2).join(' ')]
  if (bare) return bare(args.slice(2))
  const words = args.filter((arg, n) => !arg.startsWith('-') && n < 2).join(' ')
  const name = Object.keys(commands).find(command => words === command || words.startsWith(`${command} `))
  if (!name) {
    console.log(help)
    return args.includes('--help') ? 0 : 2
  }
  const config = readConfig()
  const database = await borrowDatabase(config)
  await migrate(database.connection)
  const place = openPlace({
    ...config,
    connection: database.connection,
    dataDir: database.dataDir,
    secrets: [database.secret, ...config.olderSecrets],
    logLevel: 'warn',
    poolSize: 2,
    name: 'afar command',
  })
  try {
    return await commands[name]!(place, args.slice(name.split(' ').length), database)
  } finally {
    await place.pool.end()
    await database.close()
  }
}

function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === 'Refusal'
}
