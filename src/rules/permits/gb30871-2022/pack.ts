import type { RulePack } from '../rule-pack.ts'
import { blindPlate } from './blind-plate.ts'
import { confinedSpace } from './confined-space.ts'
import { excavation } from './excavation.ts'
import { exclusions, outsideSpaces } from './exclusions.ts'
import { height } from './height.ts'
import { hot } from './hot.ts'
import { lifting } from './lifting.ts'
import { roadClosure } from './road-closure.ts'
import { temporaryPower } from './temporary-power.ts'

const shared = {
  standard: 'GB 30871-2022',
  effectiveFrom: '2022-10-01',
  effectiveTo: null,
} as const

const otherWorks = {
  hot,
  blindPlate,
  height,
  lifting,
  temporaryPower,
  excavation,
  roadClosure,
} as const satisfies RulePack['works']

/** Production and trading of hazardous chemicals, chemical and pharmaceutical enterprises (clause 1). */
export const gb30871: RulePack = {
  ...shared,
  id: 'GB30871-2022@1',
  title: '危险化学品企业特殊作业安全规范',
  source:
    'GB 30871-2022《危险化学品企业特殊作业安全规范》，2022-10-01 起实施；附录 A、附录 B 为资料性附录，据其设的签字、会签、作业票和留存为锁定的默认值',
  profiles: ['hazchem'],
  works: { ...otherWorks, confinedSpace },
  exclusions,
}

/** Others usually adopt it, but for confined spaces, which GB 46768-2025 rules there. */
export const gb30871Adopted: RulePack = {
  ...shared,
  id: 'GB30871-2022-adopted@1',
  title: '危险化学品企业特殊作业安全规范（其他企业参照执行，不含受限空间）',
  source: 'GB 30871-2022 适用范围以外的企业自愿参照执行；受限（有限）空间作业不在其内，执行 GB 46768-2025',
  profiles: ['general_industry', 'construction'],
  works: otherWorks,
  exclusions: outsideSpaces,
}
