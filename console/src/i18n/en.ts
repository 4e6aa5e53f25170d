import { access } from './en/access.ts'
import { actionFields } from './en/action-fields.ts'
import { blocked } from './en/blocked.ts'
import { bulk } from './en/bulk.ts'
import { clocks } from './en/clocks.ts'
import { closing } from './en/closing.ts'
import { composer } from './en/composer.ts'
import { content } from './en/content.ts'
import { entrance } from './en/entrance.ts'
import { flows } from './en/flows.ts'
import { inbox } from './en/inbox.ts'
import { insight } from './en/insight.ts'
import { linking } from './en/linking.ts'
import { mail } from './en/mail.ts'
import { mailbox } from './en/mailbox.ts'
import { notifications } from './en/notifications.ts'
import { ownFields } from './en/own-fields.ts'
import { people } from './en/people.ts'
import { quickReplies } from './en/quick-replies.ts'
import { reasons } from './en/reasons.ts'
import { refusals } from './en/refusals.ts'
import { routing } from './en/routing.ts'
import { search } from './en/search.ts'
import { settings } from './en/settings.ts'
import { shell } from './en/shell.ts'
import { thread } from './en/thread.ts'
import { translation } from './en/translation.ts'
import { views } from './en/views.ts'

export const en = {
  brand: {
    latin: 'Afar',
    han: '远客',
    line: 'Care for customers who come from afar',
    zh: '简体中文',
    en: 'English',
  },
  action: {
    save: 'Save',
    cancel: 'Cancel',
    close: 'Close',
    add: 'Add',
    edit: 'Edit',
    remove: 'Remove',
    retry: 'Retry',
    tryAgain: 'Try again',
    more: 'Show more',
    copy: 'Copy',
    copied: 'Copied',
    saved: 'Saved',
    back: 'Back',
    undo: 'Undo',
    reset: 'Reset',
  },
  form: {
    required: 'Please fill this in',
    email: 'Please enter a mail address',
    password: 'At least 10 characters',
    optional: 'optional',
    notAccepted: 'This was not accepted',
  },
  state: {
    failed: 'This could not be loaded',
    noPermission: 'You may not see this',
    askAdmin: 'Your role does not include it. An admin can change that.',
    notFound: 'There is nothing at this address',
    home: 'Back to the inbox',
    gone: 'This no longer exists',
  },
  time: { customer: 'Customer', store: 'Store', own: 'Here' },
  clock: {
    due: 'Due',
    over: '+{{span}} over',
    seconds: '{{major}} s',
    minutes: '{{major}}:{{padded}}',
    hours: '{{major}} h {{minor}} m',
    days: '{{major}} d {{minor}} h',
    short: { seconds: '{{major}} s', minutes: '{{major}} m', hours: '{{major}} h', days: '{{major}} d' },
    kind: {
      first_response: 'First response',
      next_response: 'Next response',
      response: 'Response',
      resolution: 'Resolution',
      update: 'News for the customer',
      promise: 'Promise',
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
} as const
