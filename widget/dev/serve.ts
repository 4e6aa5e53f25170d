import { parseArgs } from 'node:util'
import { startFake } from './fake-server.ts'

const { values } = parseArgs({
  options: { port: { type: 'string', default: '8417' }, file: { type: 'string' } },
})
const fake = await startFake({ port: Number(values.port), file: values.file, log: true })
console.log(`The sample storefront with the widget: ${fake.url}/storefront/demo/`)
console.log(
  `The agent's side: curl -d '{"text":"Hello"}' ${fake.url}/dev/agent   (also typing, system, faults, config …)`,
)
