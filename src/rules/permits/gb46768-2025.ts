import { hours, minutes } from '../../lib/clock.ts'
import { besideConfinedSpace, coatingInside } from './gb30871-2022/exclusions.ts'
import { acceptance, askYesNo, by, is, kept, may, must, own, workLeader, yes } from './pack-parts.ts'
import type { GasRules, JobQuestion, RulePack, Test, WorkRules } from './rule-pack.ts'

const deepest = 50
const questions: readonly JobQuestion[] = [
  {
    id: 'direction',
    label: '空间走向',
    kind: 'one',
    choices: [
      { id: 'vertical', label: '竖向（井、池、罐等）', clause: '5.8.6' },
      { id: 'horizontal', label: '横向（管道、隧道、地沟等）', clause: '5.8.6' },
    ],
    clause: '5.8.6',
  },
  { id: 'depth', label: '竖向深度（横向空间填内部高度）', kind: 'number', unit: 'm', range: [0.1, deepest], clause: '5.8.6' },
  askYesNo('contractedOut', '发包给其他单位作业', '5.2.1'),
  askYesNo('mechanicalVentilation', '涂装、防水、防腐、焊接、清淤等，或作业中氧含量可能降低、有害气体可能升高', '6.2.4'),
  askYesNo('sludge', '内有污泥、污水、积水或沉积物', '5.8.4'),
  askYesNo('suddenChange', '作业中气体环境可能突变', '5.12.2'),
  askYesNo('hotInside', '空间内有动火作业', own),
  askYesNo('solvent', '空间内涂刷油漆、涂料，喷漆或可燃溶剂清洗', own),
  askYesNo('dust', '清扫可燃性粉尘', own),
]

const vertical = is('direction', 'vertical')
const horizontal = is('direction', 'horizontal')
const depth = (bounds: Omit<Test, 'fact'>): Test => ({ fact: 'depth', ...bounds })

/**
 * A vertical space has its top and bottom points within 1 m of roof and floor and gaps of at most 8 m between: n points reach 2 + 8 (n - 1) metres. Three are
 * the least from 2 m of depth on, so the first middle point reaches 18 m, and each further one 8 m more.
 */
const middles: GasRules['points'] = Array.from({ length: Math.ceil((deepest - 10) / 8) }, (_, index) => ({
  id: `verticalMiddle${index + 1}`,
  label: `竖向空间中部第 ${index + 1} 点（相邻点间距不超过 8 m）`,
  when: [vertical, index === 0 ? depth({ atLeast: 2 }) : depth({ above: 10 + 8 * index })],
  clause: '5.8.6',
}))

const points: GasRules['points'] = [
  { id: 'entrance', label: '进出口（第一个检测点）', clause: '5.8.6' },
  { id: 'verticalTop', label: '竖向空间上部（距顶部不超过 1 m）', when: [vertical], clause: '5.8.6' },
  ...middles,
  { id: 'verticalBottom', label: '竖向空间下部（距底部不超过 1 m）', when: [vertical], clause: '5.8.6' },
  { id: 'horizontalNear', label: '横向空间近端（距进出口不小于 0.5 m）', when: [horizontal], clause: '5.8.6' },
  { id: 'horizontalFar', label: '横向空间远端（距进出口不小于 2 m）', when: [horizontal], clause: '5.8.6' },
]

const gas: GasRules = {
  limits: [
    { id: 'oxygen', kind: 'oxygen', unit: 'vol%', least: 19.5, most: 23.5, clause: '5.9.1 a' },
    { id: 'combustible', kind: 'combustible', unit: 'LEL%', most: 10, clause: '5.9.1 b' },
    { id: 'toxic', kind: 'toxic', unit: 'mg/m3', clause: '5.9.1 c' },
  ],
  sampleAge: { most: minutes(30), clause: own, isDefault: true },
  retestAfter: { any: { most: 0, clause: '6.2.7' } },
  logEvery: { any: { every: minutes(15), continuous: true, clause: '6.2.3' } },
  daily: null,
  points,
}

