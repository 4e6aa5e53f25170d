import { DownloadOutlined, LockOutlined, PlusOutlined, UploadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { App, Button, Form, Input, Switch } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { LanguageSelect } from '../../ui/choices.tsx'
import { Page } from '../../ui/page.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { RemoveButton } from '../../ui/remove-button.tsx'
import { spellLanguage } from '../../ui/spell.ts'
import {
  exportAddress,
  type GlossaryTerm,
  glossary,
  type NewTerm,
  useImportGlossary,
  useRemoveTerm,
  useSaveTerm,
} from './api.ts'
import css from './translation.module.css'

export function GlossaryPage() {
  const { t, i18n } = useTranslation()
  const mayManage = useMay()('assistant:manage')
  const query = useQuery(glossary())
  const [opened, setOpened] = useState<GlossaryTerm | 'new' | null>(null)
  const language = (code: string | null) =>
    code ? spellLanguage(code, i18n.language) : t('translation.anyLanguage')
  return (
    <Page
      title={t('translation.glossaryTitle')}
      about={t('translation.glossaryAbout')}
      actions={
        mayManage && (
          <>
            <Button icon={<DownloadOutlined />} href={exportAddress} download>
              {t('translation.exportFile')}
            </Button>
            <ImportButton />
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened('new')}>
              {t('translation.newTerm')}
            </Button>
          </>
        )
      }
    >
      <RecordTable<GlossaryTerm>
        label={t('translation.glossaryTitle')}
        rows={{ ...query, data: query.data?.items }}
        onOpen={mayManage ? setOpened : undefined}
        empty={{ title: t('translation.noTerms'), text: t('translation.noTermsText') }}
        columns={[
          {
            key: 'term',
            title: t('translation.term'),
            render: ({ term }) => <bdi className="strong">{term}</bdi>,
          },
          {
            key: 'translation',
            title: t('translation.termTranslation'),
            render: ({ translation }) =>
              translation ? (
                <bdi>{translation}</bdi>
              ) : (
                <span className="quiet">{t('translation.leaveAsIs')}</span>
              ),
          },
          {
            key: 'pair',
            title: t('translation.languagePair'),
            render: ({ fromLanguage, toLanguage }) => `${language(fromLanguage)} → ${language(toLanguage)}`,
          },
          {
            key: 'locked',
            title: '',
            render: ({ isLocked }) =>
              isLocked && (
                <>
                  <LockOutlined /> {t('translation.lockedShort')}
                </>
              ),
          },
        ]}
      />
      {opened && <TermForm term={opened === 'new' ? undefined : opened} onClose={() => setOpened(null)} />}
    </Page>
  )
}

function ImportButton() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const take = useImportGlossary()
  const chooser = useRef<HTMLInputElement>(null)
  async function read(file: File | undefined) {
    if (!file) return
    take.mutate(await file.text(), {
      onSuccess: ({ added, changed, refused }) => {
        message.success(t('translation.imported', { added, changed }))
        if (refused.length > 0)
          message.warning(
            t('translation.importRefused', { lines: refused.map(({ line }) => line).join(', ') }),
          )
      },
      onError: error => void message.error(spell(error)),
    })
  }
  return (
    <>
      <Button icon={<UploadOutlined />} loading={take.isPending} onClick={() => chooser.current?.click()}>
        {t('translation.importFile')}
      </Button>
      <input
        ref={chooser}
        type="file"
        accept=".csv,text/csv"
        hidden
        onChange={event => {
          read(event.target.files?.[0])
          event.target.value = ''
        }}
      />
    </>
  )
}

function TermForm({ term, onClose }: { term: GlossaryTerm | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const save = useSaveTerm(term?.id)
  const remove = useRemoveTerm()
  const any = t('translation.anyLanguage')
  return (
    <RecordDrawer<NewTerm>
      title={term?.term ?? t('translation.newTerm')}
      open
      onClose={onClose}
      initial={term ?? { isLocked: false, isCaseSensitive: false }}
      save={values =>
        save.mutateAsync({
          ...values,
          fromLanguage: values.fromLanguage ?? null,
          toLanguage: values.toLanguage ?? null,
          translation: values.translation?.trim() || null,
        })
      }
      extra={
        term && (
          <RemoveButton
            ask={t('translation.removeTermAsk', { term: term.term })}
            id={term.id}
            remove={remove}
            onDone={onClose}
          />
        )
      }
    >
      <Form.Item
        name="term"
        label={t('translation.term')}
        rules={[{ required: true, whitespace: true, message: t('form.required') }]}
      >
        <Input maxLength={200} dir="auto" />
      </Form.Item>
      <Form.Item
        name="translation"
        label={t('translation.termTranslation')}
        extra={t('translation.leaveAsIsHint')}
      >
        <Input maxLength={200} dir="auto" />
      </Form.Item>
      <div className={css.pair}>
        <Form.Item name="fromLanguage" label={t('translation.from')}>
          <LanguageSelect allowClear placeholder={any} />
        </Form.Item>
        <Form.Item name="toLanguage" label={t('translation.to')}>
          <LanguageSelect allowClear placeholder={any} />
        </Form.Item>
      </div>
      <Form.Item name="isCaseSensitive" label={t('translation.caseSensitive')} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item name="isLocked" label={t('translation.locked')} valuePropName="checked">
        <Switch />
      </Form.Item>
    </RecordDrawer>
  )
}
