/** One spelling for one name: no stray spaces, no half characters. */
export const cleanName = (name: string): string => name.toWellFormed().trim().replaceAll(/\s+/g, ' ')

/** A pattern for `like` that finds the text anywhere and takes its %, _ and \ for themselves. */
export const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`

/** Addresses are compared and kept in one spelling. */
export const emailAddress = (given: string): string => given.trim().toLowerCase()