/** What the clauses that are known ask before entry; the rest are defaults of the product. */
const measures: WorkRules['measures'] = [
  must('space.isolated', '与空间相连的管道、设备已隔离，电源已断电、上锁、挂牌', own),
  may('space.displaced', '盛装过有毒、可燃物料的已清除、清洗或置换', own),
  may('space.stirred', '检测前已搅动污泥、污水等，使有害气体充分释放', '5.8.4'),
  must('space.sampledOutside', '检测人员在空间外、上风侧，以泵吸方式检测', '5.8.5'),
  must('space.fourGases', '至少检测氧气、可燃气体、硫化氢、一氧化碳', '5.8.2'),
  must('space.passed', '检测合格；初次不合格的已强制通风并重新检测合格', '5.9.2'),
  must('space.ventilated', '作业期间持续通风', '6.2.4'),
  must('space.monitored', '作业者所在区域实时检测，报警、不适、防护装备失效或接到命令立即撤离', '6.2.5'),
  must('space.protected', '作业人员已佩戴个体防护装备；气体环境可能突变时不以过滤式面具代替供气式呼吸防护', '5.12.2'),
  must('space.rescue', '应急救援装备已到位，无防护不得入内施救', own),
  must('space.talk', '内外联络方式已约定并试过，监护人在空间外', own),
  must('space.cordon', '进出口已设警戒和警示标志', own),
  may('space.linked', '其他相关特殊作业已办理相应作业票', own),
  may('space.others', '其他安全措施已落实', own),
]

const startNeeds: WorkRules['startNeeds'] = [
  { id: 'register', text: '进出人员和工器具已登记，完工后清点', clause: own },
  { id: 'mechanicalVentilation', text: '已采取机械通风并持续运行', when: [yes('mechanicalVentilation')], clause: '6.2.4' },
  {
    id: 'notTogether',
    text: '空间内动火与涂刷、清洗等作业已错开，不同时进行',
    when: [yes('hotInside'), yes('solvent')],
    clause: own,
  },
  { id: 'stirred', text: '检测前已搅动沉积物', when: [yes('sludge')], clause: '5.8.4' },
  {
    id: 'suddenChangeKit',
    text: '作业人员使用全身式安全带、安全绳，并佩戴长管或自给正压式呼吸防护装备',
    when: [yes('suddenChange')],
    clause: '5.12.2',
  },
]

const confinedSpace: WorkRules = {
  work: 'confinedSpace',
  name: '有限空间作业',
  form: '有限空间作业审批单（票样自定）',
  questions,
  levels: [
    {
      id: 'only',
      name: '有限空间作业',
      rank: 0,
      validity: { most: hours(8), clause: own, isDefault: true },
      chain: [
        workLeader('5.2.1'),
        { id: 'approver', label: '审批人', ...by.localUnit, kind: 'approve', clause: '5.2.1' },
        {
          id: 'principalApprover',
          label: '发包单位审批人（发包作业）',
          ...by.safetyDepartment,
          kind: 'approve',
          when: [yes('contractedOut')],
          clause: '5.2.1',
        },
        acceptance(own),
      ],
      retention: { ...kept(), clause: own },
      copies: ['作业单位负责人', '所在单位'],
    },
  ],
  criteria: [{ level: 'only', all: [], reason: '有限空间作业不分级，均须审批', clause: '5.2.1' }],
  noTicket: [],
  measures,
  gas,
  weather: [],
  upgrades: [],
  certificates: [
    { id: 'trained', who: 'worker', trades: ['training.confinedSpace'], clause: own },
    { id: 'attendant', who: 'attendant', trades: ['training.attendant'], clause: own },
  ],
  startNeeds,
}

/** Confined spaces everywhere but at hazchem, chemical and pharmaceutical enterprises and on ships (clause 1). */
export const gb46768: RulePack = {
  id: 'GB46768-2025@1',
  standard: 'GB 46768-2025',
  title: '有限空间作业安全技术规范',
  effectiveFrom: '2026-05-01',
  effectiveTo: null,
  source:
    'GB 46768-2025《有限空间作业安全技术规范》，2026-05-01 起实施；取样时限、有效期、监护人证书、留存期限标准未查明，按自定默认值',
  profiles: ['general_industry', 'construction'],
  works: { confinedSpace },
  exclusions: [...coatingInside(own), ...besideConfinedSpace(own)],
}
