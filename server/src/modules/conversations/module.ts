import type { Module } from '../../platform/module.ts'
import { visitorSessionRoute } from '../channels/widget-session.ts'
import { fileRoutes } from './file-routes.ts'
import { startTakingIn } from './inbound-worker.ts'
import { reactions } from './jobs.ts'
import { presenceSignals, widgetDoor } from './presence.ts'
import { routes } from './routes.ts'
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
  ],
  routes: [...routes, ...widgetRoutes],
  rawRoutes: [...fileRoutes, visitorSessionRoute(WidgetConversation.nullable(), findOwnConversation)],
  reactions,
  workers: [startTakingIn],
  sockets: [widgetDoor],
  signals: presenceSignals,
}
