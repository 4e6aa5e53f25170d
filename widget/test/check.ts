import { complaints, expectSame, launch } from './browser.ts'

export const browser = await launch()
const wanted = process.argv[2]
let failures = 0

/** Runs what a person would look at, says how it went, and goes on. What `run` returns is a figure to print. */
export async function check(name: string, run: () => Promise<unknown>) {
  if (wanted && !name.includes(wanted)) return
  const begun = Date.now()
  complaints.length = 0
  try {
    const figure = await run()
    expectSame(complaints, [], 'the browser complained')
    console.log(`ok      ${name} (${Date.now() - begun} ms)${figure ? `: ${figure}` : ''}`)
  } catch (error) {
    failures++
    console.log(`NOT OK  ${name}: ${(error as Error).message}`)
  }
}

export async function finish() {
  await browser.close()
  console.log(failures === 0 ? 'All as wanted.' : `${failures} not as wanted.`)
  process.exit(failures === 0 ? 0 : 1)
}
