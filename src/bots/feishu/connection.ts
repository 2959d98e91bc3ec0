/**
 * One self-built app of one company on Feishu (飞书) or Lark.
 * `apiBase` is an origin without a trailing slash, e.g. `https://open.feishu.cn`; Lark and private deployments have their own.
 */
export type FeishuConnection = {
  readonly id: string
  readonly platform: 'feishu'
  /** `stream`: a long connection brings the events. `webhook`: the platform calls our address. */
  readonly mode: 'stream' | 'webhook'
  readonly appId: string
  readonly appSecret: string
  /** Mandatory for `webhook`: without it anybody could write the events. */
  readonly encryptKey: string
  /** Mandatory for `webhook`. */
  readonly verificationToken: string
  /** When given, events of any other company are refused. */
  readonly tenantKey?: string
  readonly apiBase: string
}
