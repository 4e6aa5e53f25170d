import type { notifications as en } from '../en/notifications.ts'
import type { Translation } from '../translation.ts'

export const notifications: Translation<typeof en> = {
  notice: {
    assigned: '{{name}} 已分配给您',
    customer_wrote: '{{name}} 发来消息',
    mention: '有人请您查看：{{name}}',
    whisper: '同事留下备注：{{name}}',
    escalation: '即将超时：{{name}}',
    queued: '队列新来：{{name}}',
  },
  notifications: {
    title: '通知',
    of: '以下情况通知我',
    way: { sound: '声音', desktop: '桌面', title: '标签页标题' },
    kind: {
      assigned: '会话分配给我',
      customer_wrote: '客户在我的会话中发来消息',
      mention: '有人提及我',
      whisper: '同事在我的会话中留下备注',
      escalation: '时限升级到我',
      queued: '队列中有新会话',
    },
    test: '试听：{{kind}}',
    volume: '音量',
    quietWhileLooking: '正在查看的会话不提醒',
    doNotDisturb: '勿扰时段',
    doNotDisturbHint: '在此时段内（按您的时区），不响铃，也不弹出桌面通知。',
    from: '从',
    to: '到',
    refused: '此浏览器不允许桌面通知，可在浏览器设置中更改。',
  },
}
