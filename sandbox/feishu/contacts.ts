/** contact/v3: the people of the tenant, made from the plant's (open.feishu.cn 通讯录, May 2026). */
import { z } from 'zod'
import type { SandboxAccount, SandboxPerson, World } from '../contract.ts'
import { type Answer, asked, type Call, data, type Route, read } from './call.ts'
import { refuse } from './codes.ts'
import type { Kernel } from './kernel.ts'
import { departmentIdOf, unionIdOf } from './state.ts'
import { choice, standing } from './switches.ts'
import { findAccount, idOf } from './targets.ts'

/** The department above all others. */
export const root = '0'
export const directoryScopes = ['contact:contact.base:readonly', 'contact:user.base:readonly', 'contact:contact:readonly_as_app']
const idType = z.enum(['open_id', 'union_id', 'user_id'])

const personOf = (world: World, { account }: SandboxAccount): SandboxPerson | undefined =>
  world.people.find((person) => person.accounts.some((each) => each.platform === 'feishu' && each.account === account))

export const teamOf = (world: World, account: SandboxAccount): string => personOf(world, account)?.team ?? ''
export const departmentOf = (world: World, account: SandboxAccount): string => {
  const team = teamOf(world, account)
  return team === '' ? root : departmentIdOf(team)
}

/** The shape of a withheld `user_id` is not documented. */
export const withheldUserId = (world: World): Readonly<Record<string, unknown>> =>
  ({ empty: { user_id: '' }, null: { user_id: null }, missing: {} })[choice(world, 'userId')]

const status = (world: World, account: string) => ({
  is_frozen: false,
  is_resigned: standing(world, account) === 'resigned',
  is_activated: true,
  is_exited: false,
  is_unjoin: false,
})

export const user = (world: World, account: SandboxAccount): Readonly<Record<string, unknown>> => ({
  union_id: unionIdOf(account.account),
  open_id: account.account,
  ...withheldUserId(world),
  name: account.name,
  ...(account.mobile === null ? {} : { mobile: `+86${account.mobile}`, mobile_visible: true }),
  ...(account.employeeNo === null ? {} : { employee_no: account.employeeNo }),
  job_title: personOf(world, account)?.role ?? '',
  department_ids: [departmentOf(world, account)],
  status: status(world, account.account),
})

/** People inside the app's range. */
export const visible = (world: World): readonly SandboxAccount[] =>
  world.accountsOf('feishu').filter(({ account }) => !['resigned', 'invisible'].includes(standing(world, account)))

const mobileOf = (text: string): string => text.replace(/^\+86/, '')

const batch = z.object({
  emails: z.array(z.string()).max(50).default([]),
  mobiles: z.array(z.string()).max(50).default([]),
  include_resigned: z.boolean().default(false),
})

export const userRoutes = ({ world }: Kernel): readonly Route[] => {
  const everyone = () => world.accountsOf('feishu')

  const getOne = (call: Call): Answer => {
    const type = read(idType, asked(call, 'user_id_type') ?? 'open_id')
    const found = findAccount(world, type, call.params.user_id ?? '')
    if (!found) return refuse(type === 'open_id' ? 99992351 : type === 'union_id' ? 99992364 : 99992360)
    return standing(world, found.account) === 'invisible' ? refuse(41050) : data({ user: user(world, found) })
  }

  /** People outside the app's range are silently left out. */
  const getMany = (call: Call): Answer => {
    const type = read(idType, asked(call, 'user_id_type') ?? 'open_id')
    const ids = read(z.array(z.string()).min(1).max(50), call.query.getAll('user_ids'))
    return data({
      items: visible(world)
        .filter(({ account }) => ids.includes(idOf(type, account)))
        .map((account) => user(world, account)),
    })
  }

  const byMobile = (call: Call): Answer => {
    const type = read(idType, asked(call, 'user_id_type') ?? 'open_id')
    const { emails, mobiles, include_resigned } = read(batch, call.json)
    const found = mobiles.map((mobile) => {
      const match = everyone().find(
        (account) => account.mobile === mobileOf(mobile) && standing(world, account.account) !== 'invisible',
      )
      if (!match || (standing(world, match.account) === 'resigned' && !include_resigned)) return { mobile }
      return { user_id: idOf(type, match.account), mobile, status: status(world, match.account) }
    })
    return data({ user_list: [...found, ...emails.map((email) => ({ email }))] })
  }

  const get = { method: 'GET', counted: false, body: 'none' } as const
  return [
    { ...get, path: '/open-apis/contact/v3/users/batch', scopes: directoryScopes, handle: getMany },
    { ...get, path: '/open-apis/contact/v3/users/:user_id', scopes: directoryScopes, handle: getOne },
    {
      method: 'POST',
      path: '/open-apis/contact/v3/users/batch_get_id',
      scopes: ['contact:user.id:readonly'],
      counted: false,
      body: 'json',
      handle: byMobile,
    },
  ]
}

/** The three ids of a person as events carry them. */
export const idsOf = (world: World, account: string): Readonly<Record<string, unknown>> => ({
  union_id: unionIdOf(account),
  ...withheldUserId(world),
  open_id: account,
})
