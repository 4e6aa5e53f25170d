import net from 'node:net'

/**
 * What became of a request that was not answered. `refused`: our own guard said no. `not_sent`: the name was
 * not found or nobody took the call, so not a byte of the request has left. `uncertain`: it may have been acted
 * upon and must not blindly be sent again.
 */
export type Outcome = 'refused' | 'not_sent' | 'uncertain'

/**
 * The message reads the same for an open and a closed port; the reason is in `cause`, for the log alone.
 * `status` is there when an answer had begun.
 */
export class OutboundError extends Error {
  readonly outcome: Outcome
  readonly code: string
  readonly status: number | undefined

  constructor(outcome: Outcome, code: string, message: string, cause?: unknown, status?: number) {
    super(message, { cause })
    this.name = 'OutboundError'
    this.outcome = outcome
    this.code = code
    this.status = status
  }
}

/** A network and port (absent: every port) that the operator opens. */
export type AllowRule = { network: string; prefix: number; port: number | undefined }

export type ResolvedAddress = { address: string; family: number }

export type Destination = {
  isEncrypted: boolean
  /** As the certificate must name it; an address stands without brackets. */
  host: string
  port: number
  path: string
  hostHeader: string
}

/** Decides on socket addresses, never on how a host was written: `0x7f.1`, `①②⑦.⓪.⓪.①` and a name all end as one. */
export function openGuard(allow: readonly AllowRule[], onAllowed: (rule: AllowRule) => void = () => {}) {
  const rules = allow.map(rule => ({ rule, networks: listOf([[rule.network, rule.prefix]]) }))
  const told = new Set<AllowRule>()

  function isAllowed(address: string, port: number) {
    const opened = rules.find(
      ({ rule, networks }) => (rule.port === undefined || rule.port === port) && contains(networks, address),
    )
    if (opened && !told.has(opened.rule)) {
      told.add(opened.rule)
      onAllowed(opened.rule)
    }
    return opened !== undefined
  }

  /** All or nothing: a name that also has a private address is an attempt, not a choice. */
  function permit(addresses: readonly ResolvedAddress[], port: number, isUsual = isUsualPort) {
    const isOpen = ({ address }: ResolvedAddress) =>
      (isPublic(address) && isUsual(port)) || isAllowed(address, port)
    if (!addresses.every(isOpen)) {
      throw new OutboundError('refused', 'address_not_allowed', 'This address is not allowed.')
    }
  }

  return { permit }
}

/** Reads http and https only; a name and password in the address are refused, the part after # is dropped. */
export function readDestination(text: string): Destination {
  const url = text.length <= 8192 ? URL.parse(text) : null
  const isEncrypted = url?.protocol === 'https:'
  if (!url || !(isEncrypted || url.protocol === 'http:') || url.username || url.password) {
    throw new OutboundError(
      'refused',
      'bad_address',
      'This is not an http or https address that can be used.',
    )
  }
  return {
    isEncrypted,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (isEncrypted ? 443 : 80),
    path: url.pathname + url.search,
    hostHeader: url.host,
  }
}

/** Whether everybody on the internet would reach the same machine under this address. */
export function isPublic(address: string) {
  if (net.isIPv4(address)) return !contains(closedNetworks, address)
  return contains(globalUnicast, address) && !contains(closedNetworks, address)
}

/** Mail, databases and the like are never meant; below 1024 only the web itself is. */
export const isUsualPort = (port: number) =>
  port === 80 || port === 443 || (port >= 1024 && !closedPorts.has(port))

/** Where mail servers listen; above 1023 as for the web. */
export const isUsualMailPort = (port: number) =>
  mailPorts.has(port) || (port >= 1024 && !closedPorts.has(port))

// SMTP, IMAP, SMTP with TLS, submission, IMAP with TLS.
const mailPorts = new Set([25, 143, 465, 587, 993])

// IANA special-purpose registries (RFC 6890 and successors), multicast, reserved, and what clouds put there.
const closedNetworks = listOf([
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carrier-grade NAT; Alibaba's metadata
  ['127.0.0.0', 8],
  ['168.63.129.16', 32], // Azure's host agent
  ['169.254.0.0', 16], // link-local; most clouds' metadata
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16],
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
  ['2001::', 23], // Teredo, benchmarks, ORCHID
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4, which carries any IPv4 address
  ['3fff::', 20], // documentation
])

// Everything else in IPv6 is closed by not being here: loopback, mapped IPv4, NAT64, unique local, link-local.
const globalUnicast = listOf([['2000::', 3]])

// NFS, databases, queues, caches, container and cluster control, IRC, SIP, X11, remote desktops.
const closedPorts = new Set([
  1433, 1521, 1719, 1720, 1723, 1883, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 3659, 4045, 4190, 5060, 5061,
  5432, 5433, 5671, 5672, 5900, 5984, 6000, 6379, 6380, 6443, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
  7000, 7001, 8086, 8500, 8883, 9042, 9092, 9160, 9200, 9300, 10080, 10250, 10255, 11211, 15672, 27017, 27018,
])

export function listOf(networks: readonly (readonly [network: string, prefix: number])[]) {
  const list = new net.BlockList()
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, familyOf(network))
  return list
}

// A zone (`fe80::1%eth0`) names an interface of this machine, and no list can hold it.
export const contains = (list: net.BlockList, address: string) =>
  net.isIP(address) !== 0 && !address.includes('%') && list.check(address, familyOf(address))

function familyOf(address: string) {
  return net.isIPv4(address) ? 'ipv4' : 'ipv6'
}
