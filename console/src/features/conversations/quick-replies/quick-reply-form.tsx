import { DeleteOutlined, PaperClipOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert, AutoComplete, Button, Form, Input, Select, Switch, Tag } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { uploadFile } from '../../../api/client.ts'
import { LanguageSelect } from '../../../ui/choices.tsx'
import { GrowingArea } from '../../../ui/growing-area.tsx'
import { RecordDrawer } from '../../../ui/record-form.tsx'
import { useRefusal } from '../../../ui/refusal.ts'
import { RemoveButton } from '../../../ui/remove-button.tsx'
import { storeList } from '../../settings/api.ts'
import {
  type QuickReply,
  type QuickReplyFields,
  quickReplies,
  useRemoveQuickReply,
  useSaveQuickReply,
  variableNames,
} from './api.ts'
import css from './quick-replies.module.css'
import { StepFields } from './step-fields.tsx'

type Values = Omit<QuickReplyFields, 'fileIds'> & { files: NamedFile[] }
type NamedFile = Pick<QuickReply['files'][number], 'id' | 'name'>
type Props = { reply: QuickReply | undefined; mayShare: boolean; onClose: () => void }

export function QuickReplyForm({ reply, mayShare, onClose }: Props) {
  const { t } = useTranslation()
  const save = useSaveQuickReply(reply)
  const remove = useRemoveQuickReply()
  const stores = useQuery(storeList()).data?.items ?? []
  const known = useQuery(quickReplies()).data?.items ?? []
  const categories = [...new Set(known.map(({ category }) => category))].filter(Boolean)
  const required = [{ required: true, whitespace: true, message: t('form.required') }]
  return (
    <RecordDrawer<Values>
      title={reply ? `/${reply.shortcut}` : t('quickReply.new')}
      open
      onClose={onClose}
      width={680}
      initial={reply ?? { isPersonal: !mayShare, steps: [], translations: [], files: [] }}
      save={({ files = [], language = null, storeId = null, category = '', ...values }) =>
        save.mutateAsync({
          ...values,
          ...{ language, storeId, category: category ?? '', text: values.text ?? '' },
          fileIds: files.map(({ id }) => id),
        })
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
        <Input prefix="/" autoFocus={!reply} />
      </Form.Item>
      <Form.Item name="title" label={t('quickReply.name')} rules={required}>
        <Input maxLength={120} />
      </Form.Item>
      <Form.Item name="category" label={t('quickReply.category')}>
        <AutoComplete
          maxLength={60}
          options={categories.map(value => ({ value }))}
          showSearch={{
            filterOption: (typed, option) =>
              (option?.value ?? '').toLowerCase().includes(typed.toLowerCase()),
          }}
        />
      </Form.Item>
      <Form.Item name="text" label={t('quickReply.text')} extra={<VariableNames />}>
        <GrowingArea minRows={3} maxRows={16} dir="auto" />
      </Form.Item>
      <Form.Item name="language" label={t('customer.language')} extra={t('quickReply.languageHint')}>
        <LanguageSelect allowClear />
      </Form.Item>
      <Translations />
      <Form.Item name="files" label={t('quickReply.files')}>
        <Files />
      </Form.Item>
      <StepFields />
      <Form.Item
        name="sendsAtOnce"
        label={t('quickReply.atOnce')}
        extra={t('quickReply.atOnceHint')}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
      <Form.Item name="storeId" label={t('channel.store')}>
        <Select
          allowClear
          placeholder={t('staff.allStores')}
          options={stores.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      <Form.Item name="isPersonal" label={t('quickReply.onlyMine')} valuePropName="checked">
        <Switch disabled={Boolean(reply) || !mayShare} />
      </Form.Item>
    </RecordDrawer>
  )
}

function VariableNames() {
  const { t, i18n } = useTranslation()
  const names = useQuery(variableNames()).data?.items ?? []
  return (
    <details>
      <summary>{t('quickReply.variables')}</summary>
      <div className={css.names}>
        {names.map(({ code, zh, en }) => (
          <Tag key={code} title={i18n.language.startsWith('zh') ? zh : en} className="mono">
            {`{{${code}}}`}
          </Tag>
        ))}
      </div>
    </details>
  )
}

function Translations() {
  const { t } = useTranslation()
  const required = [{ required: true, whitespace: true, message: t('form.required') }]
  return (
    <Form.List name="translations">
      {(fields, { add, remove }) => (
        <Form.Item label={t('quickReply.translations')} extra={t('quickReply.translationsHint')}>
          {fields.map(({ key, name }) => (
            <div key={key} className={css.translation}>
              <div className={css.translationHead}>
                <Form.Item name={[name, 'language']} rules={required}>
                  <LanguageSelect placeholder={t('customer.language')} />
                </Form.Item>
                <Form.Item name={[name, 'title']} rules={required}>
                  <Input maxLength={120} placeholder={t('quickReply.name')} />
                </Form.Item>
                <Button
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={t('action.remove')}
                  onClick={() => remove(name)}
                />
              </div>
              <Form.Item name={[name, 'text']} rules={required}>
                <GrowingArea minRows={2} maxRows={10} dir="auto" aria-label={t('quickReply.text')} />
              </Form.Item>
            </div>
          ))}
          <Button size="small" icon={<PlusOutlined />} onClick={() => add({})}>
            {t('quickReply.addTranslation')}
          </Button>
        </Form.Item>
      )}
    </Form.List>
  )
}

function Files({
  value = [],
  onChange = () => {},
}: {
  value?: NamedFile[]
  onChange?: (files: NamedFile[]) => void
}) {
  const { t } = useTranslation()
  const spell = useRefusal()
  const chooser = useRef<HTMLInputElement>(null)
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  async function upload(files: File[]) {
    setBusy(true)
    setError(undefined)
    try {
      const added = await Promise.all(files.map(file => uploadFile(file)))
      onChange([...value, ...added.map(({ id, name }) => ({ id, name }))])
    } catch (refused) {
      setError(refused)
    }
    setBusy(false)
  }
  return (
    <div className={css.files}>
      {value.map(({ id, name }) => (
        <Tag key={id} closable onClose={() => onChange(value.filter(file => file.id !== id))}>
          {name}
        </Tag>
      ))}
      <Button
        size="small"
        icon={<PaperClipOutlined />}
        loading={isBusy}
        onClick={() => chooser.current?.click()}
      >
        {t('composer.attach')}
      </Button>
      <input
        ref={chooser}
        className={css.chooser}
        type="file"
        multiple
        hidden
        onChange={event => {
          void upload([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
      {error !== undefined && <Alert type="error" title={spell(error)} />}
    </div>
  )
}
