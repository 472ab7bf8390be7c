/** The manager of the demo, at work through the API. */
const asManager = async (url: string, method: 'POST' | 'PATCH', path: string, body: object) => {
  const send = (to: string, how: string, what: object, headers: Record<string, string> = {}) =>
    fetch(`${url}/api/v1${to}`, {
      method: how,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(what),
    })
  const signedIn = await send('/auth/login', 'POST', { email: 'manager@marquee.test', password: 'Marquee-demo-1' })
  const { access_token } = (await signedIn.json()) as { access_token: string }
  const reply = await send(path, method, body, { authorization: `Bearer ${access_token}` })
  if (!reply.ok) throw new Error(`${method} ${path} answers ${reply.status}: ${await reply.text()}`)
}

export const cancelShowing = (url: string, id: number) =>
  asManager(url, 'POST', `/sessions/${id}/cancel`, { reason: 'The projector is broken.' })

export const priceShowing = (url: string, id: number, base_price: number) =>
  asManager(url, 'PATCH', `/sessions/${id}`, { base_price })
