import { useQuery } from '@tanstack/react-query'
import { Form, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { RecordForm } from '../../../ui/record-form.tsx'
import { Time } from '../../../ui/time.tsx'
import { useAfterPause } from '../../../ui/use-after-pause.ts'
import { conversationsOf } from '../../customers/api.ts'
import { useNameOf } from '../../customers/name.ts'
import type { ConversationRow } from '../api.ts'
import { type Candidate, candidateOf, candidates, type LinkKind, linkKinds, useLink } from './api.ts'
import css from './linking.module.css'

type Values = { kind: LinkKind; otherId: string }

/** Puts another conversation beside this one: of the same customer, or whichever is found by number, name or words. */
export function LinkDialog({ row, onClose }: { row: ConversationRow; onClose: () => void }) {
  const { t } = useTranslation()
  const link = useLink(row.id)
  const [typed, setTyped] = useState('')
  const q = useAfterPause(typed.trim(), 250)
  const isSought = /[\p{L}\p{N}]/u.test(q)
  const own = useQuery(conversationsOf(row.customer.id)).data
  const search = useQuery({ ...candidates(q), enabled: isSought })
  const found = isSought ? (search.data ?? []) : (own ?? []).map(candidateOf)
  const options = found
    .filter(({ id }) => id !== row.id)
    .map(one => ({ value: one.id, label: <CandidateLine of={one} /> }))

  return (
    <Modal
      open
      title={t('linking.title', { number: row.number })}
      footer={null}
      width={520}
      onCancel={onClose}
      destroyOnHidden
    >
      <RecordForm<Values>
        initial={{ kind: 'related' }}
        save={values => link.mutateAsync(values)}
        onSaved={onClose}
        onCancel={onClose}
        submit={t('linking.submit')}
      >
        <Form.Item name="kind" label={t('linking.how')}>
          <Select options={linkKinds.map(kind => ({ value: kind, label: t(`linking.kind.${kind}`) }))} />
        </Form.Item>
        <Form.Item
          name="otherId"
          label={t('linking.other')}
          extra={t('linking.about')}
          rules={[{ required: true, message: t('form.required') }]}
        >
          <Select
            autoFocus
            className={css.choice}
            placeholder={t('linking.search')}
            showSearch={{ filterOption: false, onSearch: setTyped }}
            loading={search.isFetching}
            listHeight={300}
            notFoundContent={
              <span className="quiet">{t(isSought ? 'composer.nothingFound' : 'linking.search')}</span>
            }
            options={
              options.length === 0
                ? []
                : [{ label: t(isSought ? 'linking.found' : 'linking.sameCustomer'), title: '', options }]
            }
          />
        </Form.Item>
      </RecordForm>
    </Modal>
  )
}

function CandidateLine({ of }: { of: Candidate }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  return (
    <span className={css.candidate}>
      <span className="cut" dir="auto">
        {t('conversation.number', { number: of.number })} {of.subject}
      </span>
      <span className="cut quiet small">
        <bdi>{nameOf(of.customer)}</bdi> · {t(`status.${of.category}`)} · <Time at={of.lastActivityAt} />
      </span>
    </span>
  )
}
