import { useTranslation } from 'react-i18next'
import { useReaderZone } from '../../ui/reader-zone.ts'
import { spellSoon } from '../../ui/spell.ts'
import { PromiseDialog } from '../clocks/promise-dialog.tsx'
import { BlockDialog } from '../customers/blocked-senders/block-dialog.tsx'
import { UnblockDialog } from '../customers/blocked-senders/unblock-dialog.tsx'
import { ThreadSearch } from '../search/thread-search.tsx'
import type { ConversationRow } from './api.ts'
import { useActs } from './bulk/use-acts.tsx'
import { LinkDialog } from './linking/link-dialog.tsx'
import { MergeDialog } from './merging/merge-dialog.tsx'
import { SnoozeDialog } from './snooze-dialog.tsx'
import { SplitDialog } from './splitting/split-dialog.tsx'
import { TransferDialog } from './transfer-dialog.tsx'

/** What opens over a thread, one at a time. */
export type ThreadDialog =
  | ('search' | 'promise' | 'snooze' | 'transfer')
  | ('merge' | 'link' | 'split' | 'block' | 'unblock')

type Props = { row: ConversationRow; shown: ThreadDialog | null; onClose: () => void }

export function ThreadDialogs({ row, shown, onClose }: Props) {
  switch (shown) {
    case 'search':
      return <ThreadSearch conversationId={row.id} onClose={onClose} />
    case 'promise':
      return <PromiseDialog conversationId={row.id} onClose={onClose} />
    case 'snooze':
      return <Snooze row={row} onClose={onClose} />
    case 'transfer':
      return <TransferDialog row={row} onClose={onClose} />
    case 'merge':
      return <MergeDialog row={row} onClose={onClose} />
    case 'link':
      return <LinkDialog row={row} onClose={onClose} />
    case 'split':
      return <SplitDialog row={row} onClose={onClose} />
    case 'block':
      return <Block row={row} onClose={onClose} />
    case 'unblock':
      return <UnblockDialog id={row.identityId} onClose={onClose} />
    case null:
      return null
  }
}

type DialogProps = Pick<Props, 'row' | 'onClose'>

function Snooze({ row, onClose }: DialogProps) {
  const { t, i18n } = useTranslation()
  const zone = useReaderZone()
  const { act } = useActs(row.id)
  const snooze = (until: Date) =>
    act([{ code: 'snooze', params: { until: until.toISOString() } }], {
      said: t('acted.snoozed', { moment: spellSoon(until, i18n.language, zone) }),
      expectedVersion: row.version,
    })
  return <SnoozeDialog row={row} onClose={onClose} onChoose={snooze} />
}

function Block({ row, onClose }: DialogProps) {
  const { t } = useTranslation()
  const { act } = useActs(row.id)
  const block = (marksSpam: boolean) => {
    onClose()
    const codes = [...(marksSpam ? ['mark_spam'] : []), 'block_sender']
    act(
      codes.map(code => ({ code, params: {} })),
      { said: t('blocked.done') },
    )
  }
  return <BlockDialog offersSpam={!row.isSpam && !row.mergedIntoId} onClose={onClose} onBlock={block} />
}
