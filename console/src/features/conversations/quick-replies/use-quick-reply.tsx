import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { newId } from '../../../api/id.ts'
import { useRefusal } from '../../../ui/refusal.ts'
import type { ConversationRow } from '../api.ts'
import { type QuickReply, type QuickReplyUse, useQuickReplyUses } from './api.ts'
import css from './quick-replies.module.css'

const undoSeconds = 10

/** Does the steps of a quick reply and hands over its text; what its steps changed can be taken back for a while. */
export function useQuickReply(row: ConversationRow, seenSeq: number, onText: (use: QuickReplyUse) => void) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const { start, undo } = useQuickReplyUses(row.id)
  const refuse = { onError: (error: unknown) => void message.error(spell(error)) }

  return function take(reply: QuickReply) {
    const changes = reply.steps.length > 0 || reply.sendsAtOnce
    start.mutate(
      {
        ...{ quickReplyId: reply.id, clientId: newId(), lastSeenSeq: seenSeq },
        ...(changes && { expectedVersion: row.version }),
      },
      {
        ...refuse,
        onSuccess: use => {
          onText(use)
          if (!use.canUndo && !use.isSent) return
          const key = `use-${use.id}`
          message.open({
            key,
            type: 'success',
            duration: undoSeconds,
            content: (
              <span className={css.done}>
                {t(use.isSent ? 'quickReply.sent' : 'quickReply.done', { name: reply.title })}
                {use.canUndo && (
                  <Button
                    size="small"
                    type="link"
                    onClick={() => {
                      message.destroy(key)
                      undo.mutate(use.id, refuse)
                    }}
                  >
                    {t('quickReply.undo')}
                  </Button>
                )}
              </span>
            ),
          })
        },
      },
    )
  }
}
