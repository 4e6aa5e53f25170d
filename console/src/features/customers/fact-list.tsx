import { HistoryOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Modal, Popover } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { GrowingArea } from '../../ui/growing-area.tsx'
import { RecordForm } from '../../ui/record-form.tsx'
import { Time } from '../../ui/time.tsx'
import { type Customer, type Fact, factHistory, useCustomerChanges } from './api.ts'
import css from './fact-list.module.css'
import { isOfProfile, useSpellFact } from './facts.ts'

/** What is known, from whom and since when; what was known before is kept. */
export function FactList({ who, mayWrite }: { who: Customer; mayWrite: boolean }) {
  const { t } = useTranslation()
  const spell = useSpellFact()
  const [isAdding, setAdding] = useState(false)
  return (
    <>
      <dl className={css.facts}>
        {who.facts.toSorted(tellingFirst).map(fact => (
          <div key={fact.field}>
            <dt>{spell(fact).label}</dt>
            <dd className={css.source}>
              <Source fact={fact} />
              <Popover trigger="click" placement="left" content={<History who={who} field={fact.field} />}>
                <Button size="small" type="text" icon={<HistoryOutlined />} aria-label={t('fact.history')} />
              </Popover>
            </dd>
            <dd className={css.value} dir="auto">
              {spell(fact).text}
            </dd>
          </div>
        ))}
      </dl>
      {who.facts.length === 0 && <p className="quiet small">{t('fact.none')}</p>}
      {mayWrite && (
        <Button size="small" type="link" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
          {t('action.add')}
        </Button>
      )}
      {isAdding && <NewFact who={who} onClose={() => setAdding(false)} />}
    </>
  )
}

/** What stands at the head of the page anyway comes last here. */
const tellingFirst = (a: Fact, b: Fact) => Number(isOfProfile(a.field)) - Number(isOfProfile(b.field))

function Source({ fact: { source, at } }: { fact: Fact }) {
  const { t } = useTranslation()
  return (
    <span>
      {t(`source.${source as 'staff'}`, { defaultValue: source })} · <Time at={at} />
    </span>
  )
}

function History({ who, field }: { who: Customer; field: string }) {
  const spell = useSpellFact()
  const items = useQuery(factHistory(who.id, field)).data?.items ?? []
  return (
    <ol className={css.history}>
      {items.map(fact => (
        <li key={fact.id}>
          <span dir="auto">{spell(fact).text}</span>
          <span className="quiet tiny">
            <Source fact={fact} />
          </span>
        </li>
      ))}
    </ol>
  )
}

function NewFact({ who, onClose }: { who: Customer; onClose: () => void }) {
  const { t } = useTranslation()
  const { note } = useCustomerChanges(who.id)
  return (
    <Modal open title={t('fact.add')} footer={null} onCancel={onClose} width={440} destroyOnHidden>
      <RecordForm<{ field: string; value: string }>
        initial={{}}
        save={values => note.mutateAsync(values)}
        onSaved={onClose}
        onCancel={onClose}
      >
        <Form.Item
          name="field"
          label={t('fact.field')}
          extra={t('fact.fieldHint')}
          rules={[{ required: true, pattern: /^[a-z][a-zA-Z0-9_.-]{0,59}$/, message: t('fact.fieldRule') }]}
        >
          <Input autoFocus />
        </Form.Item>
        <Form.Item
          name="value"
          label={t('fact.value')}
          rules={[{ required: true, message: t('form.required') }]}
        >
          <GrowingArea minRows={2} maxLength={3_000} dir="auto" />
        </Form.Item>
      </RecordForm>
    </Modal>
  )
}
