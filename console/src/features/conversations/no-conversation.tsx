import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { KeyHint } from '../../ui/key-hint.tsx'
import { Empty } from '../../ui/states.tsx'
import { conversationCounts } from './api.ts'
import css from './no-conversation.module.css'

export function NoConversation() {
  const { t } = useTranslation()
  const counts = useQuery(conversationCounts()).data
  const keys = [
    ['alt+u', 'inbox.key.longest'],
    ['alt+j', 'inbox.key.next'],
    ['alt+k', 'inbox.key.previous'],
    ['mod+k', 'command.title'],
  ] as const
  return (
    <section className={css.pane}>
      <Empty title={counts?.mine === 0 ? t('inbox.allDone') : t('inbox.choose')}>
        <dl className={css.keys}>
          {keys.map(([key, label]) => (
            <div key={key}>
              <dt>{t(label)}</dt>
              <dd>
                <KeyHint keys={key} />
              </dd>
            </div>
          ))}
        </dl>
      </Empty>
    </section>
  )
}
