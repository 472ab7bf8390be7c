/** Answers that the server wrote into the page, by path and query; each is good for one call. */
const read = (): Map<string, unknown> => {
  try {
    const text = document.querySelector('#preload')?.textContent
    return new Map(Object.entries(JSON.parse(text ?? '{}') as Record<string, unknown>))
  } catch {
    return new Map()
  }
}

export const preloadingFetch = (): typeof fetch => {
  const answers = read()
  return (input, init) => {
    const request = input instanceof Request ? input : undefined
    const url = new URL(request?.url ?? (input as string | URL), location.href)
    const key = `${url.pathname}${url.search}`
    if (request?.method !== 'GET' || !answers.has(key)) return fetch(input, init)
    const body = answers.get(key)
    answers.delete(key)
    return Promise.resolve(Response.json(body))
  }
}
