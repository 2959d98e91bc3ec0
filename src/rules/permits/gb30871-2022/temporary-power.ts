import { days, hours } from '../../../lib/clock.ts'
import { acceptance, askYesNo, by, is, kept, may, must, no, own, some, workLeader, yes } from '../pack-parts.ts'
import type { ChainNode, Level, Test, WorkRules } from '../rule-pack.ts'
import { attendant, combustible, halfHour, licensed, oneHour } from './shared.ts'

/** Form A.6 in order; the distribution unit both countersigns and approves (B.1). */
const chain: readonly ChainNode[] = [
  workLeader('A.6'),
  { id: 'unit', label: '用电单位', ...by.localUnit, kind: 'review', clause: 'A.6' },
  { id: 'approver', label: '配送电单位（会签并审批）', ...by.powerUnit, kind: 'approve', clause: 'B.1' },
  acceptance('A.6'),
]
const level = (id: string, name: string, rank: number, validity: Level['validity']): Level => ({
  id,
  name,
  rank,
  validity,
  chain,
  retention: kept(),
  copies: ['作业期间由作业单位持有，完工后交配送电执行人注销', '电气管理部门'],
})
/** 10.8: power for such work lasts as long as that work, whose longest permit is the most it can be. */
const accompanying = (most: number): Level['validity'] => ({ most, clause: '10.8', isDefault: false })

const questions: WorkRules['questions'] = [
  { id: 'volts', label: '电压', kind: 'number', unit: 'V', range: [1, 35_000], clause: '10.5' },
  askYesNo('direct', '直流电', own),
  askYesNo('riskArea', '在运行的火灾爆炸危险性装置、罐区或火灾爆炸危险场所内接电', '10.1'),
  {
    id: 'forWork',
    label: '用电用于',
    kind: 'one',
    choices: [
      { id: 'hot', label: '动火作业', clause: '10.8' },
      { id: 'confinedSpace', label: '受限空间作业', clause: '10.8' },
      { id: 'other', label: '其他作业', clause: '10.8' },
    ],
    clause: '10.8',
  },
]

/** Form A.6, in the form's order. */
const measures: WorkRules['measures'] = [
  must('power.electrician', '接、拆线作业人员持有有效的电工操作证', '4.9'),
  may('power.explosionGrade', '防爆场所使用的临时电源、元器件和线路达到相应防爆等级', '10.6'),
  must('power.upstreamLocked', '上级开关已断电、加锁，并挂安全警示标牌', '10.3'),
  may('power.tnS', '单相和混用线路按 TN-S 三相五线制方式接线', 'A.6'),
  may('power.overheadHeight', '架空线最大弧垂距地：作业现场不低于 2.5 m，穿越机动车道不低于 5 m', '10.6'),
  may('power.groundRouting', '沿墙面或地面敷设的线路已防机械损伤，穿越道路已加保护，附近已防火花损伤', '10.6'),
  may('power.noBareWire', '架空进线未采用裸线，导线绝缘耐压不低于 500 V', '10.6 b'),
  may('power.buried', '暗管、地下电缆已设走向和安全标志桩，埋深不小于 0.7 m，穿越道路加套管', '10.6 f'),
  must('power.boxes', '配电盘、箱有防雨措施并可靠接地', '10.6'),
  must('power.rcd', '已装漏电保护器，移动、手持工具一机一闸一保护', '10.6'),
  must('power.load', '用电设备、线路容量、负荷符合要求', '10.5'),
  may('power.linked', '其他相关特殊作业已办理相应安全作业票', '4.6'),
  may('power.gas', '作业场所已进行气体检测且符合作业安全要求', '10.1'),
  may('power.others', '其他安全措施已落实', 'A.6'),
]

/** Low voltage reaches to 1 kV of alternating and to 1.5 kV of direct current. */
const volts = (bounds: Omit<Test, 'fact'>): Test => ({ fact: 'volts', ...bounds })

/** Temporary power, chapter 10. */
export const temporaryPower: WorkRules = {
  work: 'temporaryPower',
  name: '临时用电作业',
  form: 'A.6 临时用电安全作业票',
  questions,
  levels: [
    level('only', '临时用电', 0, { normal: days(15), most: days(30), clause: '10.8', isDefault: false }),
    level('withHot', '临时用电（用于动火作业）', 1, accompanying(hours(72))),
    level('withConfinedSpace', '临时用电（用于受限空间作业）', 2, accompanying(hours(24))),
  ],
  criteria: [
    {
      level: 'withConfinedSpace',
      all: [is('forWork', 'confinedSpace')],
      reason: '用于受限空间作业，时间与该作业一致',
      clause: '10.8',
    },
    { level: 'withHot', all: [is('forWork', 'hot')], reason: '用于动火作业，时间与该作业一致', clause: '10.8' },
    { level: 'only', all: [is('forWork', 'other')], reason: '临时用电不分级', clause: 'B.1' },
  ],
  noTicket: [],
  measures,
  gas: {
    when: [yes('riskArea')],
    limits: combustible('10.1'),
    sampleAge: { most: halfHour, clause: own, isDefault: true },
    retestAfter: { any: { most: oneHour, clause: own } },
    logEvery: {},
    daily: null,
    points: [{ id: 'around', label: '接电点周围环境', clause: '10.1' }],
  },
  weather: [],
  upgrades: [],
  certificates: [
    licensed('low', 'electric.low', [volts({ atMost: 1000 })]),
    licensed('lowDirect', 'electric.low', [volts({ above: 1000, atMost: 1500 }), yes('direct')]),
    licensed('high', 'electric.high', [volts({ above: 1000 }), no('direct')]),
    licensed('highDirect', 'electric.high', [volts({ above: 1500 }), yes('direct')]),
    licensed('explosionProof', 'electric.explosionProof', [yes('riskArea')]),
    attendant,
  ],
  startNeeds: [
    { id: 'trulyNeeded', text: '火灾爆炸危险场所内确需接临时电源，并有说明', when: [yes('riskArea')], clause: '10.1' },
    { id: 'noOwnSource', text: '移动电源、外部自备电源未接入电网；未转供电、未增加负荷、未变更地点和用途', clause: '10.7' },
    {
      id: 'sameTime',
      text: '临时用电时间与所服务的动火、受限空间作业时间一致',
      when: [some('forWork', 'hot', 'confinedSpace')],
      clause: '10.8',
    },
  ],
}
