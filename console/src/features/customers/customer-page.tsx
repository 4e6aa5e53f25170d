import { EditOutlined, MergeCellsOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { App, Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Card } from '../../ui/page.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { spellCountry, spellLanguage } from '../../ui/spell.ts'
import { Failure, Skeleton } from '../../ui/states.tsx'
import { Tags } from '../../ui/tags.tsx'
import { Time, ZonesOf } from '../../ui/time.tsx'
import { type Customer, customer, useCustomerChanges, useUndoMerge } from './api.ts'
import { CustomFieldValues } from './custom-field-values.tsx'
import { CustomerForm } from './customer-form.tsx'
import css from './customer-page.module.css'
import { FactList } from './fact-list.tsx'
import { IdentityEditor } from './identity-editor.tsx'
import { LocalTime } from './local-time.tsx'
import { MergeDialog } from './merge-dialog.tsx'
import { useNameOf } from './name.ts'
import { Timeline } from './timeline.tsx'

export function CustomerPage() {
  const { customerId } = useParams({ from: '/shell/customers/$customerId' })
  const { data, error, refetch } = useQuery(customer(customerId))
  if (error && !data) return <Failure error={error} retry={refetch} />
  if (!data) return <Skeleton lines={8} />
  return (
    <ZonesOf key={customerId} customer={data.zone}>
      <Opened who={data} />
    </ZonesOf>
  )
}

function Opened({ who }: { who: Customer }) {
  const { t, i18n } = useTranslation()
  const may = useMay()
  const nameOf = useNameOf()
  const [dialog, setDialog] = useState<'edit' | 'merge' | null>(null)
  const close = () => setDialog(null)
  const mayWrite = may('customers:write') && !who.mergedIntoId
  const from = [
    who.country && spellCountry(who.country, i18n.language),
    who.language && spellLanguage(who.language, i18n.language),
  ]

  return (
    <main className={css.page}>
      <aside className={css.side}>
        <header className={css.who}>
          <Avatar name={who.name} size={48} />
          <div className="cut">
            <h1 className={css.name} dir="auto">
              {nameOf(who)}
            </h1>
            <p className="quiet">{from.filter(Boolean).join(' · ')}</p>
            {who.zone && (
              <p className="quiet small">
                <LocalTime zone={who.zone} />
              </p>
            )}
          </div>
        </header>
        {who.mergedIntoId && <MergedAway into={who.mergedIntoId} id={who.id} />}
        <div className={css.acts}>
          {mayWrite && (
            <Button icon={<EditOutlined />} onClick={() => setDialog('edit')}>
              {t('action.edit')}
            </Button>
          )}
          {may('customers:merge') && !who.mergedIntoId && (
            <Button icon={<MergeCellsOutlined />} onClick={() => setDialog('merge')}>
              {t('customer.merge')}
            </Button>
          )}
        </div>
        <LookAlikes who={who} />
        <Card title={t('context.contacts')}>
          <IdentityEditor who={who} mayWrite={mayWrite} />
        </Card>
        <Card title={t('context.tags')}>
          <TagEditor who={who} mayWrite={mayWrite} />
        </Card>
        <CustomFieldValues who={who} mayWrite={mayWrite} />
        <Card title={t('context.facts')}>
          <FactList who={who} mayWrite={mayWrite} />
        </Card>
        <Merged who={who} />
      </aside>
      <section className={css.main}>
        <Timeline id={who.id} />
      </section>
      {dialog === 'edit' && <CustomerForm who={who} onClose={close} />}
      {dialog === 'merge' && <MergeDialog who={who} onClose={close} />}
    </main>
  )
}

function TagEditor({ who, mayWrite }: { who: Customer; mayWrite: boolean }) {
  const { t } = useTranslation()
  const { tag } = useCustomerChanges(who.id)
  if (!mayWrite)
    return who.tags.length > 0 ? (
      <Tags items={who.tags} />
    ) : (
      <p className="quiet small">{t('context.noTags')}</p>
    )
  return (
    <Select
      mode="tags"
      className={css.tags}
      open={false}
      suffixIcon={null}
      tokenSeparators={[',', '，']}
      value={tag.isPending ? tag.variables : who.tags}
      placeholder={t('context.addTag')}
      aria-label={t('context.tags')}
      onChange={tags => tag.mutate(tags)}
    />
  )
}

/** Others who share an address or number: whether they are one is for a person to say. */
function LookAlikes({ who }: { who: Customer }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  if (who.lookAlikes.length === 0) return null
  return (
    <div className={css.alike}>
      <p>{t('customer.lookAlikes')}</p>
      {who.lookAlikes.map(({ id, name }) => (
        <Link key={id} to="/customers/$customerId" params={{ customerId: id }}>
          <span dir="auto">{nameOf({ name })}</span>
        </Link>
      ))}
    </div>
  )
}

function Merged({ who }: { who: Customer }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const { message } = App.useApp()
  const may = useMay()
  const spell = useRefusal()
  const undo = useUndoMerge()
  if (who.merged.length === 0) return null
  return (
    <Card title={t('customer.merged')}>
      <ul>
        {who.merged.map(({ id, name, at }) => (
          <li key={id} className="between small">
            <span className="cut" dir="auto">
              {nameOf({ name })} <span className="quiet">{<Time at={at} as="date" />}</span>
            </span>
            {may('customers:merge') && (
              <Button
                size="small"
                type="text"
                loading={undo.isPending && undo.variables === id}
                onClick={() => undo.mutate(id, { onError: error => void message.error(spell(error)) })}
              >
                {t('action.undo')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}

function MergedAway({ into, id }: { into: string; id: string }) {
  const { t } = useTranslation()
  const may = useMay()
  const undo = useUndoMerge()
  return (
    <div className={css.alike}>
      <p>{t('customer.mergedAway')}</p>
      <Link to="/customers/$customerId" params={{ customerId: into }}>
        {t('customer.openMerged')}
      </Link>
      {may('customers:merge') && (
        <Button size="small" loading={undo.isPending} onClick={() => undo.mutate(id)}>
          {t('action.undo')}
        </Button>
      )}
    </div>
  )
}
