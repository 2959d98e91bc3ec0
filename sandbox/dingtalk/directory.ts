import type { App, SandboxAccount, World } from '../contract.ts'
import { unionIdOf } from './ids.ts'

/** A member of the organisation as the contact APIs tell it. */
export type Member = SandboxAccount & { readonly team: string; readonly role: string }

export type Department = { readonly id: number; readonly name: string; readonly parent: number }

/** The organisation: one root department (id 1) and one department per team. Everybody is inside the app's visible scope. */
export type Directory = {
  readonly members: () => readonly Member[]
  readonly member: (userId: string) => Member | null
  /** The member by userid (`userIdType` 1) or unionid (2). */
  readonly find: (app: App, id: string, userIdType: number) => Member | null
  readonly departments: () => readonly Department[]
  readonly departmentOf: (member: Member) => number
}

const root: Department = { id: 1, name: '滨海化工', parent: 0 }

export const createDirectory = (world: World): Directory => {
  const members = () =>
    world.accountsOf('dingtalk').map((account) => {
      const person = world.people.find((candidate) => candidate.id === account.person)
      return { ...account, team: person?.team ?? '', role: person?.role ?? '' }
    })
  const teams = () => [...new Set(members().map((member) => member.team))].filter((team) => team !== '')
  const member = (userId: string) => members().find((candidate) => candidate.account === userId) ?? null
  return {
    members,
    member,
    find: (app, id, userIdType) => {
      if (userIdType !== 2) return member(id)
      return members().find((candidate) => unionIdOf(app.credentials.corpId ?? '', candidate.account) === id) ?? null
    },
    departments: () => [root, ...teams().map((name, index) => ({ id: 1001 + index, name, parent: root.id }))],
    departmentOf: ({ team }) => {
      const index = teams().indexOf(team)
      return index < 0 ? root.id : 1001 + index
    },
  }
}
