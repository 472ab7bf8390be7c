/** Staff of the demo, at work through the API. */
const asStaff = async (who: 'manager' | 'admin', url: string, method: 'POST' | 'PATCH', path: string, body: object) => {
  const send = (to: string, how: string, what: object, headers: Record<string, string> = {}) =>
    fetch(`${url}/api/v1${to}`, {
      method: how,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(what),
    })
  const signedIn = await send('/auth/login', 'POST', { email: `${who}@marquee.test`, password: 'Marquee-demo-1' })
  const { access_token } = (await signedIn.json()) as { access_token: string }
  const reply = await send(path, method, body, { authorization: `Bearer ${access_token}` })
  if (!reply.ok) throw new Error(`${method} ${path} answers ${reply.status}: ${await reply.text()}`)
}

export const cancelShowing = (url: string, id: number) =>
  asStaff('manager', url, 'POST', `/sessions/${id}/cancel`, { reason: 'The projector is broken.' })

/** To days that the demo has no plans for. */
export const moveShowing = async (url: string, id: number, by_days: number) => {
  const { start_time } = (await (await fetch(`${url}/api/v1/sessions/${id}`)).json()) as { start_time: string }
  const moved = new Date(Date.parse(start_time) + by_days * 86_400_000).toISOString()
  await asStaff('manager', url, 'PATCH', `/sessions/${id}`, { start_time: moved })
}

export const priceShowing = (url: string, id: number, base_price: number) =>
  asStaff('manager', url, 'PATCH', `/sessions/${id}`, { base_price })

/** Half of everything, by a code; for orders of so many tickets at least. */
export const halvePrices = (url: string, code: string, minimum_tickets = 1) =>
  asStaff('admin', url, 'POST', '/promotions', {
    names: { uk: 'Тестова акція', ru: 'Тестовая акция', en: 'Test promotion' },
    kind: 'percent',
    percent: 50,
    codes: [code],
    minimum_tickets,
  })
