import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api, type BodyOf } from '../../../api/client.ts'
import { useRefusal } from '../../../ui/refusal.ts'
import type { ActionCall } from '../actions/api.ts'
import { conversation } from '../api.ts'

type Acts = BodyOf<'/api/conversations/{id}/actions', 'post'>
type How = { said: string } & Omit<Acts, 'actions'>

const undoneFor = 10

/** Does something to one conversation, says so, and offers for a few seconds to take it back. */
export function useActs(id: string) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const queries = useQueryClient()
  const toast = useRef(`acts-${id}`)

  const change = useMutation({
    mutationFn: (body: Acts) =>
      answer(api.POST('/api/conversations/{id}/actions', { params: { path: { id } }, body })),
    onSuccess: ({ conversation: row }) => {
      queries.setQueryData(conversation(id).queryKey, row)
      queries.invalidateQueries({ queryKey: ['conversation', 'assignments', id] })
      queries.invalidateQueries({ queryKey: ['conversation', 'counts'] })
    },
    onError: () => queries.invalidateQueries({ queryKey: conversation(id).queryKey }),
  })
  const refuse = (error: unknown) => void message.error(spell(error))

  const act = (actions: ActionCall[], how: How) => void attempt(actions, how).catch(refuse)

  /** For a form, which says itself what was refused. */
  async function attempt(actions: ActionCall[], { said, ...guard }: How) {
    offerUndo(said, await change.mutateAsync({ actions, ...guard }))
  }

  function offerUndo(
    said: string,
    { undo, left, changed }: { undo: ActionCall[] | null; left: Acts['left']; changed: boolean },
  ) {
    if (!changed || !undo || undo.length === 0) return
    const takeBack = () => {
      message.destroy(toast.current)
      change.mutateAsync({ actions: undo, left }).catch(refuse)
    }
    message.open({
      key: toast.current,
      type: 'success',
      duration: undoneFor,
      content: (
        <>
          {said}{' '}
          <Button type="link" size="small" onClick={takeBack}>
            {t('action.undo')}
          </Button>
        </>
      ),
    })
  }

  return { act, attempt, isPending: change.isPending }
}
