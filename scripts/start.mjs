import { build, install, runNode } from './setup.mjs'

install()
build()
await runNode(['server/src/main.ts', ...process.argv.slice(2)])
