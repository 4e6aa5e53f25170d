import { checkArchitecture, checkLint, checkTypes, sum } from './checks.mjs'
import { install } from './setup.mjs'

install()
const results = await Promise.all([checkTypes(), checkLint(), checkArchitecture()])
process.exitCode = results.reduce(sum).failed > 0 ? 1 : 0
