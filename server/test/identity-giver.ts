import { createHash, randomUUID } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'

export type IdentityGiver = Awaited<ReturnType<typeof startIdentityGiver>>

/** What goes wrong at it; each is off until a test sets it. */
type Faults = {
  nonce?: string
  audience?: string | string[]
  issuer?: string
  /** What it says of itself, in its description. */
  describedIssuer?: string
  /** Seconds since the token ran out, and since it was given. */
  expiredFor?: number
  givenIn?: number
  signature?: 'none' | 'public key as secret' | 'another key'
  descriptionStatus?: number
  descriptionAfterMs?: number
  answersAs?: string
  saysNo?: string
}

type Person = { sub: string; [claim: string]: unknown }
type Given = { nonce: string; challenge: string; redirectUri: string; person: Person; isUsed: boolean }

/**
 * A giver of identities that asks nobody: whoever comes is the person set last. It keeps the protocol where it is
 * not told to break it: codes are good once, verifiers and redirects are held against what was asked.
 */
export async function startIdentityGiver(
  clockOf: () => Date,
  { clientId = 'afar', clientSecret = 'of the client' } = {},
) {
  const server = http.createServer((request, response) => void answer(request, response))
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const codes = new Map<string, Given>()
  const faults: Faults = {}
  const asked: string[] = []
  const makeKey = async () => ({
    kid: randomUUID(),
    ...(await generateKeyPair('RS256', { extractable: true })),
  })
  let key = await makeKey()
  let person: Person = { sub: 'nobody' }
  let inUserinfo: Record<string, unknown> = {}

  async function answer(request: http.IncomingMessage, response: http.ServerResponse) {
    const url = new URL(request.url!, origin)
    asked.push(url.pathname)
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (url.pathname.endsWith('/openid-configuration')) {
      await new Promise(done => setTimeout(done, faults.descriptionAfterMs ?? 0))
      return json(faults.descriptionStatus ?? 200, description())
    }
    if (url.pathname === '/keys')
      return json(200, { keys: [{ ...(await exportJWK(key.publicKey)), kid: key.kid, use: 'sig' }] })
    if (url.pathname === '/authorize') {
      const to = authorize(url.searchParams)
      return response.writeHead(302, { location: to }).end()
    }
    if (url.pathname === '/token') {
      const body = new URLSearchParams(await textOf(request))
      const { status, said } = await giveToken(body, request.headers.authorization)
      return json(status, said)
    }
    if (url.pathname === '/userinfo') return json(200, { sub: person.sub, ...inUserinfo })
    return json(404, {})
  }

  const description = () => ({
    issuer: faults.describedIssuer ?? origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    jwks_uri: `${origin}/keys`,
    userinfo_endpoint: `${origin}/userinfo`,
    authorization_response_iss_parameter_supported: true,
    code_challenge_methods_supported: ['S256'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
  })

  function authorize(question: URLSearchParams) {
    const to = new URL(question.get('redirect_uri')!)
    to.searchParams.set('state', question.get('state')!)
    to.searchParams.set('iss', faults.answersAs ?? origin)
    if (faults.saysNo) to.searchParams.set('error', faults.saysNo)
    else {
      const code = randomUUID()
      codes.set(code, {
        nonce: question.get('nonce')!,
        challenge: question.get('code_challenge')!,
        redirectUri: question.get('redirect_uri')!,
        person,
        isUsed: false,
      })
      to.searchParams.set('code', code)
    }
    return to.href
  }

  async function giveToken(body: URLSearchParams, authorization = '') {
    const [id = '', secret = ''] = atob(authorization.replace(/^Basic /, ''))
      .split(':')
      .map(text => decodeURIComponent(text.replaceAll('+', ' ')))
    if (id !== clientId || secret !== clientSecret)
      return { status: 401, said: { error: 'invalid_client', error_description: 'Wrong secret' } }
    const given = codes.get(body.get('code')!)
    const isFit =
      given &&
      !given.isUsed &&
      given.redirectUri === body.get('redirect_uri') &&
      given.challenge === createHash('sha256').update(body.get('code_verifier')!).digest('base64url')
    if (!isFit) return { status: 400, said: { error: 'invalid_grant' } }
    given.isUsed = true
    return {
      status: 200,
      said: { id_token: await idToken(given), access_token: 'of him', token_type: 'Bearer' },
    }
  }

  async function idToken({ nonce, person }: Given) {
    const now = Math.floor(clockOf().getTime() / 1_000)
    const claims = {
      ...person,
      nonce: faults.nonce ?? nonce,
      iss: faults.issuer ?? origin,
      aud: faults.audience ?? clientId,
      iat: now + (faults.givenIn ?? 0),
      exp: faults.expiredFor === undefined ? now + 300 : now - faults.expiredFor,
    }
    if (faults.signature === 'none') return new UnsecuredJWT(claims).encode()
    if (faults.signature === 'public key as secret')
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: key.kid })
        .sign(new TextEncoder().encode(await exportSPKI(key.publicKey)))
    const { privateKey } = faults.signature === 'another key' ? await makeKey() : key
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.kid }).sign(privateKey)
  }

  return {
    issuer: origin,
    clientId,
    clientSecret,
    faults,
    /** The paths it was asked for, in order. */
    asked,
    mend() {
      for (const name of Object.keys(faults)) delete faults[name as keyof Faults]
    },
    comes(one: Person, userinfo: Record<string, unknown> = {}) {
      person = one
      inUserinfo = userinfo
    },
    async changeKey() {
      key = await makeKey()
    },
    /** A browser at it: answers the address it is sent back to. */
    async visit(url: string): Promise<URL> {
      const answered = await fetch(url, { redirect: 'manual' })
      return new URL(answered.headers.get('location')!)
    },
    stop: () =>
      new Promise<void>(done => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

async function textOf(request: http.IncomingMessage) {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return String(Buffer.concat(chunks))
}
