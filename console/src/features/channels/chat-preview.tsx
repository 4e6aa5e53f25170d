import { ExportOutlined, MessageFilled, SendOutlined } from '@ant-design/icons'
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { contrast } from '../../ui/tokens.ts'
import type { Store } from '../settings/api.ts'
import type { WebChatSettings } from './api.ts'
import css from './chat-preview.module.css'

type Props = { store: Store; settings: WebChatSettings; saved: WebChatSettings }

/** How the chat will stand on the shop's page: as it is being changed, or the real one as it was saved. */
export function ChatPreview({ store, settings, saved }: Props) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<'draft' | 'real'>('draft')
  return (
    <aside className={css.preview}>
      <header className={css.head}>
        <Segmented
          size="small"
          value={shown}
          onChange={setShown}
          options={(['draft', 'real'] as const).map(value => ({
            value,
            label: t(`channel.preview.${value}`),
          }))}
        />
        <a href={`/storefront/${encodeURIComponent(store.key)}/`} target="_blank" rel="noopener">
          {t('channel.tryIt')} <ExportOutlined />
        </a>
      </header>
      {shown === 'real' ? (
        <iframe
          key={JSON.stringify(saved)}
          className={css.real}
          title={t('channel.preview.real')}
          src={`/widget/?store=${encodeURIComponent(store.key)}`}
        />
      ) : (
        <Draft store={store} settings={settings} />
      )}
    </aside>
  )
}

function Draft({ store, settings: { greeting, colour, position } }: Omit<Props, 'saved'>) {
  const { t } = useTranslation()
  const ground = colour ?? store.colour
  const ink = contrast(ground, '#FFFFFF') >= contrast(ground, '#1E2329') ? '#FFFFFF' : '#1E2329'
  const paint = { background: ground, color: ink }
  return (
    <div className={`${css.stage} ${css[position]}`} aria-label={t('channel.preview.draft')}>
      <div className={css.window}>
        <div className={css.bar} style={paint}>
          {store.name}
        </div>
        <div className={css.talk}>
          <p className={css.theirs} dir="auto">
            {greeting || t('channel.defaultGreeting')}
          </p>
          <p className={css.ours} style={paint}>
            {t('channel.sampleQuestion')}
          </p>
        </div>
        <div className={css.field}>
          <span>{t('channel.sampleField')}</span>
          <SendOutlined />
        </div>
      </div>
      <span className={css.launcher} style={paint}>
        <MessageFilled />
      </span>
    </div>
  )
}
