/** What the page says aloud and shows for a moment: one polite voice for the whole app. */
export type Notice = { id: number; text: string; tone: 'plain' | 'good' | 'bad' }

let last = 0
let notices: Notice[] = []
const listeners = new Set<() => void>()

const put = (next: Notice[]) => {
  notices = next
  for (const listener of listeners) listener()
}

const SHOWN_MS = 7000

export const dismiss = (id: number) => put(notices.filter((notice) => notice.id !== id))

/** Shows a toast that screen readers hear as well. */
export const toast = (text: string, tone: Notice['tone'] = 'plain') => {
  last += 1
  const id = last
  put([...notices.filter((notice) => notice.text !== text), { id, text, tone }].slice(-3))
  setTimeout(() => dismiss(id), SHOWN_MS)
}

/** Where notices are shown: in the page, and above it in each open dialog, which makes the page deaf. Only the last one speaks. */
let places: string[] = []

export const openPlace = (id: string) => {
  places = [...places, id]
  put(notices)
  return () => {
    places = places.filter((place) => place !== id)
    put(notices)
  }
}

export const noticeStore = {
  subscribe: (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
  get: () => notices,
  place: () => places.at(-1),
}

/** Said aloud, shown nowhere. */
export const announce = (text: string) => {
  const voice = document.querySelector('[data-voice="true"]')
  if (voice) voice.textContent = text
}
