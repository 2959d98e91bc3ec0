import type { App } from '../contract.ts'
import { type Answer, okOld, refuseOld } from './answers.ts'
import type { Directory, Member } from './directory.ts'
import type { Api, Call } from './gate.ts'
import { unionIdOf } from './ids.ts'
import { type Fields, textOf } from './wire.ts'

const found = (result: unknown): Answer => okOld({ result, request_id: '' })

const profile = (directory: Directory, app: App, member: Member) => ({
  userid: member.account,
  unionid: unionIdOf(app.credentials.corpId ?? '', member.account),
  name: member.name,
  avatar: '',
  mobile: member.mobile ?? '',
  state_code: '86',
  hide_mobile: false,
  telephone: '',
  job_number: member.employeeNo ?? '',
  title: member.role,
  email: '',
  work_place: '',
  remark: '',
  dept_id_list: [directory.departmentOf(member)],
  leader_in_dept: [{ dept_id: directory.departmentOf(member), leader: false }],
  role_list: [],
  active: true,
  real_authed: true,
  admin: false,
  boss: false,
  senior: false,
  exclusive_account: false,
})

const deptOf = (directory: Directory, fields: Fields) => {
  const id = Number(fields.dept_id ?? 1)
  return directory.departments().find((department) => department.id === id) ?? null
}

const largestPage = 100

/** One page of the direct members of a department; refused when cursor or size are not numbers in range. */
const page = (directory: Directory, fields: Fields, show: (member: Member) => unknown): Answer => {
  const department = deptOf(directory, fields)
  if (!department) return refuseOld(60003)
  const [cursor, size] = [Number(fields.cursor), Number(fields.size)]
  if (!(cursor >= 0 && size >= 1 && size <= largestPage)) return refuseOld(400002)
  const all = directory.members().filter((member) => directory.departmentOf(member) === department.id)
  const next = cursor + size
  const more = next < all.length
  return found({ has_more: more, ...(more ? { next_cursor: next } : {}), list: all.slice(cursor, next).map(show) })
}

const department = (directory: Directory, fields: Fields, show: (id: number) => unknown): Answer => {
  const parent = deptOf(directory, fields)
  return parent ? found(show(parent.id)) : refuseOld(60003)
}

/** The contact APIs ("通讯录管理", read 2026-08). Not counted in the month. */
export const directoryApis = (directory: Directory): readonly Api[] => {
  const api = (path: string, answer: (call: Call, app: App) => Answer): Api => ({
    method: 'POST',
    path,
    family: 'old',
    body: 'json',
    needs: 'token',
    counted: false,
    answer,
  })
  const below = (parent: number) => directory.departments().filter((candidate) => candidate.parent === parent)
  return [
    api('/topapi/v2/user/get', ({ fields }, app) => {
      if (textOf(fields.userid) === '') return refuseOld(33012)
      const member = directory.member(textOf(fields.userid))
      return member ? found(profile(directory, app, member)) : refuseOld(60121)
    }),
    api('/topapi/v2/user/getbymobile', ({ fields }) => {
      const mobile = textOf(fields.mobile)
      const member = mobile === '' ? undefined : directory.members().find((candidate) => candidate.mobile === mobile)
      return member ? found({ userid: member.account }) : refuseOld(40104)
    }),
    api('/topapi/user/getbyunionid', ({ fields }, app) => {
      const member = directory.find(app, textOf(fields.unionid), 2)
      return member ? found({ contact_type: 0, userid: member.account }) : refuseOld(60121)
    }),
    api('/topapi/v2/department/listsub', ({ fields }) =>
      department(directory, fields, (parent) =>
        below(parent).map(({ id, name }) => ({
          dept_id: id,
          name,
          parent_id: parent,
          create_dept_group: false,
          auto_add_user: false,
        })),
      ),
    ),
    api('/topapi/v2/department/listsubid', ({ fields }) =>
      department(directory, fields, (parent) => ({ dept_id_list: below(parent).map(({ id }) => id) })),
    ),
    api('/topapi/user/listid', ({ fields }) =>
      department(directory, fields, (id) => ({
        userid_list: directory.members().flatMap((member) => (directory.departmentOf(member) === id ? [member.account] : [])),
      })),
    ),
    api('/topapi/user/listsimple', ({ fields }) => page(directory, fields, ({ account, name }) => ({ userid: account, name }))),
    api('/topapi/v2/user/list', ({ fields }, app) => page(directory, fields, (member) => profile(directory, app, member))),
  ]
}
