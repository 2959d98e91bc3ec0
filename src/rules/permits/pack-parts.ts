import { days, type Millis } from '../../lib/clock.ts'
import type { ChainNode, Clause, JobQuestion, Level, MeasureLine, Test } from './rule-pack.ts'

/** Marks what no clause backs: a default of the product, which a site may tighten. */
export const own: Clause = '自定'

export const yes = (fact: string): Test => ({ fact, is: true })
export const no = (fact: string): Test => ({ fact, is: false })
export const is = (fact: string, choice: string): Test => ({ fact, is: choice })
/** Any of these choices, or any at all where none is named. */
export const some = (fact: string, ...choices: readonly string[]): Test => ({ fact, anyOf: choices })

export const askYesNo = (id: string, label: string, clause: Clause): JobQuestion => ({ id, label, kind: 'yesNo', clause })

/** A line that always applies: answering 不涉及 is refused. */
export const must = (id: string, text: string, clause: Clause): MeasureLine => ({ id, text, optional: false, clause })
/** A line that may be answered 不涉及. */
export const may = (id: string, text: string, clause: Clause): MeasureLine => ({ id, text, optional: true, clause })

/** A ticket is kept three years, longer than the standard's one (B.3); video of the work 90 days where nothing asks for more. */
export const ticketKept: Millis = days(3 * 365 + 1)
export const kept = (video: Millis = days(90)): Level['retention'] => ({ ticket: ticketKept, video, clause: 'B.3' })

type Signer = Pick<ChainNode, 'role' | 'scope'>

/** Who signs for whom the standard names. What a plant calls these people is its own; a site gives the roles in its organisation file. */
export const by = {
  applicant: { role: 'applicant', scope: 'permit' },
  workLeader: { role: 'workLeader', scope: 'permit' },
  /** 当班班长: the team lead of the area's team. */
  shiftLeader: { role: 'teamLead', scope: 'area' },
  /** 所在基层单位. */
  localUnit: { role: 'areaOwner', scope: 'area' },
  /** 审核部门, and the safety department's opinion. */
  safetyOfficer: { role: 'safetyOfficer', scope: 'site' },
  /** 安全管理部门, as approver. */
  safetyDepartment: { role: 'safetyDirector', scope: 'site' },
  /** 相关专业部门. */
  department: { role: 'deptHead', scope: 'site' },
  /** 主管领导. */
  executive: { role: 'productionDirector', scope: 'site' },
  /** 主管厂长或总工程师. */
  plantManager: { role: 'principal', scope: 'site' },
  /** 配送电单位. */
  powerUnit: { role: 'powerUnit', scope: 'site' },
} as const satisfies Readonly<Record<string, Signer>>

/** Who begins every form: the work leader, under the form's own word for that person. */
export const workLeader = (clause: Clause, label = '作业负责人'): ChainNode => ({
  id: 'workLeader',
  label,
  ...by.workLeader,
  kind: 'confirm',
  clause,
})

/** Who ends every form: the unit where the work was. */
export const acceptance = (clause: Clause): ChainNode => ({
  id: 'acceptance',
  label: '完工验收人',
  ...by.localUnit,
  kind: 'acceptance',
  clause,
})
