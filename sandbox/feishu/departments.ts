/** contact/v3: the departments of the tenant, one for each team, all directly under the root (open.feishu.cn 通讯录, May 2026). */
import type { SandboxAccount, World } from '../contract.ts'
import { type Answer, asked, type Call, data, paged, type Route } from './call.ts'
import { refuse } from './codes.ts'
import { departmentOf, directoryScopes, root, teamOf, user, visible } from './contacts.ts'
import type { Kernel } from './kernel.ts'
import { departmentIdOf } from './state.ts'

const pages = { size: (): never => refuse(40011), token: (): never => refuse(40012) }

const department = (world: World, team: string, visible: readonly SandboxAccount[]): Readonly<Record<string, unknown>> => ({
  name: team,
  department_id: departmentIdOf(team).slice(3, 19),
  open_department_id: departmentIdOf(team),
  parent_department_id: root,
  member_count: visible.filter((account) => teamOf(world, account) === team).length,
  status: { is_deleted: false },
})

export const departmentRoutes = ({ world }: Kernel): readonly Route[] => {
  const teams = () => [...new Set(visible(world).map((account) => teamOf(world, account)))].filter((team) => team !== '')

  const members = (call: Call): Answer => {
    const department = asked(call, 'department_id') ?? refuse(99992402)
    if (department !== root && !teams().some((team) => departmentIdOf(team) === department)) return refuse(40004)
    const inside = visible(world).filter((account) => departmentOf(world, account) === department)
    return data(
      paged(
        call,
        inside.map((account) => user(world, account)),
        50,
        pages,
      ),
    )
  }

  const children = (call: Call): Answer => {
    const parent = call.params.department_id ?? ''
    if (parent !== root && !teams().some((team) => departmentIdOf(team) === parent)) return refuse(40004)
    const below = parent === root ? teams() : []
    return data(
      paged(
        call,
        below.map((team) => department(world, team, visible(world))),
        50,
        pages,
      ),
    )
  }

  const get = { method: 'GET', counted: false, body: 'none', scopes: directoryScopes } as const
  return [
    { ...get, path: '/open-apis/contact/v3/users/find_by_department', handle: members },
    { ...get, path: '/open-apis/contact/v3/departments/:department_id/children', handle: children },
  ]
}
