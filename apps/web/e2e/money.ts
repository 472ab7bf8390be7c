/** What a sum in hryvnias says: 1 230,50 ₴. */
export const amountIn = (text: string): number =>
  Number(/\d[\d\s]*(,\d+)?(?=\s*₴)/.exec(text)?.[0].replaceAll(/\s/g, '').replace(',', '.'))
