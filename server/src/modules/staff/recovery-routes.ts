import { Id, Nothing, type Route, route } from '../../platform/route.ts'
import {
  glanceAtPasswordReset,
  issuePasswordReset,
  resetPassword,
  resetSecondFactor,
} from './account-recovery.ts'
import { ChosenPassword, IssuedPasswordReset, PasswordResetGlance, Staff, Token } from './schemas.ts'

const guesses = { per: 'ip', count: 20, seconds: 300 } as const

export const recoveryRoutes: Route[] = [
  route({
    method: 'POST',
    url: '/staff/:id/password-reset',
    summary: 'Make a link for a colleague who forgot his password; it is told once and holds for a day',
    permission: 'staff:manage',
    params: Id,
    returns: IssuedPasswordReset,
    status: 201,
    run: (ctx, { params }) => issuePasswordReset(ctx, params.id),
  }),
  route({
    method: 'POST',
    url: '/staff/:id/second-factor-reset',
    summary: 'Switch off the second factor of a colleague who lost it; his sessions end at once',
    permission: 'staff:manage',
    params: Id,
    returns: Staff,
    run: (ctx, { params }) => resetSecondFactor(ctx, params.id),
  }),
  route({
    method: 'GET',
    url: '/password-resets/by-token/:token',
    summary: 'Look at the password link one was given',
    permission: 'public',
    limit: guesses,
    params: Token,
    returns: PasswordResetGlance,
    run: (ctx, { params }) => glanceAtPasswordReset(ctx, params.token),
  }),
  route({
    method: 'PUT',
    url: '/password-resets/by-token/:token/password',
    summary: 'Choose a new password with the link; every session ends',
    permission: 'public',
    limit: guesses,
    params: Token,
    body: ChosenPassword,
    returns: Nothing,
    run: (ctx, { params, body }) => resetPassword(ctx, params.token, body.password),
  }),
]
