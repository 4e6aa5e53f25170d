import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../../api/session.ts'
import { Failure, Skeleton } from '../../ui/states.tsx'
import { ZonesOf } from '../../ui/time.tsx'
import { customer } from '../customers/api.ts'
import { BlockedBar } from '../customers/blocked-senders/blocked-bar.tsx'
import { storeList } from '../settings/api.ts'
import { conversation } from './api.ts'
import { Composer } from './composer.tsx'
import { ContextPanel } from './context-panel.tsx'
import css from './conversation-page.module.css'
import { useSayViewing } from './presence.ts'
import { listedRow } from './reading-ahead.ts'
import { ThreadHeader } from './thread-header.tsx'
import { ThreadView } from './thread-view.tsx'
import { ReadingOf } from './translation/reading.tsx'
import { TranslationBar } from './translation/translation-bar.tsx'

export function ConversationPage() {
  const { conversationId } = useParams({ from: '/shell/inbox/$conversationId' })
  const { at } = useSearch({ from: '/shell/inbox/$conversationId' })
  return <Opened key={conversationId} id={conversationId} at={at} />
}

function Opened({ id, at }: { id: string; at: number | undefined }) {
  const queries = useQueryClient()
  const {
    data: row,
    error,
    refetch,
  } = useQuery({
    ...conversation(id),
    placeholderData: () => listedRow(queries, id),
  })
  const may = useMay()
  const who = useQuery({
    ...customer(row?.customer.id ?? ''),
    enabled: Boolean(row) && may('customers:read'),
  }).data
  const store = useQuery(storeList()).data?.items.find(({ id }) => id === row?.store.id)
  const [seenSeq, setSeenSeq] = useState(0)
  useSayViewing(id)

  if (error && !row) return <Failure error={error} retry={refetch} />
  return (
    <ZonesOf customer={row?.customer.zone} store={store?.zone}>
      <div className={css.page}>
        <section className={css.pane}>
          {row ? <ThreadHeader row={row} /> : <Skeleton lines={2} />}
          <ReadingOf id={id}>
            <TranslationBar row={row} />
            <ThreadView id={id} row={row} at={at} seenSeq={seenSeq} onSeen={setSeenSeq} />
          </ReadingOf>
          {row && <BlockedBar row={row} />}
          {row?.mergedIntoId === null && <Composer row={row} seenSeq={seenSeq} onSeen={setSeenSeq} />}
        </section>
        {may('customers:read') && <ContextPanel row={row} customer={who} />}
      </div>
    </ZonesOf>
  )
}
