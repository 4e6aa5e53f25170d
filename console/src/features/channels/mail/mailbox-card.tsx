import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Card } from '../../../ui/page.tsx'
import { useRefusal } from '../../../ui/refusal.ts'
import { spellNumber } from '../../../ui/spell.ts'
import { Time } from '../../../ui/time.tsx'
import type { Channel } from '../api.ts'
import channelCss from '../channels.module.css'
import { useCompare, useFetchNow } from './api.ts'
import css from './mail-channel.module.css'
import type { Mailbox, MailSettings } from './settings.ts'

/** Whether mail comes and goes, and whether all of it is here. */
export function MailboxCard({ channel, state }: { channel: Channel; state: Mailbox | undefined }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const fetchNow = useFetchNow(channel.id)
  const compare = useCompare(channel.id)
  const refuse = { onError: (error: unknown) => void message.error(spell(error)) }
  const { imap, address } = channel.settings as MailSettings
  const isFetched = imap !== null
  return (
    <Card title={t('mailbox.state')}>
      {state?.failingSince && (
        <div className={css.failing} role="alert">
          <p className="strong">
            {t('mailbox.failingSince')} <Time at={state.failingSince} as="moment" />
          </p>
          <p>{t(`mailbox.code.${state.failure ?? 'failed'}`)}</p>
          {state.failureDetail && <p className={`mono ${css.detail}`}>{state.failureDetail}</p>}
        </div>
      )}
      <dl className={channelCss.facts}>
        {isFetched && (
          <>
            <Fact label={t('mailbox.connectedAt')} at={state?.connectedAt} />
            <Fact label={t('mailbox.lastFetchedAt')} at={state?.lastFetchedAt} />
          </>
        )}
        <Fact label={t('mailbox.lastSentAt')} at={state?.lastSentAt} />
        {state?.lagSeconds != null && state.lagSeconds > 120 && (
          <>
            <dt>{t('mailbox.lag')}</dt>
            <dd className={channelCss.uncertain}>
              {t('mailbox.minutes', { count: Math.round(state.lagSeconds / 60) })}
            </dd>
          </>
        )}
      </dl>
      {state?.folders.map(folder => (
        <Folder key={folder.path} {...folder} />
      ))}
      {!isFetched && <p className="quiet small">{t(address ? 'mailbox.notFetched' : 'mailbox.notSetUp')}</p>}
      {isFetched && (
        <div className={channelCss.acts}>
          <Button
            loading={fetchNow.isPending}
            disabled={!channel.active}
            onClick={() =>
              fetchNow.mutate(undefined, {
                ...refuse,
                onSuccess: () => void message.info(t('mailbox.looking')),
              })
            }
          >
            {t('mailbox.lookNow')}
          </Button>
          <Button
            loading={compare.isPending}
            disabled={!channel.active}
            onClick={() =>
              compare.mutate(undefined, {
                ...refuse,
                onSuccess: () => void message.info(t('mailbox.comparing')),
              })
            }
          >
            {t('mailbox.compare')}
          </Button>
        </div>
      )}
    </Card>
  )
}

function Fact({ label, at }: { label: string; at: string | null | undefined }) {
  const { t } = useTranslation()
  return (
    <>
      <dt>{label}</dt>
      <dd>{at ? <Time at={at} as="moment" /> : <span className="quiet">{t('mailbox.never')}</span>}</dd>
    </>
  )
}

function Folder({
  path,
  serverCount,
  heldCount,
  comparedAt,
  repairedCount,
  unfetched,
}: Mailbox['folders'][number]) {
  const { t, i18n } = useTranslation()
  const number = (value: number) => spellNumber(value, i18n.language)
  const isSame = serverCount === heldCount
  return (
    <div className={css.folder}>
      <p className="between">
        <span className="strong cut">{path}</span>
        {serverCount !== null && heldCount !== null && (
          <span className={`number ${isSame ? css.ok : css.unequal}`}>
            {t('mailbox.counts', { server: number(serverCount), held: number(heldCount) })}
          </span>
        )}
      </p>
      <p className="quiet tiny">
        {comparedAt ? (
          <>
            {t('mailbox.comparedAt')} <Time at={comparedAt} as="moment" />
          </>
        ) : (
          t('mailbox.notCompared')
        )}
        {repairedCount > 0 && ` · ${t('mailbox.repaired', { count: repairedCount })}`}
      </p>
      {unfetched.length > 0 && (
        <details>
          <summary className={css.unequal}>{t('mailbox.unfetched', { count: unfetched.length })}</summary>
          <ul className="tiny">
            {unfetched.map(({ uid, reason, attempts, triedAt }) => (
              <li key={uid}>
                <span className="mono">{`UID ${uid}`}</span>{' '}
                {t(`mailbox.code.${reason as 'failed'}`, { defaultValue: reason })}{' '}
                <span className="quiet">
                  {t('mailbox.tries', { count: attempts })} · <Time at={triedAt} />
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
