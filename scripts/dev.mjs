import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { at, build, install, nodePath, say } from './setup.mjs'

install()
build()

const vite = at('node_modules/vite/bin/vite.js')
const server = `http://localhost:${process.env.AFAR_PORT ?? 8400}`
const processes = [
  run('.', ['--watch', '--watch-preserve-output', 'server/src/main.ts', ...process.argv.slice(2)]),
]
if (fs.existsSync(at('console/vite.config.ts')))
  processes.push(run('console', [vite, '--port', '5173', '--clearScreen', 'false']))
if (fs.existsSync(at('widget/dev/serve.ts'))) processes.push(run('widget', ['dev/serve.ts']))
say('The console that follows your edits: http://localhost:5173')

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
for (const child of processes) child.once('exit', stop)

function run(folder, args) {
  const env = folder === '.' ? process.env : { ...process.env, AFAR_SERVER: server }
  return spawn(nodePath(), args, { cwd: at(folder), env, stdio: 'inherit' })
}

function stop() {
  for (const child of processes) child.kill('SIGTERM')
}
