import type { Actor, Plant, PlantPerson } from '../../src/workflows/workflow.ts'

/** Id, team, company, roles as `role@scope`; the site is SH01. One person or more for each column of the matrix, and the parties of its cases. */
const people: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['welder', 'mech', '滨海化工', []],
  ['lead', 'mech', '滨海化工', ['teamLead@mech']],
  ['fitter', 'prod', '滨海化工', []],
  ['prodLead', 'prod', '滨海化工', ['teamLead@prod']],
  ['areaOwner', 'prod', '滨海化工', []],
  ['worker', 'yard', '滨海化工', []],
  ['yardLead', 'yard', '滨海化工', ['teamLead@yard']],
  ['mason', 'huajian', '华建', []],
  ['foreman', 'huajian', '华建', ['teamLead@huajian']],
  ['head', 'equipment', '滨海化工', ['deptHead@SH01']],
  ['director', 'board', '滨海化工', ['productionDirector@SH01']],
  ['safetyDirector', 'ehs', '滨海化工', ['safetyDirector@SH01']],
  ['officerA', 'ehs', '滨海化工', ['safetyOfficer@SH01']],
  ['officerB', 'power', '滨海化工', ['safetyOfficer@SH01']],
  ['officerC', 'lab', '滨海化工', ['safetyOfficer@SH01']],
  ['principal', 'office', '滨海化工', ['principal@SH01']],
  ['hr', 'hr', '滨海化工', ['hrManager@SH01']],
  ['auditor', 'audit', '滨海化工', ['auditor@SH01']],
  ['guard', 'watch', '滨海化工', []],
  ['hand', 'watch', '滨海化工', []],
  ['admin', 'it', '滨海化工', ['administrator@SH01']],
]

/** The plant of the matrix; `also` gives roles besides, as `[person, role@scope]`. */
export const matrixPlant = (also: readonly (readonly [string, string])[] = []): Plant => {
  const persons = new Map<string, PlantPerson>(
    people.map(([id, team, company]) => [id, { id, name: `名${id}`, team, company, active: true }]),
  )
  const held = [...people.flatMap(([id, , , roles]) => roles.map((role) => [id, role] as const)), ...also]
  return {
    site: 'SH01',
    name: '滨海化工上海厂',
    timeZone: 'Asia/Shanghai',
    persons,
    areas: [
      { id: 'pump-3', name: '3号泵房', aliases: ['泵房'], owner: 'areaOwner', team: 'prod' },
      { id: 'yard', name: '厂区道路', aliases: [], owner: null, team: 'yard' },
    ],
    holders: (role, scope) =>
      held
        .filter(([, name]) => name === `${role}@${scope}`)
        .map(([id]) => id)
        .sort(),
    reachable: (id) => persons.has(id),
    membersOf: (team) => people.filter(([, of]) => of === team).map(([id]) => id),
    personOf: () => null,
    findPerson: (by) => ('employeeNo' in by && by.employeeNo === 'E1' ? ['welder'] : []),
  }
}

export const accountOf = (id: string) => ({ connection: 'c1', account: `acc-${id}` })
export const personOf = (id: string): Actor => ({
  kind: 'person',
  person: id,
  name: `名${id}`,
  account: accountOf(id),
  conversation: 'direct',
})
export const strangerOf = (id: string): Actor => ({
  kind: 'stranger',
  name: `号${id}`,
  account: accountOf(id),
  conversation: 'direct',
})
