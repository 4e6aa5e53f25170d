import fs from 'node:fs'
import { apt, mayInstall } from './chromium.mjs'
import { say } from './setup.mjs'

const needed = {
  '/usr/lib/dovecot/imap': 'dovecot-imapd',
  '/usr/lib/dovecot/lmtp': 'dovecot-lmtpd',
  '/usr/sbin/postfix': 'postfix',
  '/usr/bin/swaks': 'swaks',
}
const policy = '/usr/sbin/policy-rc.d'

/** The tests of mail run against dovecot and postfix. As root on Debian they are installed, but never started. */
export function installMailServers() {
  const missing = () => Object.keys(needed).filter(file => !fs.existsSync(file))
  if (missing().length === 0) return
  if (mayInstall()) {
    say('Installing dovecot, postfix and swaks for the tests of mail …')
    withoutServices(() => {
      apt(['update'])
      apt(['install', '-y', '--no-install-recommends', ...missing().map(file => needed[file])])
    })
  }
  if (missing().length > 0)
    say(
      '\nNot run: the tests that need dovecot, postfix and swaks (installed by themselves as root on Debian).',
    )
}

/** Debian starts what it installs unless this file says no; one that was there before is put back. */
function withoutServices(install) {
  const before = fs.existsSync(policy) ? fs.readFileSync(policy) : null
  fs.writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    install()
  } finally {
    if (before) fs.writeFileSync(policy, before, { mode: 0o755 })
    else fs.rmSync(policy)
  }
}
