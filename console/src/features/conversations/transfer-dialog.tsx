import { Form, Modal, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../api/session.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { GrowingArea } from '../../ui/growing-area.tsx'
import { RecordForm } from '../../ui/record-form.tsx'
import { useStaff, useTeams } from '../staff/api.ts'
import type { ConversationRow } from './api.ts'
import { useActs } from './bulk/use-acts.tsx'
import css from './transfer-dialog.module.css'

type Transfer = { to: string; note?: string }

/** Hands a conversation to a person or a team, with a word to whoever takes it on. */
export function TransferDialog({ row, onClose }: { row: ConversationRow; onClose: () => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const { attempt } = useActs(row.id)
  const staff = useStaff() ?? []
  const teams = useTeams() ?? []

  const speaksIt = (languages: string[]) =>
    row.language !== null && languages.some(code => code.split('-')[0] === row.language?.split('-')[0])
  const ready = { online: 0, busy: 1, away: 2, offline: 3 }
  const people = staff
    .filter(({ id, deactivatedAt }) => !deactivatedAt && id !== row.assignee?.id)
    .sort(
      (a, b) =>
        ready[a.availability.state] - ready[b.availability.state] ||
        Number(speaksIt(b.languages)) - Number(speaksIt(a.languages)),
    )

  const options = [
    {
      label: t('transfer.people'),
      title: 'people',
      options: people.map(person => ({
        value: `staff:${person.id}`,
        words: person.name,
        label: (
          <span className={css.person}>
            <Avatar name={person.name} size={24} tone="staff" state={person.availability.state} />
            <span>{person.id === me.id ? t('transfer.me', { name: person.name }) : person.name}</span>
            {speaksIt(person.languages) && <span className={css.speaks}>{t('transfer.speaks')}</span>}
            <span className={css.state}>{t(`availability.${person.availability.state}`)}</span>
          </span>
        ),
      })),
    },
    {
      label: t('transfer.teams'),
      title: 'teams',
      options: teams.map(({ id, name }) => ({ value: `team:${id}`, words: name, label: name })),
    },
    {
      label: t('conversation.nobody'),
      title: 'none',
      options: [
        { value: 'nobody', label: t('conversation.backToQueue'), words: t('conversation.backToQueue') },
      ],
    },
  ]

  async function save({ to, note }: Transfer) {
    const [kind, id = null] = to.split(':')
    const params = {
      staffId: kind === 'staff' ? id : null,
      ...(kind === 'team' && { teamId: id }),
      ...(note?.trim() && { note: note.trim() }),
    }
    const name = [...staff, ...teams].find(one => one.id === id)?.name
    await attempt([{ code: 'assign', params }], {
      said: name ? t('acted.transferred', { name }) : t('acted.backInQueue'),
      left: { assigneeId: row.assignee?.id ?? null },
    })
  }

  return (
    <Modal
      open
      title={t('conversation.transfer')}
      onCancel={onClose}
      footer={null}
      width={460}
      destroyOnHidden
    >
      <RecordForm<Transfer>
        initial={{}}
        save={save}
        onSaved={onClose}
        onCancel={onClose}
        submit={t('transfer.submit')}
      >
        <Form.Item
          name="to"
          label={t('transfer.to')}
          rules={[{ required: true, message: t('form.required') }]}
        >
          <Select
            autoFocus
            defaultOpen
            showSearch={{ optionFilterProp: 'words' }}
            options={options}
            listHeight={320}
          />
        </Form.Item>
        <Form.Item name="note" label={t('transfer.note')} extra={t('transfer.noteHint')}>
          <GrowingArea minRows={3} maxLength={2000} />
        </Form.Item>
      </RecordForm>
    </Modal>
  )
}
