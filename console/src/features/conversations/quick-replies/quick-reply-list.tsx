import { PlusOutlined, ThunderboltOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../api/session.ts'
import { Page } from '../../../ui/page.tsx'
import { RecordTable } from '../../../ui/record-table.tsx'
import { spellLanguage } from '../../../ui/spell.ts'
import { storeList } from '../../settings/api.ts'
import { type QuickReply, quickReplies } from './api.ts'
import css from './quick-replies.module.css'
import { QuickReplyForm } from './quick-reply-form.tsx'

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
            key: 'category',
            title: t('quickReply.category'),
            width: 120,
            render: ({ category }) => category,
          },
          {
            key: 'text',
            title: t('quickReply.text'),
            render: ({ text, steps }) => (
              <>
                <span className={css.text} dir="auto">
                  {text}
                </span>
                {steps.length > 0 && (
                  <span className="quiet small">
                    <ThunderboltOutlined /> {t('quickReply.stepCount', { count: steps.length })}
                  </span>
                )}
              </>
            ),
          },
          {
            key: 'language',
            title: t('customer.language'),
            width: 110,
            render: ({ language, translations }) =>
              [language, ...translations.map(one => one.language)]
                .flatMap(tag => (tag ? [spellLanguage(tag, i18n.language)] : []))
                .join(', '),
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
          {
            key: 'uses',
            title: t('quickReply.uses'),
            width: 90,
            render: ({ uses }) => uses || '',
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
