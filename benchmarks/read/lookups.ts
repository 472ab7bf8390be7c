import type { Target } from './scenes.ts'

/** What the catalogue's cache has been asked so far; zeros when the API does not tell. */
export const readCacheLookups = async ({ host, port }: Target): Promise<{ hit: number; miss: number }> => {
  const text = await (await fetch(`http://${host}:${port}/metrics`)).text()
  const count = (result: string) =>
    Number(new RegExp(`^marquee_catalogue_cache_lookups\\{result="${result}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0)
  return { hit: count('hit'), miss: count('miss') }
}
