import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Checkbox, Form, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { newId } from '../../../api/id.ts'
import { useMay, useMe } from '../../../api/session.ts'
import { RecordForm } from '../../../ui/record-form.tsx'
import { Skeleton } from '../../../ui/states.tsx'
import { Time } from '../../../ui/time.tsx'
import { useStaff } from '../../staff/api.ts'
import type { ConversationRow, Message } from '../api.ts'
import { useThread } from '../thread.ts'
import { splitOffIn, useSplit } from './api.ts'
import css from './splitting.module.css'

type Values = { seqs: number[]; subject?: string; assigneeId?: string }

/** Chooses what of a thread is another matter, and opens a conversation for it. */
export function SplitDialog({ row, onClose }: { row: ConversationRow; onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { at: _, ...search } = useSearch({ strict: false })
  const may = useMay()
  const split = useSplit(row.id)
  const [clientId] = useState(newId)
  const [chosen, setChosen] = useState(0)
  const { data, loadOlder, isLoadingOlder } = useThread(row.id)
  const written = data?.items.filter(({ kind }) => kind === 'customer')
  const taken = splitOffIn(data?.items ?? [])

  async function save({ seqs, subject, assigneeId }: Values) {
    const given = { subject: subject?.trim() || undefined, assigneeId: assigneeId || undefined }
    const { id } = await split.mutateAsync({ clientId, seqs, ...given })
    await navigate({ to: '/inbox/$conversationId', params: { conversationId: id }, search })
  }

  return (
    <Modal
      open
      title={t('splitting.title', { number: row.number })}
      footer={null}
      width={600}
      onCancel={onClose}
      destroyOnHidden
    >
      {!written && <Skeleton lines={4} />}
      {written?.length === 0 && data?.reachedStart && <p>{t('splitting.none')}</p>}
      {written && !(written.length === 0 && data?.reachedStart) && (
        <RecordForm<Values>
          initial={{ seqs: [] }}
          save={save}
          onSaved={onClose}
          onCancel={onClose}
          onChange={({ seqs }) => setChosen(seqs.length)}
          submit={chosen === 0 ? t('splitting.action') : t('splitting.submit', { count: chosen })}
        >
          <p className={`quiet small ${css.about}`}>{t('splitting.about')}</p>
          <Form.Item
            name="seqs"
            label={t('splitting.messages')}
            rules={[{ required: true, type: 'array', min: 1, message: t('splitting.chooseOne') }]}
          >
            <Checkbox.Group className={css.messages}>
              {!data?.reachedStart && (
                <Button type="text" size="small" loading={isLoadingOlder} onClick={loadOlder}>
                  {t('action.more')}
                </Button>
              )}
              {written.map(message => (
                <Checkbox
                  key={message.id}
                  value={message.seq}
                  disabled={taken.has(message.seq)}
                  className={css.message}
                >
                  <Written message={message} into={taken.get(message.seq)} />
                </Checkbox>
              ))}
            </Checkbox.Group>
          </Form.Item>
          <Form.Item name="subject" label={t('splitting.subject')}>
            <Input maxLength={400} placeholder={t('splitting.subjectHint')} />
          </Form.Item>
          {may('conversations:assign') && (
            <Form.Item name="assigneeId" label={t('splitting.assignee')} initialValue="">
              <AssigneeSelect />
            </Form.Item>
          )}
        </RecordForm>
      )}
    </Modal>
  )
}

/** Enough of a message to know it again. */
function Written({ message, into }: { message: Message; into: number | undefined }) {
  const { t } = useTranslation()
  const { text, mail, attachments, createdAt } = message
  return (
    <span className={css.written}>
      <span className="quiet small">
        <Time at={createdAt} />
        {attachments.length > 0 && ` · ${t('splitting.files', { count: attachments.length })}`}
        {into !== undefined && ` · ${t('splitting.taken', { number: into })}`}
      </span>
      {mail?.subject && (
        <span className="cut strong" dir="auto">
          {mail.subject}
        </span>
      )}
      <span className={css.text} dir="auto">
        {text}
      </span>
    </span>
  )
}

function AssigneeSelect(field: { value?: string; onChange?: (to: string) => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const colleagues = (useStaff() ?? []).filter(({ id, deactivatedAt }) => !deactivatedAt && id !== me.id)
  return (
    <Select
      {...field}
      showSearch={{ optionFilterProp: 'label' }}
      options={[
        { value: '', label: t('splitting.queue') },
        { value: me.id, label: t('splitting.me', { name: me.name }) },
        ...colleagues.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  )
}
