import { expect, test } from 'vitest'

import { pageToReturnTo, readPay } from './pay-address.ts'

const OURS = 'https://cinema.example'

test('whoever was sent here to pay goes back to the page that was named', () => {
  const { return_url } = readPay({ return_url: `${OURS}/account?tab=tickets#first` })
  expect(pageToReturnTo(return_url, OURS)).toBe('/account?tab=tickets#first')
})

test('nobody is led to a page that is not ours', () => {
  for (const named of [
    'https://evil.example/',
    `${OURS}.evil.example/`,
    'https://me@cinema.example/',
    'javascript:alert(1)',
    '//evil.example',
    '/account',
    '',
  ])
    expect(pageToReturnTo(readPay({ return_url: named }).return_url, OURS)).toBeUndefined()
})
