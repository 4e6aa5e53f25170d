/**
 * Who may call what, as reviewed by a person: one row per route of the API document. A route without a row
 * fails the tests, so does a row that says something else than the route. The third word is the permission;
 * what follows it says more of the object in the address or of who calls:
 *
 *   store    bound to a store: to who does not see that store it does not exist
 *   company  the whole company's: who holds the permission reaches each of them
 *   own      only its owner's
 *   person   for somebody who signed in; an API key is refused
 */
const table = `
  GET    /api/company                                               signed-in
  PATCH  /api/company                                               settings:manage
  GET    /api/setup                                                 public
  POST   /api/setup                                                 public

  GET    /api/session                                               signed-in person
  PATCH  /api/session                                               signed-in person
  POST   /api/session                                               public
  DELETE /api/session                                               signed-in person
  POST   /api/session/second-factor                                 public
  PUT    /api/session/password                                      signed-in person
  POST   /api/session/totp                                          signed-in person
  PUT    /api/session/totp                                          signed-in person
  DELETE /api/session/totp                                          signed-in person
  PUT    /api/session/availability                                  signed-in person
  GET    /api/session/ways                                          public
  POST   /api/session/giver-trips                                   public
  GET    /api/session/giver-return                                  public
  GET    /api/identity-givers                                       sign-in:manage
  POST   /api/identity-givers                                       sign-in:manage
  PATCH  /api/identity-givers/{id}                                  sign-in:manage company
  DELETE /api/identity-givers/{id}                                  sign-in:manage company
  POST   /api/identity-givers/{id}/trial                            sign-in:manage company
  GET    /api/session/notifications                                 signed-in person
  PUT    /api/session/notifications                                 signed-in person

  GET    /api/staff                                                 staff:read
  PATCH  /api/staff/{id}                                            staff:manage company
  POST   /api/staff/{id}/password-reset                             staff:manage company
  POST   /api/staff/{id}/second-factor-reset                        staff:manage company
  GET    /api/password-resets/by-token/{token}                      public
  PUT    /api/password-resets/by-token/{token}/password             public
  PUT    /api/staff/{id}/deactivation                               staff:manage company
  DELETE /api/staff/{id}/deactivation                               staff:manage company
  GET    /api/invitations                                           staff:manage
  POST   /api/invitations                                           staff:manage
  DELETE /api/invitations/{id}                                      staff:manage company
  GET    /api/invitations/by-token/{token}                          public
  POST   /api/invitations/by-token/{token}/acceptance               public
  GET    /api/roles                                                 staff:read
  POST   /api/roles                                                 staff:manage
  PATCH  /api/roles/{id}                                            staff:manage company
  DELETE /api/roles/{id}                                            staff:manage company
  GET    /api/permissions                                           staff:read
  GET    /api/teams                                                 staff:read
  POST   /api/teams                                                 staff:manage
  PATCH  /api/teams/{id}                                            staff:manage company
  DELETE /api/teams/{id}                                            staff:manage company
  GET    /api/api-keys                                              staff:manage
  POST   /api/api-keys                                              staff:manage
  POST   /api/api-keys/{id}/rotation                                staff:manage company
  DELETE /api/api-keys/{id}                                         staff:manage company
  GET    /api/audit                                                 audit:read
  GET    /api/audit/verification                                    audit:read
  POST   /api/audit/verification                                    audit:read

  GET    /api/stores                                                signed-in
  POST   /api/stores                                                settings:manage
  GET    /api/stores/{id}                                           signed-in store
  PATCH  /api/stores/{id}                                           settings:manage store
  GET    /api/calendars                                             signed-in
  POST   /api/calendars                                             settings:manage
  GET    /api/calendars/suggestion                                  settings:manage
  GET    /api/calendars/{id}                                        signed-in company
  PATCH  /api/calendars/{id}                                        settings:manage company
  DELETE /api/calendars/{id}                                        settings:manage company
  GET    /api/texts                                                 signed-in
  PUT    /api/texts/{key}                                           settings:manage

  GET    /api/search                                                conversations:read

  GET    /api/customers                                             customers:read
  POST   /api/customers                                             customers:write
  GET    /api/customers/{id}                                        customers:read company
  PATCH  /api/customers/{id}                                        customers:write company
  GET    /api/customers/{id}/timeline                               customers:read company
  POST   /api/customers/{id}/reveal                                 customers:contact-details company
  POST   /api/customers/{id}/reveals                                customers:reveal company
  GET    /api/customers/{id}/reveals                                audit:read company
  POST   /api/customers/{id}/identities                             customers:write company
  DELETE /api/customers/{id}/identities/{identityId}                customers:write company
  PUT    /api/customers/{id}/identities/{identityId}/verification   customers:merge company
  GET    /api/customers/{id}/facts                                  customers:read company
  PUT    /api/customers/{id}/facts/{field}                          customers:write company
  PUT    /api/customers/{id}/tags                                   customers:write company
  PUT    /api/customers/{id}/merge                                  customers:merge company
  DELETE /api/customers/{id}/merge                                  customers:merge company
  GET    /api/blocked-senders                                       customers:read
  GET    /api/identities/{id}/block                                 customers:read company
  PUT    /api/identities/{id}/block                                 conversations:reply company
  DELETE /api/identities/{id}/block                                 conversations:reply company
  GET    /api/custom-fields                                         customers:read
  POST   /api/custom-fields                                         settings:manage

  GET    /api/channels                                              channels:manage
  POST   /api/channels                                              channels:manage
  GET    /api/channels/{id}                                         channels:manage store
  PATCH  /api/channels/{id}                                         channels:manage store
  PUT    /api/channels/{id}/secret                                  channels:manage store
  DELETE /api/channels/{id}/previous-secret                         channels:manage store
  POST   /api/channels/{id}/inbound                                 public
  GET    /api/channels/{id}/mailbox                                 channels:manage store
  PUT    /api/channels/{id}/mailbox/credentials                     channels:manage store
  POST   /api/channels/{id}/mailbox/trial                           channels:manage store
  POST   /api/channels/{id}/mailbox/fetch                           channels:manage store
  POST   /api/channels/{id}/mailbox/comparison                      channels:manage store
  POST   /api/channels/{id}/mailbox/grant                           channels:manage store
  GET    /api/mailbox-grant                                         channels:manage
  GET    /api/inbound                                               channels:manage
  GET    /api/inbound/{id}                                          channels:manage store
  PUT    /api/inbound/{id}/retry                                    channels:manage store
  GET    /api/inbound/{id}/raw                                      channels:manage store
  GET    /api/inbound/{id}/steps                                    channels:manage store
  GET    /api/deliveries                                            channels:manage
  PUT    /api/deliveries/{id}/replay                                channels:manage store
  GET    /api/suppressions                                          channels:manage
  DELETE /api/suppressions/{id}                                     channels:manage company

  GET    /api/clock-policies                                        conversations:read
  POST   /api/clock-policies                                        clocks:manage
  PATCH  /api/clock-policies/{id}                                   clocks:manage store
  DELETE /api/clock-policies/{id}                                   clocks:manage store

  GET    /api/conversations                                         conversations:read
  GET    /api/conversations/counts                                  conversations:read
  GET    /api/conversations/{id}                                    conversations:read store
  GET    /api/fields/{record}                                       signed-in
  GET    /api/actions/{record}                                      signed-in
  GET    /api/triggers/{record}                                     signed-in
  GET    /api/flows                                                 flows:read
  POST   /api/flows                                                 flows:manage
  PUT    /api/flows/order                                           flows:manage
  POST   /api/flows/dry-runs                                        flows:manage
  GET    /api/flows/{id}                                            flows:read company
  PATCH  /api/flows/{id}                                            flows:manage company
  DELETE /api/flows/{id}                                            flows:manage company
  GET    /api/flows/{id}/versions                                   flows:read company
  PUT    /api/flows/{id}/publication                                flows:manage company person
  PUT    /api/flows/{id}/state                                      flows:manage company
  GET    /api/flows/{id}/runs                                       flows:read company
  GET    /api/flow-runs/{id}                                        flows:read store
  GET    /api/conversations/{id}/flow-runs                          conversations:read store
  GET    /api/variables/{record}                                    signed-in
  GET    /api/views                                                 conversations:read
  GET    /api/views/counts                                          conversations:read
  POST   /api/views/previews                                        conversations:read
  POST   /api/views                                                 conversations:read person
  PATCH  /api/views/{id}                                            conversations:read company
  DELETE /api/views/{id}                                            conversations:read company
  GET    /api/conversations/{id}/messages                           conversations:read store
  GET    /api/conversations/{id}/assignments                        conversations:read store
  GET    /api/conversations/{id}/clocks                             conversations:read store
  POST   /api/conversations/{id}/promises                           conversations:reply store
  PUT    /api/conversations/{id}/promises/{promiseId}               conversations:reply store
  POST   /api/conversations/{id}/replies                            conversations:reply store
  POST   /api/conversations/{id}/content-check                      conversations:reply store
  GET    /api/content-rules                                         signed-in
  PATCH  /api/content-rules/{id}                                    channels:manage company
  POST   /api/conversations/{id}/notes                              conversations:reply store
  GET    /api/conversations/{id}/mail-draft                         conversations:reply store
  GET    /api/conversations/{id}/held-replies                       conversations:read store
  POST   /api/conversations/{id}/held-replies                       conversations:reply store
  DELETE /api/held-replies/{id}                                     conversations:reply store
  GET    /api/messages/{id}/html                                    conversations:read store
  GET    /api/messages/{id}/pictures/{place}                        conversations:read store
  PUT    /api/conversations/{id}/assignee                           conversations:assign store
  PUT    /api/conversations/{id}/status                             conversations:reply store
  PUT    /api/conversations/{id}/snooze                             conversations:reply store
  DELETE /api/conversations/{id}/snooze                             conversations:reply store
  PUT    /api/conversations/{id}/read                               conversations:read store
  DELETE /api/conversations/{id}/read                               conversations:read store
  PUT    /api/conversations/{id}/priority                           conversations:reply store
  PUT    /api/conversations/{id}/tags                               conversations:reply store
  PUT    /api/conversations/{id}/merge                              conversations:reply store
  DELETE /api/conversations/{id}/merge                              conversations:reply store
  GET    /api/conversations/{id}/links                              conversations:read store
  POST   /api/conversations/{id}/links                              conversations:reply store
  DELETE /api/conversations/{id}/links/{linkId}                     conversations:reply store
  POST   /api/conversations/{id}/splits                             conversations:reply store
  GET    /api/conversations/{id}/split-messages                     conversations:read store
  POST   /api/conversations/{id}/actions                            conversations:reply store
  GET    /api/bulk-jobs                                             conversations:read
  POST   /api/bulk-jobs                                             conversations:reply person
  GET    /api/bulk-jobs/{id}                                        conversations:read company
  GET    /api/bulk-jobs/{id}/items                                  conversations:read company
  PUT    /api/bulk-jobs/{id}/cancellation                           conversations:reply company
  PUT    /api/bulk-jobs/{id}/undo                                   conversations:reply company
  PUT    /api/conversations/{id}/reason                             conversations:reply store
  PUT    /api/conversations/{id}/fields                             conversations:reply store
  GET    /api/conversation-fields                                   conversations:read
  POST   /api/conversation-fields                                   conversations:manage
  PATCH  /api/conversation-fields/{id}                              conversations:manage store
  GET    /api/conversations/{id}/summaries                          conversations:read store
  PUT    /api/conversations/{id}/summary                            conversations:reply store
  GET    /api/conversations/{id}/reason-suggestion                  conversations:read store
  GET    /api/contact-reasons                                       conversations:read
  POST   /api/contact-reasons                                       conversations:manage
  PATCH  /api/contact-reasons/{code}                                conversations:manage company
  DELETE /api/contact-reasons/{code}                                conversations:manage company
  GET    /api/reason-model                                          conversations:read
  POST   /api/reason-model/trainings                                conversations:manage
  GET    /api/status-labels                                         conversations:read
  POST   /api/status-labels                                         conversations:manage
  PATCH  /api/status-labels/{id}                                    conversations:manage company
  DELETE /api/status-labels/{id}                                    conversations:manage company
  GET    /api/conversations/{id}/variables                          conversations:read store
  POST   /api/conversations/{id}/quick-reply-previews               conversations:reply store
  POST   /api/conversations/{id}/quick-reply-uses                   conversations:reply store
  DELETE /api/conversations/{id}/quick-reply-uses/{useId}           conversations:reply store
  GET    /api/quick-replies                                         conversations:read
  POST   /api/quick-replies                                         conversations:reply
  PATCH  /api/quick-replies/{id}                                    conversations:reply store
  DELETE /api/quick-replies/{id}                                    conversations:reply store
  POST   /api/files                                                 conversations:reply
  GET    /api/files/{id}                                            conversations:read own
  GET    /api/routing/queue                                         routing:read
  GET    /api/routing/queues/live                                   routing:read
  POST   /api/routing/simulations                                   routing:manage
  GET    /api/queues                                                conversations:read
  POST   /api/queues                                                routing:manage
  PUT    /api/queues/order                                          routing:manage
  PATCH  /api/queues/{id}                                           routing:manage store
  DELETE /api/queues/{id}                                           routing:manage store
  GET    /api/routing/weights                                       routing:read
  PUT    /api/routing/weights/{channelKind}                         routing:manage

  PUT    /api/conversations/{id}/language                           conversations:reply store
  GET    /api/conversations/{id}/translations                       conversations:read store
  POST   /api/conversations/{id}/translations                       conversations:read store
  POST   /api/conversations/{id}/draft-translation                  conversations:reply store
  GET    /api/translation-settings                                  assistant:manage
  PATCH  /api/translation-settings                                  assistant:manage
  GET    /api/translation-costs                                     assistant:manage
  GET    /api/translation-providers                                 assistant:manage
  POST   /api/translation-providers                                 assistant:manage
  GET    /api/translation-providers/{id}                            assistant:manage company
  PATCH  /api/translation-providers/{id}                            assistant:manage company
  DELETE /api/translation-providers/{id}                            assistant:manage company
  PUT    /api/translation-providers/{id}/price                      assistant:manage company
  POST   /api/translation-providers/{id}/trial                      assistant:manage company
  GET    /api/glossary-terms                                        conversations:read
  POST   /api/glossary-terms                                        assistant:manage
  GET    /api/glossary-terms/export                                 assistant:manage
  POST   /api/glossary-terms/import                                 assistant:manage
  PUT    /api/glossary-terms/{id}                                   assistant:manage company
  DELETE /api/glossary-terms/{id}                                   assistant:manage company

  GET    /api/widget/config                                         public
  GET    /api/insight/metrics                                      insight:read
  POST   /api/insight/figures                                      insight:read
  POST   /api/insight/figures/rows                                 insight:read
  GET    /api/insight/wall                                         insight:read
  GET    /api/insight/days                                         insight:read
  POST   /api/conversations/{id}/whispers                          insight:supervise store
  POST   /api/moves                                                insight:supervise
  PUT    /api/staff/{id}/availability                              insight:supervise company
  GET    /api/exports                                              insight:export person
  POST   /api/exports                                              insight:export person
  GET    /api/exports/{id}                                         insight:export own
  GET    /api/exports/{id}/file                                    insight:export own

  POST   /api/widget/session                                        public
  DELETE /api/widget/session                                        visitor
  GET    /api/widget/conversation                                   visitor
  GET    /api/widget/messages                                       visitor
  POST   /api/widget/messages                                       visitor
  PUT    /api/widget/read                                           visitor
  PUT    /api/widget/contact                                        visitor
  POST   /api/widget/files                                          visitor
  GET    /api/widget/files/{id}                                     visitor own
`

