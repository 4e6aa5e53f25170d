import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { LanguageSelect } from '../../ui/choices.tsx'
import { GrowingArea } from '../../ui/growing-area.tsx'
import { Page } from '../../ui/page.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { RemoveButton } from '../../ui/remove-button.tsx'
import { spellLanguage } from '../../ui/spell.ts'
import { storeList } from '../settings/api.ts'
import { type QuickReply, quickReplies, useRemoveQuickReply, useSaveQuickReply } from './api.ts'
import { fillable } from './quick-reply-text.ts'
import css from './settings-lists.module.css'

export function QuickReplyList() {
  const { t, i18n } = useTranslation()
  const may = useMay()
  const query = useQuery(quickReplies())
  const stores = useQuery(storeList()).data?.items
  const [opened, setOpened] = useState<QuickReply | 'new' | null>(null)
  const mayChange = ({ isPersonal }: QuickReply) => isPersonal || may('conversations:manage')
  return (
    <Page
      width="wide"
      title={t('quickReply.title')}
      about={t('quickReply.about')}
      actions={
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened('new')}>
          {t('quickReply.new')}
        </Button>
      }
    >
      <RecordTable<QuickReply>
        label={t('quickReply.title')}
        rows={{ ...query, data: query.data?.items }}
        onOpen={reply => mayChange(reply) && setOpened(reply)}
        empty={{ title: t('quickReply.none'), text: t('quickReply.noneText') }}
        columns={[
          {
            key: 'shortcut',
            title: t('quickReply.shortcut'),
            width: 140,
            render: ({ shortcut }) => <span className={css.shortcut}>{`/${shortcut}`}</span>,
          },
          {
            key: 'title',
            title: t('quickReply.name'),
            width: 200,
            render: ({ title }) => <span className="strong">{title}</span>,
          },
          {
            key: 'text',
            title: t('quickReply.text'),
            render: ({ text }) => (
              <span className={css.text} dir="auto">
                {text}
              </span>
            ),
          },
          {
            key: 'language',
            title: t('customer.language'),
            width: 110,
            render: ({ language }) => language && spellLanguage(language, i18n.language),
          },
          {
            key: 'store',
            title: t('channel.store'),
            width: 150,
            render: ({ storeId }) => stores?.find(({ id }) => id === storeId)?.name ?? t('staff.allStores'),
          },
          {
            key: 'scope',
            title: t('quickReply.scope'),
            width: 110,
            render: ({ isPersonal }) => t(isPersonal ? 'quickReply.personal' : 'quickReply.shared'),
          },
        ]}
      />
      {opened && (
        <QuickReplyForm
          reply={opened === 'new' ? undefined : opened}
          mayShare={may('conversations:manage')}
          onClose={() => setOpened(null)}
        />
      )}
    </Page>
  )
}

type Values = {
  shortcut: string
  title: string
  text: string
  language?: string | null
  storeId?: string | null
  isPersonal: boolean
}
type Props = { reply: QuickReply | undefined; mayShare: boolean; onClose: () => void }

function QuickReplyForm({ reply, mayShare, onClose }: Props) {
  const { t } = useTranslation()
  const save = useSaveQuickReply(reply?.id)
  const remove = useRemoveQuickReply()
  const stores = useQuery(storeList()).data?.items ?? []
  const isKept = Boolean(reply)
  return (
    <RecordDrawer<Values>
      title={reply ? `/${reply.shortcut}` : t('quickReply.new')}
      open
      onClose={onClose}
      width={600}
      initial={reply ?? { isPersonal: !mayShare }}
      save={({ language = null, storeId = null, ...values }) =>
        save.mutateAsync({ ...values, language, storeId })
      }
      extra={
        reply && (
          <RemoveButton
            ask={t('quickReply.removeAsk', { name: reply.title })}
            id={reply.id}
            remove={remove}
            onDone={onClose}
          />
        )
      }
    >
      <Form.Item
        name="shortcut"
        label={t('quickReply.shortcut')}
        extra={t('quickReply.shortcutHint')}
        rules={[
          { required: true, pattern: /^[\p{L}\p{N}_-]{1,40}$/u, message: t('quickReply.shortcutRule') },
        ]}
      >
        <Input prefix="/" autoFocus={!isKept} disabled={isKept} />
      </Form.Item>
      <Form.Item
        name="title"
        label={t('quickReply.name')}
        rules={[{ required: true, whitespace: true, message: t('form.required') }]}
      >
        <Input maxLength={120} />
      </Form.Item>
      <Form.Item
        name="text"
        label={t('quickReply.text')}
        extra={t('quickReply.textHint', { names: fillable.map(name => `{{${name}}}`).join(', ') })}
        rules={[{ required: true, whitespace: true, message: t('form.required') }]}
      >
        <GrowingArea minRows={4} maxRows={16} dir="auto" />
      </Form.Item>
      <Form.Item name="language" label={t('customer.language')} extra={t('quickReply.languageHint')}>
        <LanguageSelect allowClear disabled={isKept} />
      </Form.Item>
      <Form.Item name="storeId" label={t('channel.store')}>
        <Select
          allowClear
          disabled={isKept}
          placeholder={t('staff.allStores')}
          options={stores.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      <Form.Item name="isPersonal" label={t('quickReply.onlyMine')} valuePropName="checked">
        <Switch disabled={isKept || !mayShare} />
      </Form.Item>
    </RecordDrawer>
  )
}
