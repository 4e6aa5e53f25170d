import { DownloadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { useRefusal } from '../../ui/refusal.ts'
import { spellSize } from '../../ui/spell.ts'
import { Failure, Skeleton } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { channelList, inboundItem, useRetryInbound } from './api.ts'
import css from './channels.module.css'
import { useInboundReason } from './inbound-reason.ts'
import { MailSteps } from './mail/mail-steps.tsx'

/** One item as it came, and what was made of it. */
export function InboundItemFacts({ id }: { id: number }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const { data, error, refetch } = useQuery(inboundItem(id))
  const retry = useRetryInbound()
  const spellReason = useInboundReason()
  const may = useMay()
  const channels = useQuery(channelList()).data?.items
  const isMail = channels?.find(one => one.id === data?.channelId)?.kind === 'mail'
  if (error && !data) return <Failure error={error} retry={refetch} />
  if (!data) return <Skeleton />
  return (
    <>
      <dl className={css.facts}>
        <dt>{t('inbound.state')}</dt>
        <dd className={css[data.state]}>{t(`inbound.stateOf.${data.state}`)}</dd>
        <dt>{t('inbound.receivedAt')}</dt>
        <dd>
          <Time at={data.receivedAt} as="moment" />
        </dd>
        {data.reason && (
          <>
            <dt>{t('inbound.reason')}</dt>
            <dd title={data.reason}>{spellReason(data.reason)}</dd>
          </>
        )}
        <dt>{t('inbound.line')}</dt>
        <dd>
          <bdi>{data.line}</bdi>
        </dd>
        <dt>{t('inbound.externalId')}</dt>
        <dd className={`mono ${css.id}`}>{data.externalId}</dd>
        {data.conversationId && (
          <>
            <dt>{t('inbound.became')}</dt>
            <dd>
              <Link
                to="/inbox/$conversationId"
                params={{ conversationId: data.conversationId }}
                search={{ view: 'all' }}
              >
                {t('timeline.aConversation')}
              </Link>
            </dd>
          </>
        )}
      </dl>
      <p className={css.acts}>
        {data.state === 'parked' && (
          <Button
            type="primary"
            loading={retry.isPending}
            onClick={() => retry.mutate(id, { onError: error => void message.error(spell(error)) })}
          >
            {t('action.retry')}
          </Button>
        )}
        {may('customers:contact-details') && (
          <Button icon={<DownloadOutlined />} href={`/api/inbound/${id}/raw`} download>
            {t(isMail ? 'mail.saveRaw' : 'inbound.save')}
          </Button>
        )}
      </p>
      {isMail && <MailSteps inboundId={id} />}
      <h3 className={css.rawTitle}>
        {t('inbound.raw')} <span className="quiet small">{spellSize(data.rawBytes, i18n.language)}</span>
      </h3>
      {data.raw ? (
        <pre className={css.raw}>{pretty(data.raw)}</pre>
      ) : (
        <p className="quiet">{t('inbound.tooLong')}</p>
      )}
    </>
  )
}

function pretty(raw: string) {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2)
  } catch {
    return raw
  }
}
