import { at, build, install, runNode } from './setup.mjs'

// Starting leaves much behind that lives short, for which V8 would keep 100 MB of young space for good, and glibc an
// arena for every thread. With less of both the server idles at half the memory.
const flags = ['--max-semi-space-size=8']

install()
build()
const env = {
  MALLOC_ARENA_MAX: '2',
  // What was compiled once need not be compiled at every start.
  NODE_COMPILE_CACHE: at('node_modules/.cache/compile'),
  ...process.env,
}
await runNode([...flags, 'server/src/main.ts', ...process.argv.slice(2)], { env })
