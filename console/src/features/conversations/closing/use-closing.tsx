import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { company } from '../../settings/api.ts'
import type { ConversationRow } from '../api.ts'
import { useShownFields } from '../own-fields/own-fields-card.tsx'
import { ClosingSheet } from './closing-sheet.tsx'

export type Then = (version: number) => void

/**
 * What the company wants to know before a conversation is resolved is asked for on the spot; what was meant to be done
 * follows with the version that the answers left. `askFirst` asks also where it need not be said.
 */
export function useClosing(row: ConversationRow): {
  closeFirst: (then: Then) => void
  askFirst: (then: Then) => void
  keepsSummaries: boolean
  dialog: ReactNode
} {
  const { requiresReason = false, summaryPolicy = 'none' } = useQuery(company()).data ?? {}
  const [asked, setAsked] = useState<{ then: Then } | null>(null)
  const lacksFields = useShownFields(row).some(
    ({ key, isRequired }) => isRequired && row.customFields[key] === undefined,
  )
  const isAsked = (requiresReason && !row.reason) || summaryPolicy === 'required' || lacksFields
  const askFirst = (then: Then) => setAsked({ then })
  return {
    closeFirst: then => (isAsked ? askFirst(then) : then(row.version)),
    askFirst,
    keepsSummaries: summaryPolicy !== 'none',
    dialog: asked && (
      <ClosingSheet
        row={row}
        needsReason={requiresReason && !row.reason}
        summaryPolicy={summaryPolicy}
        onClose={() => setAsked(null)}
        onDone={version => {
          setAsked(null)
          asked.then(version)
        }}
      />
    ),
  }
}
