import type { Module } from '../../platform/module.ts'
import { visitorSessionRoute } from '../channels/widget-session.ts'
import { conversationActions } from './actions.ts'
import { blockingActions } from './blocked-senders/actions.ts'
import { blockedSenderRoutes } from './blocked-senders/routes.ts'
import { bulkRoutes } from './bulk/routes.ts'
import { startBulkWork } from './bulk/running.ts'
import { clockRoutes } from './clock-routes.ts'
import { conversationFields } from './fields.ts'
import { fileRoutes } from './file-routes.ts'
import { heldRoutes } from './held-routes.ts'
import { startSendingHeld } from './holding.ts'
import { startTakingIn } from './inbound-worker.ts'
import { reactions } from './jobs.ts'
import { linkActions } from './linking/actions.ts'
import { linkRoutes } from './linking/routes.ts'
import { followUpByMail } from './mail/following-up.ts'
import { mailRawRoutes, mailRoutes } from './mail/routes.ts'
import { mergeActions } from './merging/actions.ts'
import { mergeRoutes } from './merging/routes.ts'
import { ownFieldRoutes } from './own-fields/routes.ts'
import { presenceSignals, widgetDoor } from './presence.ts'
import { quickReplyRoutes } from './quick-replies/routes.ts'
import { seedContactReasons } from './reasons/reasons.ts'
import { reasonRoutes } from './reasons/routes.ts'
import { trainFirst, trainReasons } from './reasons/training.ts'
import { routes } from './routes.ts'
import { savedViewRoutes } from './saved-views/routes.ts'
import { wakeSnoozed } from './snoozing.ts'
import { splitRoutes } from './splitting/routes.ts'
import { summaryRoutes } from './summaries/routes.ts'
import { conversationTriggers } from './triggers.ts'
import { conversationVariables } from './variables.ts'
import { findOwnConversation, WidgetConversation } from './widget.ts'
import { widgetRoutes } from './widget-routes.ts'

export const conversationsModule: Module = {
  name: 'conversations',
  permissions: [
    { code: 'conversations:read', zh: '查看会话', en: 'Read conversations' },
    { code: 'conversations:reply', zh: '回复客户、写备注', en: 'Reply and leave notes' },
    { code: 'conversations:assign', zh: '分配与转接会话', en: 'Assign and transfer' },
    {
      code: 'conversations:manage',
      zh: '管理状态标签与公共快捷回复',
      en: 'Manage labels and shared quick replies',
    },
    {
      code: 'conversations:bulk-reply',
      zh: '批量回复客户',
      en: 'Reply to many customers at once',
    },
  ],
  routes: [
    ...[...routes, ...clockRoutes, ...savedViewRoutes, ...heldRoutes, ...reasonRoutes],
    ...[...quickReplyRoutes, ...summaryRoutes, ...ownFieldRoutes, ...bulkRoutes, ...mergeRoutes],
    ...[...linkRoutes, ...splitRoutes, ...mailRoutes, ...widgetRoutes, ...blockedSenderRoutes],
  ],
  rawRoutes: [
    ...fileRoutes,
    ...mailRawRoutes,
    visitorSessionRoute(WidgetConversation.nullable(), findOwnConversation),
  ],
  reactions,
  jobs: [trainReasons],
  prepare: seedContactReasons,
  sweeps: [
    { name: 'conversations.follow-up-by-mail', everySeconds: 5, run: followUpByMail },
    { name: 'conversations.train-first', everySeconds: 5, run: trainFirst },
    { name: 'conversations.wake-snoozed', run: wakeSnoozed },
  ],
  workers: [startTakingIn, startSendingHeld, startBulkWork],
  sockets: [widgetDoor],
  signals: presenceSignals,
  fields: conversationFields,
  actions: [...conversationActions, ...mergeActions, ...linkActions, ...blockingActions],
  triggers: conversationTriggers,
  variables: conversationVariables,
}
