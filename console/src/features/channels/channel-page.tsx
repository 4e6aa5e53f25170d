import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { App, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/page.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { Failure, Skeleton } from '../../ui/states.tsx'
import { storeList } from '../settings/api.ts'
import { type Channel, channel, useChangeChannel } from './api.ts'
import { ApiChannel } from './api-channel.tsx'
import { MailChannel } from './mail/mail-channel.tsx'
import { WebChat } from './web-chat.tsx'

export function ChannelPage() {
  const { t } = useTranslation()
  const { channelId } = useParams({ from: '/shell/settings/channels/$channelId' })
  const { data, error, refetch } = useQuery(channel(channelId))
  const store = useQuery(storeList()).data?.items.find(({ id }) => id === data?.storeId)
  if (error && !data) return <Failure error={error} retry={refetch} />
  if (!data || !store) return <Skeleton lines={6} />
  return (
    <Page
      width="wide"
      title={data.name}
      about={`${t(`channel.kind.${data.kind}`)} · ${store.name}`}
      actions={<Active channel={data} />}
    >
      {data.kind === 'web_chat' && <WebChat channel={data} store={store} />}
      {data.kind === 'api' && <ApiChannel channel={data} />}
      {data.kind === 'mail' && <MailChannel channel={data} />}
    </Page>
  )
}

function Active({ channel }: { channel: Channel }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const change = useChangeChannel(channel.id)
  return (
    <label className="row">
      {t(channel.active ? 'channel.on' : 'channel.off')}
      <Switch
        checked={channel.active}
        loading={change.isPending}
        onChange={active => change.mutate({ active }, { onError: error => void message.error(spell(error)) })}
      />
    </label>
  )
}