/** What each role holds, as reviewed; `*` is everything. */
export const roles: Record<string, string> = {
  agent:
    'staff:read customers:read customers:write customers:contact-details conversations:read conversations:reply conversations:assign',
  'a scoped key': 'staff:read customers:read',
  trainer: 'staff:read customers:read conversations:read',
  owner:
    'staff:read customers:read customers:contact-details conversations:read routing:read flows:read insight:read audit:read',
  admin: '*',
}

export type Reviewed = {
  name: string
  permission: string
  object: 'store' | 'company' | 'own' | null
  isPersonal: boolean
}

export const reviewed: Reviewed[] = table
  .split('\n')
  .map(line => line.trim().split(/\s+/))
  .filter(words => words.length > 1)
  .map(([method, path, permission, more]) => ({
    name: `${method} ${path}`,
    permission: permission!,
    object: more === 'store' || more === 'company' || more === 'own' ? more : null,
    isPersonal: more === 'person',
  }))

export type Caller =
  | { kind: 'anonymous' }
  | { kind: 'visitor' }
  | { kind: 'staff' | 'api_key'; role: keyof typeof roles }

/** Whether a caller gets past the door of a route; if not, with which status and code. */
export function verdict(
  row: Reviewed,
  caller: Caller,
): 'in' | '401 not_signed_in' | '403 permission_denied' | '403 only_staff' {
  if (row.permission === 'public') return 'in'
  if (caller.kind === 'anonymous') return '401 not_signed_in'
  if (caller.kind === 'visitor') return row.permission === 'visitor' ? 'in' : '403 permission_denied'
  if (row.permission === 'visitor') return '403 permission_denied'
  const held = roles[caller.role]!.split(' ')
  if (row.permission !== 'signed-in' && !held.includes('*') && !held.includes(row.permission))
    return '403 permission_denied'
  return row.isPersonal && caller.kind === 'api_key' ? '403 only_staff' : 'in'
}
