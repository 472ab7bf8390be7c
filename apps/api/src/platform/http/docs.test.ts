import { describe, expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const PAGES = ['/docs', '/redoc', '/openapi.json']

describe('R-254: the documentation of an open house', async () => {
  const { anonymous } = await startTestApp()

  test.each(PAGES)('%s is there for everybody', async (page) => {
    expect(await anonymous.get(page)).toMatchObject({ status: 200 })
  })

  test('describes OpenAPI 3.1, and offers to sign in by token, by password and as a guest', async () => {
    const { body } = await anonymous.get('/openapi.json')
    expect(body.openapi).toBe('3.1.0')
    expect(body.components.securitySchemes).toMatchObject({
      bearer: { type: 'http', scheme: 'bearer' },
      password: { type: 'oauth2', flows: { password: { tokenUrl: '/api/v1/auth/login' } } },
      guest: { in: 'header', name: 'X-Guest-Token' },
    })
  })
})

describe('R-254: the documentation of a house that shows it to staff', async () => {
  const { anonymous, as } = await startTestApp({ config: { DOCS_ACCESS: 'staff' } })

  test.each(PAGES)('%s is there for staff alone', async (page) => {
    expect(await anonymous.get(page)).toMatchObject({ status: 401 })
    expect(await (await as('customer')).get(page)).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } })
    for (const role of ['cashier', 'moderator', 'manager', 'admin'] as const)
      expect(await (await as(role)).get(page)).toMatchObject({ status: 200 })
  })

  test('the API itself is as open as ever', async () => {
    expect(await anonymous.get('/api/v1/genres')).toMatchObject({ status: 200 })
  })
})
