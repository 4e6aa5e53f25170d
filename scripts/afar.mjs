import { install, runNode } from './setup.mjs'

install()
await runNode(['server/src/cli.ts', ...process.argv.slice(2)])
