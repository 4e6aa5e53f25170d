import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay, useMe, useSetAvailability } from '../../api/session.ts'
import { KeyHint } from '../../ui/key-hint.tsx'
import { Empty } from '../../ui/states.tsx'
import { channelList } from '../channels/api.ts'
import { FirstSteps } from './first-steps.tsx'
import css from './no-conversation.module.css'

const keys = [
  ['alt+u', 'inbox.key.longest'],
  ['alt+j', 'inbox.key.next'],
  ['alt+k', 'inbox.key.previous'],
  ['mod+k', 'command.title'],
] as const

export function NoConversation() {
  const { t } = useTranslation()
  const may = useMay()
  const channels = useQuery({ ...channelList(), enabled: may('channels:manage') }).data?.items
  return (
    <section className={css.pane}>
      {channels?.length === 0 ? (
        <FirstSteps />
      ) : (
        <Empty title={t('inbox.choose')}>
          <dl className={css.keys}>
            {keys.map(([key, label]) => (
              <div key={key}>
                <dt>{t(label)}</dt>
                <dd>
                  <KeyHint keys={key} />
                </dd>
              </div>
            ))}
          </dl>
          {may('conversations:reply') && <OfflineHint />}
        </Empty>
      )}
    </section>
  )
}

/** Whoever signs in is offline until he says otherwise, and would wait for chats in vain. */
function OfflineHint() {
  const { t } = useTranslation()
  const { availability } = useMe()
  const set = useSetAvailability()
  if (availability.state !== 'offline') return null
  return (
    <div className={css.offline}>
      <p>{t('inbox.offline')}</p>
      <Button loading={set.isPending} onClick={() => set.mutate({ state: 'online' })}>
        {t('inbox.goOnline')}
      </Button>
    </div>
  )
}
