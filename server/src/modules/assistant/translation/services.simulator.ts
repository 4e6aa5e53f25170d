import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'

/** What a service does with one request instead of translating it well. */
export type Fault =
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: string }
  | { kind: 'delay'; ms: number }
  | { kind: 'hang' }
  | { kind: 'cut' }
  | { kind: 'garbage' }
  | { kind: 'huge' }
  /** One text fewer than was asked for. */
  | { kind: 'fewer' }
  /** Changes each text as it stands on the wire, with the marks of what is kept in it. */
  | { kind: 'change'; change: (encoded: string) => string }

export type Call = {
  service: 'deepl' | 'google' | 'openai'
  headers: FastifyRequest['headers']
  /** As they stood on the wire. */
  texts: string[]
  body: Record<string, unknown>
}

const key = 'a key of the simulator'

/**
 * DeepL, Google and a model behind OpenAI’s wire, as their references describe them. A translation is what `sayings`
 * has for a text, {0} standing for what is kept; else the text behind the language’s name. Faults are used up one per
 * request, in order; `always` holds for each.
 */
export async function startServices({ sayings = {} as Record<string, string>, port = 0 } = {}) {
  const calls: Call[] = []
  const faults: Fault[] = []
  const state: { always: Fault | null; running: number; mostAtOnce: number } = {
    always: null,
    running: 0,
    mostAtOnce: 0,
  }
  const app = Fastify({ bodyLimit: 10_000_000 })

  const saidAs = (encoded: string, to: string, mark: RegExp) => {
    const kept: string[] = []
    const plain = encoded.replace(mark, whole => `{${kept.push(whole) - 1}}`)
    const said = sayings[`${to} ${plain}`] ?? `(${to}) ${plain}`
    return said.replace(/\{(\d+)\}/g, (_, n) => kept[Number(n)] ?? '')
  }

  async function serve(
    reply: FastifyReply,
    call: Call,
    to: string,
    mark: RegExp,
    answer: (texts: string[]) => object,
  ) {
    calls.push(call)
    state.running += 1
    state.mostAtOnce = Math.max(state.mostAtOnce, state.running)
    try {
      const fault = faults.shift() ?? state.always
      if (fault?.kind === 'delay') await new Promise(done => setTimeout(done, fault.ms))
      if (fault?.kind === 'cut') reply.raw.socket?.destroy()
      if (fault?.kind === 'cut' || fault?.kind === 'hang') return reply.hijack()
      if (fault?.kind === 'status')
        return reply
          .code(fault.status)
          .headers(fault.headers ?? {})
          .send(fault.body ?? '{}')
      if (fault?.kind === 'garbage') return reply.type('text/html').send('<html>Sorry.</html>')
      if (fault?.kind === 'huge') return reply.send(answer(['x'.repeat(5_000_000)]))
      const said = call.texts.map(text => saidAs(text, to, mark))
      if (fault?.kind === 'fewer') said.pop()
      return reply.send(answer(fault?.kind === 'change' ? said.map(fault.change) : said))
    } finally {
      state.running -= 1
    }
  }

  app.post('/v2/translate', (request, reply) => {
    const body = request.body as { text: string[]; target_lang: string; source_lang?: string }
    if (request.headers.authorization !== `DeepL-Auth-Key ${key}`) return reply.code(403).send()
    const call = { service: 'deepl' as const, headers: request.headers, texts: body.text, body }
    return serve(reply, call, body.target_lang.slice(0, 2).toLowerCase(), /<x>\d+<\/x>/g, texts => ({
      translations: texts.map((text, n) => ({
        detected_source_language: body.source_lang ?? 'DE',
        text,
        billed_characters: (body.text[n] ?? '').replaceAll(/<[^>]*>/g, '').length,
      })),
    }))
  })

  app.post('/language/translate/v2', (request, reply) => {
    const body = request.body as { q: string[]; target: string; source?: string }
    if (request.headers['x-goog-api-key'] !== key)
      return reply.code(403).send({ error: { code: 403, message: 'no', errors: [{ reason: 'forbidden' }] } })
    const call = { service: 'google' as const, headers: request.headers, texts: body.q, body }
    return serve(reply, call, body.target.slice(0, 2), /<span translate="no">\d+<\/span>/g, texts => ({
      data: {
        translations: texts.map(text => ({
          translatedText: text,
          ...(!body.source && { detectedSourceLanguage: 'de' }),
        })),
      },
    }))
  })

  app.post('/v1/chat/completions', (request, reply) => {
    const body = request.body as { messages: { content: string }[] }
    if (request.headers.authorization !== `Bearer ${key}`) return reply.code(401).send()
    const asked = JSON.parse(body.messages[1]!.content) as {
      texts: string[]
      to: string
      from: string | null
    }
    const call = { service: 'openai' as const, headers: request.headers, texts: asked.texts, body }
    return serve(reply, call, asked.to, /⟦\d+⟧/g, texts => ({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          finish_reason: 'stop',
          message: {
            role: 'assistant',
            content: JSON.stringify({
              translations: texts.map(text => ({ text, from: asked.from ?? 'de' })),
            }),
          },
        },
      ],
      usage: { prompt_tokens: 300, completion_tokens: 100, total_tokens: 400 },
    }))
  })

  await app.listen({ port, host: '127.0.0.1' })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  return {
    url,
    key,
    calls,
    faults,
    state,
    baseUrlOf: (service: Call['service']) => (service === 'openai' ? `${url}/v1` : url),
    async stop() {
      app.server.closeAllConnections()
      await app.close()
    },
  }
}
