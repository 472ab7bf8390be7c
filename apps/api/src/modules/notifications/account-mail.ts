import { type Locale, translator } from '#platform/i18n.ts'
import type { JobMap } from '#platform/jobs.ts'
import type { Mail, Mailer } from '#platform/mail.ts'
import { toHtml, toText } from './mail-page.ts'

type AccountMail = JobMap['mail.account']
type Link = { url: string; email: string | null }
type Deps = {
  mailer: Mailer
  publicUrl: string
  addresseeOf: (user_id: number) => Promise<{ email: string; locale: Locale } | undefined>
  /** The link that a mail carries, while it is good for something. */
  linkOf: (id: string) => Promise<Link | undefined>
}

const TIMEZONE = 'Europe/Kyiv'

const timeIn = (locale: Locale, at: string | undefined) =>
  at === undefined
    ? ''
    : new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: TIMEZONE }).format(new Date(at))

/** A mail about an account, in its owner's language. What others wrote into it is text and nothing else. */
export const writeAccountMail = (
  { kind, data }: Pick<AccountMail, 'kind' | 'data'>,
  locale: Locale,
  url: string,
): Omit<Mail, 'to' | 'message_id'> => {
  const t = translator(locale)
  const values = { email: '', device: '–', ip: '–', ...data, time: timeIn(locale, data['at']) }
  const page = {
    heading: t(`mail.${kind}.heading`, values),
    intro: t(`mail.${kind}.intro`, values),
    tickets: [],
    outro: t(`mail.${kind}.outro`, values),
    link: { label: t(data['link_id'] === undefined ? 'mail.account_link' : `mail.${kind}.link`), url },
  }
  return { subject: t(`mail.${kind}.subject`, values), text: toText(page), html: toHtml(page, locale) }
}

/** Sends what the job says. A link that was used or replaced meanwhile is not sent, nor is a mail to an account that is gone. */
export const createAccountMail =
  ({ mailer, publicUrl, addresseeOf, linkOf }: Deps) =>
  async ({ kind, user_id, locale, data }: AccountMail, job_id: string): Promise<void> => {
    // Whoever has gone is not looked up any more.
    const addressee = kind === 'erased' ? { email: data['to'] ?? '', locale: locale ?? 'uk' } : await addresseeOf(user_id)
    const link = data['link_id'] === undefined ? { url: `${publicUrl}/account`, email: null } : await linkOf(data['link_id'])
    if (!addressee || !link) return
    const host = new URL(publicUrl).hostname
    await mailer.send({
      ...writeAccountMail({ kind, data }, locale ?? addressee.locale, link.url),
      // A notice about an address goes to the address it is about.
      to: link.email ?? data['to'] ?? addressee.email,
      message_id: `<${kind}.${job_id}@${host}>`,
    })
  }
