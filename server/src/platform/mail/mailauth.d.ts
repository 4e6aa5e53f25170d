declare module 'mailauth/lib/dkim/verify.js' {
  import type { Readable } from 'node:stream'
  type Resolver = (name: string, type: string) => Promise<unknown>
  export function dkimVerify(
    input: Readable | Buffer,
    options: { resolver: Resolver; sender: string },
  ): Promise<{
    headerFrom: string[]
    results: {
      id?: string
      signingDomain?: string
      status: { result: string; comment?: string | false; aligned?: string | false; underSized?: number }
    }[]
  }>
}

declare module 'mailauth/lib/spf/index.js' {
  type Resolver = (name: string, type: string) => Promise<unknown>
  export function spf(options: {
    sender: string
    ip: string
    helo: string
    mta: string
    resolver: Resolver
  }): Promise<{ domain: string; status: { result: string } }>
}

declare module 'mailauth/lib/dmarc/index.js' {
  type Resolver = (name: string, type: string) => Promise<unknown>
  export function dmarc(options: {
    headerFrom: string[]
    spfDomains: string[]
    dkimDomains: { id?: string; domain?: string; aligned?: string | false; underSized?: number }[]
    resolver: Resolver
  }): Promise<false | { status: { result: string }; domain: string; policy?: string }>
}
