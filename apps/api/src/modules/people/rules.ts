/** One spelling for one person: no stray spaces, no half characters. */
export const cleanName = (name: string): string => name.toWellFormed().trim().replaceAll(/\s+/g, ' ')

/** A pattern that finds the text anywhere and takes its %, _ and \ for themselves. */
export const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
