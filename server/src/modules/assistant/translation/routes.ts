import type { z } from 'zod'
import { readJson } from '../../../platform/request-shapes.ts'
import { Id, Nothing, pageOf, type RawRoute, route } from '../../../platform/route.ts'
import { listCosts } from './budget.ts'
import { translateDraft } from './drafts.ts'
import { askTranslations, listTranslations } from './message-translations.ts'
import {
  archiveProvider,
  changePrice,
  changeProvider,
  createProvider,
  getProvider,
  listProviders,
} from './providers.ts'
import {
  CostFilter,
  Costs,
  DraftTranslation,
  MessageTranslations,
  NewDraftTranslation,
  NewProvider,
  NewTranslations,
  Price,
  Provider,
  ProviderChange,
  ProviderTrial,
  TranslationSettings,
  TranslationSettingsChange,
  TranslationsWanted,
  TrialTarget,
} from './schemas.ts'
import { changeTranslationSettings, showTranslationSettings } from './settings.ts'
import { tryProvider } from './trial.ts'

const manage = 'assistant:manage'

export const translationRoutes = [
  route({
    method: 'GET',
    url: '/conversations/:id/translations',
    summary: 'List what is translated of a conversation',
    permission: 'conversations:read',
    params: Id,
    query: TranslationsWanted,
    returns: MessageTranslations,
    run: (ctx, { params, query }) => listTranslations(ctx, params.id, query.to),
  }),
  route({
    method: 'POST',
    url: '/conversations/:id/translations',
    summary: 'Ask for messages in a language; what is ready is told by an event',
    permission: 'conversations:read',
    limit: { per: 'actor', count: 60, seconds: 10 },
    params: Id,
    body: NewTranslations,
    returns: MessageTranslations,
    status: 202,
    run: (ctx, { params, body }) => askTranslations(ctx, params.id, body),
  }),
  route({
    method: 'GET',
    url: '/translation-settings',
    summary: 'Show what may be spent on translation',
    permission: manage,
    returns: TranslationSettings,
    run: ctx => showTranslationSettings(ctx),
  }),
  route({
    method: 'PATCH',
    url: '/translation-settings',
    summary: 'Set the daily budget, and whether messages are translated unasked',
    permission: manage,
    body: TranslationSettingsChange,
    returns: TranslationSettings,
    run: (ctx, { body }) => changeTranslationSettings(ctx, body),
  }),
  route({
    method: 'GET',
    url: '/translation-costs',
    summary: 'List what translation cost, by day, service and direction',
    permission: manage,
    query: CostFilter,
    returns: Costs,
    run: (ctx, { query }) => listCosts(ctx, query),
  }),
  route({
    method: 'GET',
    url: '/translation-providers',
    summary: 'List the services that translate, in the order they are asked',
    permission: manage,
    returns: pageOf(Provider),
    run: async ctx => ({ items: await listProviders(ctx), next: null }),
  }),
  route({
    method: 'POST',
    url: '/translation-providers',
    summary: 'Add a service that translates',
    permission: manage,
    body: NewProvider,
    returns: Provider,
    status: 201,
    run: (ctx, { body }, { place }) => createProvider(ctx, place.secrets, body),
  }),
  route({
    method: 'GET',
    url: '/translation-providers/:id',
    summary: 'Show a service that translates',
    permission: manage,
    params: Id,
    returns: Provider,
    run: (ctx, { params }) => getProvider(ctx, params.id),
  }),
  route({
    method: 'PATCH',
    url: '/translation-providers/:id',
    summary: 'Change a service that translates; its key goes with its address',
    permission: manage,
    params: Id,
    body: ProviderChange,
    returns: Provider,
    run: (ctx, { params, body }, { place }) => changeProvider(ctx, place.secrets, params.id, body),
  }),
  route({
    method: 'DELETE',
    url: '/translation-providers/:id',
    summary: 'Remove a service that translates',
    permission: manage,
    params: Id,
    returns: Nothing,
    run: (ctx, { params }) => archiveProvider(ctx, params.id),
  }),
  route({
    method: 'PUT',
    url: '/translation-providers/:id/price',
    summary: 'Set what a service takes from now on',
    permission: manage,
    params: Id,
    body: Price,
    returns: Provider,
    run: (ctx, { params, body }) => changePrice(ctx, params.id, body),
  }),
]

/** These wait for a service outside, so they hold no transaction. */
export const translationRawRoutes: RawRoute[] = [
  {
    method: 'POST',
    url: '/conversations/:id/draft-translation',
    summary: 'See what a reply in the making would say in another language',
    permission: 'conversations:reply',
    limit: { per: 'actor', count: 30, seconds: 10 },
    params: Id,
    body: NewDraftTranslation,
    returns: DraftTranslation,
    async handle(place, actor, request, reply) {
      const { id } = request.params as z.output<typeof Id>
      const draft = readJson(NewDraftTranslation, request.body)
      return reply.send(await translateDraft(place, actor, id, draft))
    },
  },
  {
    method: 'POST',
    url: '/translation-providers/:id/trial',
    summary: 'Ask a service for one sentence, and say what came of it',
    permission: manage,
    limit: { per: 'actor', count: 10, seconds: 60 },
    params: Id,
    body: TrialTarget,
    returns: ProviderTrial,
    async handle(place, actor, request, reply) {
      const { id } = request.params as z.output<typeof Id>
      const { to } = readJson(TrialTarget, request.body)
      return reply.send(await tryProvider(place, actor, id, to))
    },
  },
]
