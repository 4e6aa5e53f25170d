import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { chooseDataFolder, databaseUser, findHolder, holdDataFolder, readSecret } from './data-folder.ts'
import { startOf } from './processes.ts'

let dir = ''

beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-folder-'))
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

describe('holding the data folder', () => {
  test('is refused while another process holds it, with its pid', async () => {
    const holder = await holdInAnotherProcess()
    await expect(holdDataFolder(dir)).rejects.toMatchObject({
      code: 'data_folder_held',
      message: expect.stringContaining(`process ${holder.pid}`),
    })
    expect(findHolder(dir)).toEqual({ pid: holder.pid })
    holder.kill('SIGKILL')
  })

  test('is granted when the holder was killed', async () => {
    const holder = await holdInAnotherProcess()
    holder.kill('SIGKILL')
    await new Promise(resolve => holder.once('exit', resolve))
    expect(findHolder(dir)).toBeUndefined()
    await holdDataFolder(dir)
    expect(findHolder(dir)).toEqual({ pid: process.pid })
  })

  test('is granted when a stranger got the pid of the dead holder', async () => {
    const stranger = spawn('sleep', ['60'])
    fs.writeFileSync(path.join(dir, `holder.${stranger.pid}.${startOf(stranger.pid as number)}x`), '')
    await holdDataFolder(dir)
    stranger.kill()
  })

  test('is refused to the process that already holds it, until it lets go', async () => {
    const first = await holdDataFolder(dir)
    await expect(holdDataFolder(dir)).rejects.toMatchObject({ code: 'data_folder_held' })
    first.release()
    await holdDataFolder(dir)
  })

  test('is granted to one at most when many start at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => tryInAnotherProcess()))
    expect(outcomes.filter(outcome => outcome === 'held').length).toBeLessThanOrEqual(1)
    expect(outcomes.filter(outcome => outcome === 'data_folder_held').length).toBeGreaterThanOrEqual(5)
  })
})

describe('the secret', () => {
  test('is made once and readable by its owner only', () => {
    const secret = readSecret(dir)
    expect(secret.length).toBeGreaterThanOrEqual(43)
    expect(readSecret(dir)).toBe(secret)
    expect(fs.statSync(path.join(dir, 'secret')).mode & 0o777).toBe(0o600)
    expect(fs.readdirSync(dir)).toEqual(['secret'])
  })

  test('is not silently replaced when its file is damaged', () => {
    fs.writeFileSync(path.join(dir, 'secret'), '')
    expect(() => readSecret(dir)).toThrow(/no longer holds a secret/)
  })
})

describe.runIf(process.getuid?.() === 0)('choosing the folder as root', () => {
  const choose = (wanted: string) => chooseDataFolder(wanted, databaseUser(), path.join(dir, 'spare'))

  test('takes the wanted one where the database user can enter', () => {
    fs.chmodSync(dir, 0o755)
    expect(choose(path.join(dir, 'clone/.afar'))).toEqual({ dir: path.join(dir, 'clone/.afar') })
  })

  test('takes one of its own for a clone in a closed folder, and says so', () => {
    const chosen = choose(path.join(dir, 'clone/.afar'))
    expect(path.dirname(chosen.dir)).toBe(path.join(dir, 'spare'))
    expect(chosen.notice).toContain(chosen.dir)
    expect(choose(path.join(dir, 'clone/.afar')).dir).toBe(chosen.dir)
    expect(choose(path.join(dir, 'other/.afar')).dir).not.toBe(chosen.dir)
  })

  test('stays with its choice when the folder is opened later', () => {
    const chosen = choose(path.join(dir, 'clone/.afar'))
    fs.mkdirSync(path.join(chosen.dir, 'postgres/data'), { recursive: true })
    fs.chmodSync(dir, 0o755)
    expect(choose(path.join(dir, 'clone/.afar')).dir).toBe(chosen.dir)
  })

  test('refuses when data are already in a folder that was closed since', () => {
    fs.mkdirSync(path.join(dir, 'clone/.afar/postgres/data'), { recursive: true })
    expect(() => choose(path.join(dir, 'clone/.afar'))).toThrow(/cannot enter/)
  })
})

const holding = (afterwards: string) => `
  const { holdDataFolder } = await import(${JSON.stringify(import.meta.resolve('./data-folder.ts'))})
  try { await holdDataFolder(${JSON.stringify(dir)}); console.log('held') } catch (error) { console.log(error.code) }
  ${afterwards}`

async function holdInAnotherProcess() {
  const child = runProgram(holding('setInterval(() => {}, 1000)'))
  await new Promise(resolve => child.stdout.once('data', resolve))
  return child
}

/** Ends together with this test's other processes, so that nobody finds the folder free because one left early. */
async function tryInAnotherProcess() {
  const child = runProgram(holding('setTimeout(() => process.exit(), 3000)'))
  return await new Promise<string>(resolve => child.stdout.once('data', line => resolve(String(line).trim())))
}

function runProgram(program: string) {
  return spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}
