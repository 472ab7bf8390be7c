import { expect, test } from 'vitest'

import { dictionaries, locales } from '#platform/i18n.ts'
import type { JobMap } from '#platform/jobs.ts'
import { createAccountMail, writeAccountMail } from './account-mail.ts'

type Kind = JobMap['mail.account']['kind']
const URL = 'https://tickets.example.org/account/activate?token=abc&x="'
const kinds = Object.keys(dictionaries.en).flatMap((key) => /^mail\.(\w+)\.link$/.exec(key)?.[1] ?? []) as Kind[]
const told = Object.keys(dictionaries.en).flatMap((key) => /^mail\.(\w+)\.heading$/.exec(key)?.[1] ?? [])
const notices = (
  [
    'activated',
    'password_changed',
    'email_change_asked',
    'email_changed',
    'new_device',
    'stolen_token',
    'deactivated',
    'factor_added',
    'factor_removed',
    'factors_removed',
    'erased',
  ] as const
).filter((kind) => told.includes(kind))

test('R-135: every mail about an account is written in three languages, with nothing left to fill in', () => {
  expect(kinds.toSorted()).toEqual(['activation', 'email_change', 'password_reset'])
  expect(notices).toHaveLength(11)
  const subjects = locales.flatMap((locale) =>
    [...kinds, ...notices].map((kind) => {
      const data: Record<string, string> = kinds.includes(kind) ? { link_id: 'x' } : { email: 'new@example.org' }
      const { subject, text, html } = writeAccountMail({ kind, data }, locale, URL)
      for (const part of [subject, text, html]) expect(part).not.toMatch(/\{\{|mail\.\w+/)
      expect(text).toContain(URL)
      return subject
    }),
  )
  expect(new Set(subjects).size).toBeGreaterThan(25)
})

test('Q-26: what a device calls itself is text in a mail, and the time is the cinema’s', () => {
  const device = '<img src=x onerror=alert(1)> "Kino"'
  const data = { device, ip: '10.0.0.1', at: '2026-11-21T17:30:00.000Z' }
  const { html, text } = writeAccountMail({ kind: 'new_device', data }, 'uk', URL)
  expect(html).not.toContain('<img')
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; &quot;Kino&quot;')
  expect(html).toContain('token=abc&amp;x=&quot;')
  expect(text).toContain(device)
  expect(text).toContain('19:30')
})

test('a mail goes where it belongs under one id, and none with a link that is good for nothing any more', async () => {
  const sent: { to: string; message_id: string }[] = []
  const mail = createAccountMail({
    mailer: { send: async ({ to, message_id }) => void sent.push({ to, message_id }), close: () => undefined },
    publicUrl: 'https://tickets.example.org',
    addresseeOf: async (id) => (id === 1 ? { email: 'me@example.org', locale: 'en' } : undefined),
    linkOf: async (id) => (id === 'good' ? { url: URL, email: 'new@example.org' } : undefined),
  })
  await mail({ kind: 'email_change', user_id: 1, data: { link_id: 'good' } }, 'job-1')
  await mail({ kind: 'email_changed', user_id: 1, data: { to: 'old@example.org' } }, 'job-2')
  await mail({ kind: 'password_changed', user_id: 1, data: {} }, 'job-3')
  await mail({ kind: 'activation', user_id: 1, data: { link_id: 'used' } }, 'job-4')
  await mail({ kind: 'password_changed', user_id: 2, data: {} }, 'job-5')
  await mail({ kind: 'erased', user_id: 2, locale: 'ru', data: { to: 'gone@example.org' } }, 'job-6')
  expect(sent).toEqual([
    { to: 'new@example.org', message_id: '<email_change.job-1@tickets.example.org>' },
    { to: 'old@example.org', message_id: '<email_changed.job-2@tickets.example.org>' },
    { to: 'me@example.org', message_id: '<password_changed.job-3@tickets.example.org>' },
    { to: 'gone@example.org', message_id: '<erased.job-6@tickets.example.org>' },
  ])
})
