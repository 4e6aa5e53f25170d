import { useTranslation } from 'react-i18next'
import { SettingsFrame } from '../shell/settings-frame.tsx'

export function Settings() {
  const { t } = useTranslation()
  return (
    <SettingsFrame
      groups={[
        {
          title: t('settings.company'),
          places: [
            { to: '/settings/company', label: t('company.title') },
            { to: '/settings/stores', label: t('store.title') },
            { to: '/settings/calendars', label: t('calendar.title') },
            { to: '/settings/texts', label: t('text.title'), permission: 'settings:manage' },
          ],
        },
        {
          title: t('settings.people'),
          places: [
            { to: '/settings/staff', label: t('staff.title'), permission: 'staff:read' },
            { to: '/settings/teams', label: t('team.title'), permission: 'staff:read' },
            { to: '/settings/roles', label: t('role.title'), permission: 'staff:read' },
            { to: '/settings/sign-in', label: t('giver.title'), permission: 'sign-in:manage' },
            { to: '/settings/audit', label: t('audit.title'), permission: 'audit:read' },
          ],
        },
        {
          title: t('settings.channels'),
          places: [
            { to: '/settings/channels', label: t('channel.title'), permission: 'channels:manage' },
            { to: '/settings/inbound', label: t('inbound.title'), permission: 'channels:manage' },
            { to: '/settings/deliveries', label: t('deliveries.title'), permission: 'channels:manage' },
          ],
        },
        {
          title: t('settings.work'),
          places: [
            { to: '/settings/queues', label: t('queues.title'), permission: 'routing:read' },
            { to: '/settings/flows', label: t('flows.title'), permission: 'flows:read' },
            {
              to: '/settings/quick-replies',
              label: t('quickReply.title'),
              permission: 'conversations:reply',
            },
            { to: '/settings/blocked-senders', label: t('blocked.title'), permission: 'customers:read' },
            {
              to: '/settings/status-labels',
              label: t('statusLabel.title'),
              permission: 'conversations:manage',
            },
            {
              to: '/settings/contact-reasons',
              label: t('reason.title'),
              permission: 'conversations:manage',
            },
            {
              to: '/settings/conversation-fields',
              label: t('ownField.title'),
              permission: 'conversations:manage',
            },
            {
              to: '/settings/clock-policies',
              label: t('clockPolicy.title'),
              permission: 'conversations:read',
            },
            { to: '/settings/translation', label: t('translation.title'), permission: 'assistant:manage' },
            {
              to: '/settings/glossary',
              label: t('translation.glossaryTitle'),
              permission: 'conversations:read',
            },
            { to: '/settings/custom-fields', label: t('customField.title'), permission: 'settings:manage' },
          ],
        },
        {
          title: t('settings.developers'),
          places: [{ to: '/settings/api-keys', label: t('apiKey.title'), permission: 'staff:manage' }],
        },
      ]}
    />
  )
}
