import { permissions, type Permission, type Role } from '#platform/http/access.ts'
import type { OpenapiDocument, Operation } from './document.ts'
import { hostileBodies, hostileText, hostileTypes, hostileValue } from './hostile.ts'
import type { Random } from './random.ts'
import { createRecipes, type Recipe } from './recipes.ts'
import { createValues } from './values.ts'
import type { World } from './world.ts'

type Json = Record<string, unknown>
export type Wire = {
  as: string
  path: string
  query: string
  headers: Record<string, string>
  payload: string | Buffer | undefined
}
export const EVERYBODY = ['anonymous', 'guest', 'customer', 'cashier', 'moderator', 'manager', 'admin']

/** The people whom an access lets in. */
export const whoMay = (access: string): string[] => {
  if (access in permissions) return [...(permissions[access as Permission] as readonly Role[])]
  if (access === 'user') return EVERYBODY.filter((name) => !['anonymous', 'guest'].includes(name))
  if (access === 'buyer' || access === 'holder') return EVERYBODY.filter((name) => name !== 'anonymous')
  return EVERYBODY
}

const toQuery = (query: Json) => {
  const pairs = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}
const encode = (text: string) => {
  try {
    return encodeURIComponent(text)
  } catch {
    return '%ED%A0%80'
  }
}

/** The kind of thing the address names: what stands before the parameter. */
export const kindAt = (path: string, name: string) => {
  const before = path.split(`/{${name}}`)[0]?.split('/').at(-1) ?? ''
  return before === 'events' ? 'sessions' : before
}

/** Requests to operations: such that fit, such that nearly fit, and such that are meant badly. */
export const createRequests = (world: World, document: OpenapiDocument, random: Random) => {
  const values = createValues(document, random)
  const recipes: Record<string, () => Promise<Recipe>> = createRecipes(world)

  type Fitting = Wire & { body: unknown; params: Json; queryFields: Json }
  /** Where a list that was asked for goes on: the same question, and the cursor of its answer. */
  const continuations = new Map<string, Fitting>()

  const noteCursor = (operation: Operation, wire: Wire | Fitting, next_cursor: unknown) => {
    if (typeof next_cursor !== 'string' || !('queryFields' in wire) || wire.query !== toQuery(wire.queryFields)) return
    const { page: _, skip: __, ...rest } = wire.queryFields
    const queryFields: Json = { ...rest, cursor: next_cursor }
    continuations.set(operation.key, { ...wire, queryFields, query: toQuery(queryFields) })
  }

  const fitting = async (operation: Operation): Promise<Fitting> => {
    const more = continuations.get(operation.key)
    continuations.delete(operation.key)
    if (more) return more
    const recipe = (await recipes[operation.key]?.()) ?? {}
    const inPath = operation.parameters.filter((parameter) => parameter.in === 'path')
    const inQuery = operation.parameters.filter((parameter) => parameter.in === 'query')
    const params: Json = { ...recipe.params }
    for (const { name, schema } of inPath)
      params[name] ??= world.known.any(kindAt(operation.path, name)) ?? world.fill(name)?.value ?? values.fitting(schema)
    const queryFields: Json = recipe.query ?? {}
    if (!recipe.query)
      for (const { name, schema } of inQuery)
        if (name !== 'cursor' && random.chance(0.15)) queryFields[name] = world.fill(name)?.value ?? values.fitting(schema)
    if ('page' in queryFields || 'size' in queryFields) {
      delete queryFields['skip']
      delete queryFields['limit']
    }
    const body = recipe.body ?? (operation.body && values.object(operation.body, world.fill, 0.2))
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encode(String(params[name])))
    return {
      as: recipe.as ?? random.pick(whoMay(operation.access)),
      path,
      query: toQuery(queryFields),
      headers: recipe.headers ?? {},
      payload: body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      body,
      params,
      queryFields,
    }
  }

  const ask = async (operation: Operation, wire: Wire) => {
    const { as, path, query, headers, payload } = wire
    const reply = await world.app.server.inject({
      method: operation.method as 'GET',
      url: `${path}${query}`,
      headers: { ...world.person(as).headers, ...(payload !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(payload !== undefined && { payload }),
    })
    const type = reply.headers['content-type'] ?? ''
    const body = /json/.test(type) && reply.body ? JSON.parse(reply.body) : reply.body
    noteCursor(operation, wire, body?.next_cursor)
    return { status: reply.statusCode, type, body }
  }

  const nearly = async (operation: Operation): Promise<Wire> => {
    const wire = await fitting(operation)
    const others = EVERYBODY.filter((name) => name !== wire.as)
    return random.pick([
      () => ({ ...wire, as: random.pick(others) }),
      () => ({ ...wire, query: `${wire.query}${wire.query ? '&' : '?'}unknown=1` }),
      () =>
        typeof wire.body === 'object' && wire.body !== null
          ? { ...wire, payload: JSON.stringify(values.breakOne(wire.body as Json)) }
          : { ...wire, payload: '{"unknown":1}' },
      () => ({ ...wire, path: wire.path.replace(/\/\d+/, '/999999999') }),
    ])()
  }

  const spoilQuery = (operation: Operation, wire: Wire) => {
    const names = operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)
    const name = names.length > 0 ? random.pick(names) : 'q'
    return { ...wire, query: `?${name}=${encode(hostileText(random))}${random.chance(0.3) ? `&${name}=2&${name}[x]=3` : ''}` }
  }

  const spoilBody = (wire: Wire & { body: unknown }) => {
    if (typeof wire.body !== 'object' || wire.body === null || random.chance(0.3))
      return { ...wire, payload: random.pick(hostileBodies) }
    const body = { ...(wire.body as Json) }
    for (const name of Object.keys(body)) if (random.chance(0.5)) body[name] = hostileValue(random)
    return { ...wire, payload: JSON.stringify(body) }
  }

  const hostile = async (operation: Operation): Promise<Wire> => {
    const wire = await fitting(operation)
    return random.pick([
      () => spoilQuery(operation, wire),
      () => spoilBody(wire),
      () => spoilBody(wire),
      () => ({ ...wire, path: wire.path.replace(/\/\d+/, () => `/${encode(hostileText(random))}`) }),
      () => ({ ...wire, headers: { ...wire.headers, 'content-type': random.pick(hostileTypes) } }),
      () => ({
        ...wire,
        headers: {
          ...wire.headers,
          'idempotency-key': 'k'.repeat(random.pick([1, 255, 256, 4_000])),
          'if-match': '"x"',
          range: 'bytes=1-',
        },
      }),
      () => ({ ...wire, headers: { ...wire.headers, authorization: `Bearer ${random.pick(['', 'a.b.c', 'x'.repeat(3_000)])}` } }),
    ])()
  }

  return { ask, fitting, nearly, hostile }
}
