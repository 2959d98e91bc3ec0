/** Words of the page that stand in more than one place. */
import type { VendorName } from './api.ts'

export const platformNames: Readonly<Record<VendorName, string>> = { feishu: '飞书', dingtalk: '钉钉', wecom: '企业微信' }
export const vendors = Object.keys(platformNames) as VendorName[]

/** How each platform calls it when it rings somebody. */
export const ringNames: Readonly<Record<VendorName, string>> = { feishu: '加急', dingtalk: 'DING', wecom: '提醒' }

export const faultNames: readonly (readonly [name: string, what: string])[] = [
  ['twice', '重复推送'],
  ['late', '迟到'],
  ['never', '丢失'],
  ['reordered', '乱序'],
  ['e429', '限流 429'],
  ['e500', '平台 500'],
  ['lostAnswer', '执行后丢应答'],
  ['tokenExpired', '令牌过期'],
  ['cut', '长连接断开'],
  ['halfOpen', '长连接假活'],
]

const formats = new Map<string, Intl.DateTimeFormat>()
const format = (zone: string, kind: 'clock' | 'seconds' | 'day'): Intl.DateTimeFormat => {
  const key = `${zone}/${kind}`
  const options: Record<typeof kind, Intl.DateTimeFormatOptions> = {
    clock: { hour: '2-digit', minute: '2-digit' },
    seconds: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
    day: { month: 'long', day: 'numeric', weekday: 'short' },
  }
  const made = formats.get(key) ?? new Intl.DateTimeFormat('zh-CN', { timeZone: zone, hourCycle: 'h23', ...options[kind] })
  formats.set(key, made)
  return made
}

export const clockTime = (at: number, zone: string): string => format(zone, 'clock').format(at)
export const secondsTime = (at: number, zone: string): string => format(zone, 'seconds').format(at)
export const day = (at: number, zone: string): string => format(zone, 'day').format(at)

export const because = (error: unknown): string => (error instanceof Error ? error.message : String(error))
