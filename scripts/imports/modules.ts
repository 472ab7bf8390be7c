/** Each module may use what stands to its left or on an earlier line. */
const LINES = [
  ['users', 'auth', 'staff', 'guests', 'media', 'notifications'],
  ['people', 'genres', 'certifications', 'movies', 'cinemas', 'halls'],
  ['pricing', 'sessions'],
  ['promotions', 'loyalty', 'payments'],
  ['seats', 'orders', 'tickets', 'library', 'cart'],
  ['checkout', 'events', 'receipts'],
  ['reviews', 'comments', 'favorites'],
] as const

/** Readers look at everything before them; nothing looks at them. `privacy` erases as well what it reads. */
const READERS = [
  'search',
  'recommendations',
  'statistics',
  'reports',
  'sales',
  'audit',
  'papers',
  'pages',
  'privacy',
  'invariants',
] as const

const order: string[] = LINES.flat()

const mayUse = (module: string): string[] => {
  if (module === 'health') return []
  // A payment knows an amount and a reference, never what was bought.
  if (module === 'payments') return [...LINES[0]]
  const place = order.indexOf(module)
  return place < 0 ? order : order.slice(0, place)
}

export const readers: string[] = [...READERS]
export const allowed = new Map([...order, ...READERS, 'health'].map((module) => [module, mayUse(module)]))
