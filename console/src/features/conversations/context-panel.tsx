import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Select } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { spellCountry, spellLanguage } from '../../ui/spell.ts'
import { Skeleton } from '../../ui/states.tsx'
import { Tags as TagRow } from '../../ui/tags.tsx'
import { Time } from '../../ui/time.tsx'
import type { Customer } from '../customers/api.ts'
import { isOfProfile, useSpellFact } from '../customers/facts.ts'
import { Identities } from '../customers/identities.tsx'
import { LocalTime } from '../customers/local-time.tsx'
import { useNameOf } from '../customers/name.ts'
import { FlowTraces } from '../flows/flow-traces.tsx'
import { queueList } from '../routing/api.ts'
import type { ConversationRow } from './api.ts'
import { AssignmentLog } from './assignment-log.tsx'
import { useActs } from './bulk/use-acts.tsx'
import { tagsField } from './context-fields.ts'
import css from './context-panel.module.css'
import { links } from './linking/api.ts'
import { LinksCard } from './linking/links-card.tsx'
import { OtherConversations } from './other-conversations.tsx'
import { isShown, ownFields } from './own-fields/api.ts'
import { OwnFieldsCard } from './own-fields/own-fields-card.tsx'
import { ReasonCard } from './reasons/reason-card.tsx'

/** What one must know of this customer while answering, each thing on its own card. */
export function ContextPanel({
  row,
  customer,
}: {
  row: ConversationRow | undefined
  customer: Customer | undefined
}) {
  const { t, i18n } = useTranslation()
  const nameOf = useNameOf()
  const spell = useSpellFact()
  const fields = useQuery(ownFields()).data?.items ?? []
  const linked = useQuery({ ...links(row?.id ?? ''), enabled: row !== undefined }).data ?? []
  if (!row || !customer)
    return (
      <aside className={css.panel}>
        <Skeleton lines={8} />
      </aside>
    )
  const { language, country, zone } = customer
  const hasOwnFields = fields.some(field => isShown(field, row, row.reason))
  const facts = customer.facts.filter(({ field }) => !isOfProfile(field))
  return (
    <aside className={css.panel} aria-label={t('context.title')}>
      <section className={css.who}>
        <Avatar name={customer.name} size={48} />
        <div className="cut">
          <h3 className="cut" dir="auto">
            <Link to="/customers/$customerId" params={{ customerId: customer.id }}>
              {nameOf(customer)}
            </Link>
          </h3>
          <p className="quiet small cut">
            {[
              country && spellCountry(country, i18n.language),
              language && spellLanguage(language, i18n.language),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
          {zone && (
            <p className="quiet small">
              <LocalTime zone={zone} />
            </p>
          )}
        </div>
      </section>
      <Card title={t('context.reason')}>
        <ReasonCard row={row} />
      </Card>
      {hasOwnFields && (
        <Card title={t('ownField.card')}>
          <OwnFieldsCard row={row} />
        </Card>
      )}
      <Card title={t('context.contacts')}>
        <Identities items={customer.identities} />
      </Card>
      {facts.length > 0 && (
        <Card title={t('context.facts')}>
          <dl className={css.facts}>
            {facts.slice(0, 6).map(({ field, value, source, at }) => (
              <div key={field}>
                <dt>{spell({ field, value }).label}</dt>
                <dd className={css.source}>
                  {t(`source.${source as 'staff'}`, { defaultValue: source })} · <Time at={at} />
                </dd>
                <dd className={css.value} dir="auto">
                  {spell({ field, value }).text}
                </dd>
              </div>
            ))}
          </dl>
        </Card>
      )}
      <Card title={t('context.tags')}>
        <Tags row={row} />
      </Card>
      {linked.length > 0 && (
        <Card title={t('linking.card')}>
          <LinksCard id={row.id} items={linked} />
        </Card>
      )}
      <Card title={t('context.others')}>
        <OtherConversations customerId={customer.id} except={row.id} />
      </Card>
      <Card title={t('context.assignments')}>
        <WaitsIn queueId={row.queueId} />
        <AssignmentLog id={row.id} />
      </Card>
      <Card title={t('flows.did')}>
        <FlowTraces conversationId={row.id} />
      </Card>
    </aside>
  )
}

/** The queue it waits in, or came through. */
function WaitsIn({ queueId }: { queueId: string | null }) {
  const { t } = useTranslation()
  const queue = useQuery({ ...queueList(), enabled: queueId !== null }).data?.items.find(
    ({ id }) => id === queueId,
  )
  return queue ? <p className="small">{t('queues.inQueue', { queue: queue.name })}</p> : null
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={css.card}>
      <h3>{title}</h3>
      {children}
    </section>
  )
}

function Tags({ row }: { row: ConversationRow }) {
  const { t } = useTranslation()
  const may = useMay()
  const { act } = useActs(row.id)
  const change = (tags: string[]) => {
    const [added, removed] = [
      tags.filter(tag => !row.tags.includes(tag)),
      row.tags.filter(tag => !tags.includes(tag)),
    ]
    const calls = [
      ...(added.length > 0 ? [{ code: 'add_tags', params: { tags: added } }] : []),
      ...(removed.length > 0 ? [{ code: 'remove_tags', params: { tags: removed } }] : []),
    ]
    if (calls.length > 0) act(calls, { said: t('acted.tags') })
  }
  if (!may('conversations:reply'))
    return row.tags.length > 0 ? (
      <TagRow items={row.tags} />
    ) : (
      <p className="quiet small">{t('context.noTags')}</p>
    )
  return (
    <Select
      mode="tags"
      id={tagsField}
      className={css.tags}
      value={row.tags}
      placeholder={t('context.addTag')}
      aria-label={t('context.tags')}
      tokenSeparators={[',', '，']}
      open={false}
      suffixIcon={null}
      onChange={change}
    />
  )
}
