import http from 'node:http'
import type { AddressInfo } from 'node:net'
// @ts-expect-error It brings no types, and DefinitelyTyped's are of another version.
import Provider from 'oidc-provider'

export type TokenGiver = Awaited<ReturnType<typeof startTokenGiver>>

/**
 * A giver of tokens (OpenID Connect) that asks nobody: whoever comes is `account`, and consents. Its token for
 * renewal changes each time it is used, and one used twice ends the consent, as with the strict ones.
 */
export async function startTokenGiver({ redirectUri, account }: { redirectUri: string; account: string }) {
  const answer = (request: http.IncomingMessage, response: http.ServerResponse) =>
    request.url?.startsWith('/interaction/')
      ? consent(request, response)
      : provider.callback()(request, response)
  const server = http.createServer((request, response) => void answer(request, response))
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const accountOf = { current: account }
  const renewals: string[] = []

  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'afar',
        client_secret: 'the secret of the client',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_post',
      },
      {
        client_id: 'dovecot',
        client_secret: 'dovecot-secret',
        redirect_uris: [],
        response_types: [],
        grant_types: [],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    cookies: { keys: ['for tests'] },
    features: {
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: () => true },
    },
    interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_ctx: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    rotateRefreshToken: true,
    ttl: {
      AccessToken: 3_600,
      RefreshToken: 86_400,
      Grant: 86_400,
      Interaction: 600,
      Session: 600,
      IdToken: 600,
    },
  })
  provider.on('grant.success', (ctx: { oidc: { params: { grant_type: string } } }) =>
    renewals.push(ctx.oidc.params.grant_type),
  )

  async function consent(request: http.IncomingMessage, response: http.ServerResponse) {
    const accountId = accountOf.current
    const grant = new provider.Grant({ accountId, clientId: 'afar' })
    grant.addOIDCScope('openid offline_access')
    grants.push(await grant.save())
    await provider.interactionFinished(
      request,
      response,
      { login: { accountId }, consent: { grantId: grants.at(-1) } },
      { mergeWithLastSubmission: true },
    )
  }
  const grants: string[] = []

  return {
    issuer,
    port: (server.address() as AddressInfo).port,
    /** Which kinds of grant were given tokens, in order. */
    renewals,
    consentsAs(address: string) {
      accountOf.current = address
    },
    /** As when the person changes the password or takes the consent back. */
    async endConsent() {
      for (const id of grants.splice(0)) {
        await provider.Grant.adapter.destroy(id)
        await provider.RefreshToken.revokeByGrantId(id)
        await provider.AccessToken.revokeByGrantId(id)
      }
    },
    /** A browser: follows where it is sent until it would leave for `redirectUri`; answers that address. */
    async walk(url: string): Promise<URL> {
      const cookies = new Map<string, string>()
      for (let at = url; ; ) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
        const answered = await fetch(at, { redirect: 'manual', headers: { cookie } })
        for (const set of answered.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
          cookies.set(name, value)
        }
        const location = answered.headers.get('location')
        if (!location) throw new Error(`${answered.status} ${await answered.text()}`)
        at = new URL(location, at).href
        if (at.startsWith(redirectUri)) return new URL(at)
      }
    },
    stop: () =>
      new Promise<void>(done => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

/** How dovecot asks this giver whose token it was shown (RFC 7662). `file` is to hold the second text. */
export const dovecotByToken = (port: number, file: string) => ({
  auth: `auth_mechanisms = plain xoauth2 oauthbearer
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${file}
}
passdb {
  driver = static
  mechanisms = plain
  args = password=secret
}`,
  settings: `introspection_mode = post
introspection_url = http://dovecot:dovecot-secret@127.0.0.1:${port}/token/introspection
username_attribute = sub
active_attribute = active
active_value = true
tokeninfo_url =
`,
})
