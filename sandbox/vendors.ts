/** The three platforms that the sandbox plays. */
import type { VendorFactory, VendorName } from './contract.ts'
import { createDingtalkDouble } from './dingtalk/double.ts'
import { createFeishuDouble } from './feishu/double.ts'
import { createWecomDouble } from './wecom/double.ts'

export type Factories = Readonly<Record<VendorName, VendorFactory>>

export const vendors: Factories = { feishu: createFeishuDouble, dingtalk: createDingtalkDouble, wecom: createWecomDouble }
