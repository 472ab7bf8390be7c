import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { CheckoutService } from '#modules/checkout/service.ts'
import { userOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { AlarmResolve, PaymentAlarm, PaymentAlarmList, PaymentAlarmQuery } from './alarms.schemas.ts'

const tags = ['admin']

export const alarmsRouter: FastifyPluginAsyncTypebox<{ checkout: CheckoutService }> = async (app, { checkout }) => {
  app.get('', {
    config: { access: 'payments.oversee' },
    schema: {
      tags,
      summary: 'What a person must look at: disputes, refused refunds, books that differ; newest first',
      querystring: PaymentAlarmQuery,
      response: { 200: ref(PaymentAlarmList) },
    },
    handler: (request) => checkout.alarms.list(userOf(request), request.query),
  })

  app.post('/:id/resolve', {
    config: { access: 'payments.oversee' },
    schema: {
      tags,
      summary: 'Say what was found; the alarm is closed',
      params: IdParams,
      body: ref(AlarmResolve),
      response: { 200: ref(PaymentAlarm), ...problems(404) },
    },
    handler: (request) => checkout.alarms.resolve(userOf(request), request.params.id, request.body.reason),
  })
}
