import { api, unwrap } from './api.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Call<T> = (path: string, init: object) => Promise<{ data?: T; error?: unknown; response: Response }>

/** TEMPORARY: routes that the generated contract does not have yet. */
export const ahead = <T>(method: Method, path: string, init: object = {}): Promise<T> =>
  unwrap((api[method] as unknown as Call<T>)(path, init))
