import type { Locale } from '#platform/i18n.ts'

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')

export type Page = {
  heading: string
  intro: string
  /** Written by somebody: its lines are kept, and nothing in it is markup. */
  notice?: string
  /** One card each. */
  tickets: { lines: string[]; cid: string | undefined }[]
  outro: string
  link: { label: string; url: string }
}

export const toText = ({ heading, intro, notice, tickets, outro, link }: Page) =>
  [
    heading,
    intro,
    ...(notice ? [notice] : []),
    ...tickets.map(({ lines }) => lines.join('\n')),
    outro,
    `${link.label}: ${link.url}`,
  ].join('\n\n')

export const toHtml = ({ heading, intro, notice, tickets, outro, link }: Page, locale: Locale) => {
  const cards = tickets.map(
    ({ lines: [title = '', ...lines], cid }) => `
    <div style="margin:16px 0;padding:16px;border:1px solid #d8cfc0;border-radius:12px;background:#ffffff">
      <p style="margin:0 0 8px;font-size:18px;font-weight:bold">${escapeHtml(title)}</p>
      ${lines.map((line) => `<p style="margin:0 0 4px">${escapeHtml(line)}</p>`).join('')}
      ${cid ? `<img src="cid:${cid}" alt="QR" width="200" height="200" style="margin-top:12px;image-rendering:pixelated">` : ''}
    </div>`,
  )
  const said = notice ? `<p style="white-space:pre-line">${escapeHtml(notice)}</p>` : ''
  return `<!doctype html><html lang="${locale}"><body style="margin:0;padding:24px;background:#fbf7f0;color:#14110f;font-family:Arial,sans-serif">
    <h1 style="font-size:22px">${escapeHtml(heading)}</h1><p>${escapeHtml(intro)}</p>${said}${cards.join('')}<p>${escapeHtml(outro)}</p>
    <p><a href="${escapeHtml(link.url)}" style="color:#8a5a00">${escapeHtml(link.label)}</a></p></body></html>`
}
