import type { App } from '../contract.ts'
import { okOld } from './answers.ts'
import type { Api } from './gate.ts'
import type { Pushes } from './pushes.ts'

const mostPerCall = 200

/** Events that failed three times, readable three minutes later ("获取推送失败的事件列表", read 2026-08). Reading removes nothing (unverified). */
export const failedApi = (pushes: Pushes): Api => ({
  method: 'GET',
  path: '/call_back/get_call_back_failed_result',
  family: 'old',
  body: 'none',
  needs: 'token',
  counted: true,
  answer: (_call, app: App) => {
    const failed = pushes.failed(app)
    return okOld({
      has_more: failed.length > mostPerCall,
      failed_list: failed.slice(0, mostPerCall).map(({ type, data, bornAt }) => ({
        call_back_tag: type,
        event_time: bornAt,
        [type]: { corpid: app.credentials.corpId ?? '', ...data },
      })),
    })
  },
})
