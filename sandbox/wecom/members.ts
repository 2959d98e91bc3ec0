/** The corp's address book: members from the plant's people, one department for each team under the root. */
import type { SandboxAccount, World } from '../contract.ts'

export type Department = { readonly id: number; readonly name: string; readonly parentid: number; readonly order: number }
export type Member = { readonly account: SandboxAccount; readonly role: string; readonly department: number }

export type Members = {
  readonly all: () => readonly Member[]
  /** userids are compared without regard to case (page 读取成员). */
  readonly find: (userid: string) => Member | null
  readonly departments: () => readonly Department[]
  /** Members of a department and of everything below it. */
  readonly within: (department: number) => readonly Member[]
}

const root = 1

export const createMembers = (world: World): Members => {
  const person = (account: SandboxAccount) => world.people.find(({ id }) => id === account.person)
  const teams = () => [...new Set(world.accountsOf('wecom').map((account) => person(account)?.team ?? ''))].filter(Boolean)
  const departments = (): readonly Department[] => [
    { id: root, name: world.people[0]?.company ?? '企业', parentid: 0, order: 1 },
    ...teams().map((name, index) => ({ id: index + 2, name, parentid: root, order: index + 1 })),
  ]
  const all = () => {
    const ids = new Map(departments().map(({ name, id }) => [name, id]))
    return world.accountsOf('wecom').map((account): Member => {
      const who = person(account)
      return { account, role: who?.role ?? '', department: ids.get(who?.team ?? '') ?? root }
    })
  }
  return {
    all,
    departments,
    find: (userid) => all().find(({ account }) => account.account.toLowerCase() === userid.toLowerCase()) ?? null,
    within: (department) => all().filter((member) => department === root || member.department === department),
  }
}
