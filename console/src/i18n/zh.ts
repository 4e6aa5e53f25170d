import type { en } from './en.ts'
import type { Translation } from './translation.ts'
import { access } from './zh/access.ts'
import { actionFields } from './zh/action-fields.ts'
import { blocked } from './zh/blocked.ts'
import { bulk } from './zh/bulk.ts'
import { clocks } from './zh/clocks.ts'
import { closing } from './zh/closing.ts'
import { composer } from './zh/composer.ts'
import { content } from './zh/content.ts'
import { entrance } from './zh/entrance.ts'
import { flows } from './zh/flows.ts'
import { inbox } from './zh/inbox.ts'
import { insight } from './zh/insight.ts'
import { linking } from './zh/linking.ts'
import { mail } from './zh/mail.ts'
import { mailbox } from './zh/mailbox.ts'
import { notifications } from './zh/notifications.ts'
import { ownFields } from './zh/own-fields.ts'
import { people } from './zh/people.ts'
import { quickReplies } from './zh/quick-replies.ts'
import { reasons } from './zh/reasons.ts'
import { refusals } from './zh/refusals.ts'
import { routing } from './zh/routing.ts'
import { search } from './zh/search.ts'
import { settings } from './zh/settings.ts'
import { shell } from './zh/shell.ts'
import { thread } from './zh/thread.ts'
import { translation } from './zh/translation.ts'
import { views } from './zh/views.ts'

export const zh: Translation<typeof en> = {
  brand: { latin: 'Afar', han: '远客', line: '有朋自远方来', zh: '简体中文', en: 'English' },
  action: {
    save: '保存',
    cancel: '取消',
    close: '关闭',
    add: '添加',
    edit: '编辑',
    remove: '移除',
    retry: '重试',
    tryAgain: '再试一次',
    more: '显示更多',
    copy: '复制',
    copied: '已复制',
    saved: '已保存',
    back: '返回',
    undo: '撤销',
    reset: '恢复默认',
  },
  form: {
    required: '请填写此项',
    email: '请输入邮箱地址',
    password: '至少 10 个字符',
    optional: '选填',
    notAccepted: '此内容未被接受',
  },
  state: {
    failed: '内容加载失败',
    noPermission: '您无权查看此内容',
    askAdmin: '您的角色不包含此权限，可请管理员调整。',
    notFound: '此地址没有内容',
    home: '返回会话',
    gone: '内容已不存在',
  },
  time: { customer: '客户', store: '店铺', own: '本地' },
  clock: {
    due: '截止',
    over: '超 {{span}}',
    seconds: '{{major}} 秒',
    minutes: '{{major}}:{{padded}}',
    hours: '{{major}} 时 {{minor}} 分',
    days: '{{major}} 天 {{minor}} 时',
    short: {
      seconds: '{{major}} 秒',
      minutes: '{{major}} 分',
      hours: '{{major}} 小时',
      days: '{{major}} 天',
    },
    kind: {
      first_response: '首次响应',
      next_response: '后续响应',
      response: '响应',
      resolution: '解决',
      update: '向客户通报进展',
      promise: '承诺',
    },
  },
  ...access,
  ...actionFields,
  ...blocked,
  ...bulk,
  ...clocks,
  ...closing,
  ...composer,
  ...content,
  ...entrance,
  ...flows,
  ...inbox,
  ...insight,
  ...linking,
  ...mail,
  ...mailbox,
  ...notifications,
  ...ownFields,
  ...people,
  ...quickReplies,
  ...reasons,
  ...refusals,
  ...routing,
  ...search,
  ...settings,
  ...shell,
  ...thread,
  ...translation,
  ...views,
}
