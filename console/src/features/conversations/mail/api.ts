import { queryOptions } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../../../api/client.ts'

export type MailFacts = Schemas['MailFacts']
export type MailDraft = Schemas['MailDraft']
export type Correspondent = MailFacts['to'][number]

/** A mail does not change any more. */
export const mailHtml = (messageId: string) =>
  queryOptions({
    queryKey: ['mail_html', messageId],
    queryFn: () => answer(api.GET('/api/messages/{id}/html', { params: { path: { id: messageId } } })),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** What a reply would be as a mail by itself: each mail that comes in may change it, which `lastSeq` says. */
export const mailDraft = (conversationId: string, lastSeq: number) =>
  queryOptions({
    queryKey: ['mail_draft', conversationId, lastSeq],
    queryFn: () =>
      answer(api.GET('/api/conversations/{id}/mail-draft', { params: { path: { id: conversationId } } })),
    placeholderData: known => known,
    staleTime: 60_000,
  })
