import net from 'node:net'
import { contains, listOf } from './outbound-guard.ts'

/** Whether this is a network such as `10.0.0.0/8` or `2001:db8::/32`; an address alone is a network of one. */
export const isNetwork = (text: string) => readNetwork(text) !== null

/** Whether an address lies in one of the networks. A mapped one (`::ffff:192.0.2.1`) is the IPv4 address it stands for. */
export function isWithin(networks: readonly string[], address: string) {
  const list = listOf(networks.flatMap(text => readNetwork(text) ?? []))
  return contains(list, address.replace(/^::ffff:(?=[\d.]+$)/i, ''))
}

function readNetwork(text: string): [network: string, prefix: number][] | null {
  const [, network = '', prefix] = /^([\da-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const bits = { 0: -1, 4: 32, 6: 128 }[net.isIP(network)] ?? -1
  const length = prefix === undefined ? bits : Number(prefix)
  return bits > 0 && length <= bits ? [[network, length]] : null
}
