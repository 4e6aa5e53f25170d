import type { Adapter } from './adapter.ts'
import { apiChannel } from './api-channel.ts'
import { mailChannel } from './mail/mail-channel.ts'
import type { ChannelKind } from './tables.ts'
import { webChat } from './web-chat.ts'

const adapters: Record<ChannelKind, Adapter> = {
  web_chat: webChat,
  api: apiChannel,
  mail: mailChannel,
}

export const adapterOf = (kind: ChannelKind) => adapters[kind]
