const MOST_COMMON = 10_000

let known: Promise<ReadonlySet<string>> | undefined

const read = async (): Promise<ReadonlySet<string>> => {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'].slice(0, MOST_COMMON))
}

/** Whether this is one of the 10,000 passwords that people choose most, in any case. The list is read when it is first asked. */
export const isCommon = async (password: string): Promise<boolean> => {
  known ??= read()
  return (await known).has(password.toLowerCase())
}
