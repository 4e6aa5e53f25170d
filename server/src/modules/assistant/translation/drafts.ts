import type { Actor } from '../../../platform/context.ts'
import { lookingContext, type Workplace } from '../../../platform/work.ts'
import { getConversation } from '../../conversations/conversations.ts'
import type { NewDraftTranslation } from './schemas.ts'
import { translate } from './translating.ts'
import { saidBefore } from './translator.ts'

/** Somebody waits for it with a finger on the key; he may send without. */
const patienceMs = 10_000

/** What a colleague has written, as it would be said in the customer’s language. Nothing is sent and nothing waits for it. */
export async function translateDraft(
  place: Workplace,
  actor: Actor,
  conversationId: string,
  { text, from, to }: NewDraftTranslation,
) {
  const ctx = lookingContext(place, actor)
  const conversation = await getConversation(ctx, conversationId)
  const [outcome] = await translate(place, {
    texts: [{ text, from }],
    to,
    purpose: 'outgoing',
    context: await saidBefore(ctx, conversationId, conversation.lastSeq + 1),
    timeoutMs: patienceMs,
  })
  return outcome!.state === 'done'
    ? {
        state: outcome!.state,
        text: outcome!.kept.text,
        from: outcome!.kept.fromLanguage,
        to,
        reason: null,
        provider: outcome!.kept.providerName,
        missingTerms: outcome!.kept.missingTerms,
      }
    : {
        state: outcome!.state,
        text: null,
        from: outcome!.from,
        to,
        reason: outcome!.reason,
        provider: null,
        missingTerms: [],
      }
}
