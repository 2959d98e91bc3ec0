import { days } from '../../../lib/clock.ts'
import { acceptance, askYesNo, by, kept, may, must, no, some, workLeader, yes } from '../pack-parts.ts'
import type { ChainNode, JobQuestion, Level, LevelCriterion, Test, WorkRules } from '../rule-pack.ts'
import { attendant, licensed } from './shared.ts'

type Signer = Pick<ChainNode, 'role' | 'scope'>

const unit: ChainNode = { id: 'unit', label: '所在单位', ...by.localUnit, kind: 'review', clause: 'A.4' }
/** Form A.4 in order; the approving department by level (B.1). Where that is the local unit, its approval is its opinion too. */
const chain = (
  opinions: readonly ChainNode[],
  reviewer: Signer,
  approver: Signer & { readonly label: string },
): readonly ChainNode[] => [
  workLeader('A.4'),
  ...opinions,
  { id: 'reviewer', label: '审核部门', ...reviewer, kind: 'review', clause: 'A.4' },
  { id: 'approver', ...approver, kind: 'approve', clause: 'B.1' },
  acceptance('A.4'),
]
const level = (id: string, rank: number, signed: readonly ChainNode[]): Level => ({
  id,
  name: `${'ⅠⅡⅢⅣ'.charAt(rank)}级高处作业`,
  rank,
  validity: { most: days(7), clause: '8.2.11', isDefault: false },
  chain: signed,
  retention: kept(),
  copies: ['作业单位执行人', '所在基层单位'],
})
const byDepartment = chain([unit], by.safetyOfficer, { ...by.department, label: '审批部门（相关专业部门）' })

const choices = (clause: string, rows: Readonly<Record<string, string>>): NonNullable<JobQuestion['choices']> =>
  Object.entries(rows).map(([id, label]) => ({ id, label, clause }))

const questions: WorkRules['questions'] = [
  { id: 'metres', label: '作业高度', kind: 'number', unit: 'm', range: [0.1, 600], clause: '8.1.1' },
  askYesNo('steepSlope', '在坡度大于 45° 的斜坡上作业', 'B.2 注2'),
  {
    id: 'factors',
    label: '直接引起坠落的客观危险因素',
    kind: 'some',
    choices: choices('8.1.2', {
      wind: '阵风风力五级（8.0 m/s）及以上',
      cold: '平均气温不高于 5 ℃ 的作业环境',
      coldWater: '接触冷水温度不高于 12 ℃',
      slippery: '作业场地有冰、雪、霜、油、水等易滑物',
      dark: '作业场所光线不足，能见度差',
      nearLive:
        '距危险电压带电体小于 1.7 m（≤10 kV）、2.0 m（35 kV）、2.5 m（63～110 kV）、4.0 m（220 kV）、5.0 m（330 kV）、6.0 m（500 kV）',
      footing: '摆动，立足处不是平面或只有很小的平面（任一边小于 500 mm 等），难以维持正常姿势',
      gas: '存在有毒气体，或空气中氧含量低于 19.5%',
      disaster: '可能引起各种灾害事故，或抢救突发灾害事故',
    }),
    clause: '8.1.2',
  },
  {
    id: 'places',
    label: '作业部位是否属于以下情形',
    kind: 'some',
    choices: choices('B.2 注2', {
      openings: '升降（吊装）口、坑、井、池、沟、洞等上面或附近',
      hazardous: '易燃、易爆、易中毒、易灼伤的区域，或转动设备附近',
      noPlatform: '无平台、无护栏的塔、釜、炉、罐等设备及架空管道上',
      insideVessel: '塔、釜、炉、罐等设备内',
      vents: '邻近排放有毒、有害气体、粉尘的放空管线、烟囱及设备',
    }),
    clause: 'B.2 注2',
  },
  {
    id: 'conditions',
    label: '作业条件是否属于以下情形',
    kind: 'some',
    choices: choices('B.2 注2', {
      temperature: '高温、低温等异常温度环境',
      snow: '降雪',
      rain: '降雨',
      night: '室外完全采用人工照明的夜间',
      live: '接近或接触带电体',
      noFoothold: '无立足点或无牢靠立足点',
    }),
    clause: 'B.2 注2',
  },
  askYesNo('outdoors', '露天作业', '8.2.6'),
  askYesNo('solvent', '喷漆、刷漆或可燃溶剂清洗', '5.2.9'),
  askYesNo('scaffoldWork', '搭设、拆除脚手架', '8.2.3'),
]

/** From 2 m on work is at height: the bands of 8.1.1 begin there. */
const from2: Test = { fact: 'metres', atLeast: 2 }
const over = (metres: number): Test => ({ fact: 'metres', above: metres })
const anyFactor = some('factors')
const upTo = (most: string): string => `存在 8.1.2 所列客观危险因素，按 B 类分级：作业高度${most}`
const on = (level: string, all: readonly Test[], reason: string, clause: string): LevelCriterion => ({
  level,
  all,
  reason,
  clause,
})

const criteria: readonly LevelCriterion[] = [
  on('IV', [over(30)], '作业高度大于 30 m', '8.1.1'),
  on('IV', [over(15), anyFactor], upTo('大于 15 m'), '8.1.3'),
  on('IV', [from2, some('conditions')], '异常温度、雨雪、夜间、带电体或无牢靠立足点等情形', 'B.2 注2'),
  on(
    'IV',
    [yes('steepSlope'), some('conditions')],
    '斜坡上作业，且属异常温度、雨雪、夜间、带电体或无牢靠立足点等情形',
    'B.2 注2',
  ),
  on('III', [over(15)], '作业高度大于 15 m 至 30 m', '8.1.1'),
  on('III', [over(5), anyFactor], upTo('大于 5 m 至 15 m'), '8.1.3'),
  on('II', [over(5)], '作业高度大于 5 m 至 15 m', '8.1.1'),
  on('II', [from2, anyFactor], upTo(' 2 m 至 5 m'), '8.1.3'),
  on('II', [from2, some('places')], '洞口、危险区域、无护栏设备、设备内或放空管线附近等情形', 'B.2 注2'),
  on('II', [yes('steepSlope'), some('places')], '斜坡上作业，且在洞口、危险区域、设备内或放空管线附近等', 'B.2 注2'),
  on('I', [from2], '作业高度 2 m 至 5 m', '8.1.1'),
  on('I', [yes('steepSlope')], '坡度大于 45° 的斜坡上作业', 'B.2 注2'),
]

/** Form A.4, in the form's order. */
const measures: WorkRules['measures'] = [
  must('height.fit', '作业人员身体条件符合要求', '4.9'),
  must('height.dressed', '作业人员着装符合作业要求', 'A.4'),
  must('height.harness', '佩戴合格的安全帽、安全带；可能散发有毒气体的场所备有正压式空气呼吸器或面具', '8.2.1'),
  must('height.toolBag', '携带工具袋及安全绳', '8.2.7'),
  may('height.scaffold', '现场搭设的脚手架、防护网、围栏符合安全规定', '8.2.3'),
  may('height.layers', '垂直分层作业中间有隔离设施，坠落高度超过 24 m 的设双层防护', '8.2.8'),
  may('height.ladders', '梯子、绳子符合安全规定', '8.2.3'),
  may('height.lightRoof', '轻型棚的承重梁、柱能承受作业过程的最大负荷', '8.2.4'),
  may('height.boards', '在不承重物处搭设的承重板稳定牢固', '8.2.4'),
  may('height.light', '采光、夜间作业照明符合作业要求', 'A.4'),
  may('height.talk', '30 m 以上高处作业已配备通信联络工具', '8.2.1'),
  must('height.cordon', '作业现场四周已设立警戒区', 'A.4'),
  may('height.wind', '露天作业，风力满足作业安全要求', '8.2.6'),
  may('height.linked', '其他相关特殊作业已办理相应安全作业票', '4.6'),
  may('height.others', '其他安全措施已落实', 'A.4'),
]

/** Work at height, chapter 8. What older texts call 特级高处 is level IV here. */
export const height: WorkRules = {
  work: 'height',
  name: '高处作业',
  form: 'A.4 高处安全作业票',
  questions,
  levels: [
    level('I', 0, chain([], by.safetyOfficer, { ...by.localUnit, label: '所在单位、审批部门（所在基层单位）' })),
    level('II', 1, byDepartment),
    level('III', 2, byDepartment),
    level('IV', 3, chain([unit], by.department, { ...by.plantManager, label: '审批人（主管厂长或总工程师）' })),
  ],
  criteria,
  noTicket: [
    {
      level: 'I',
      all: [{ fact: 'metres', below: 2 }, no('steepSlope')],
      reason: '作业高度不足 2 m，不属于高处作业',
      clause: '8.1.1',
    },
  ],
  measures,
  gas: null,
  weather: [
    { id: 'height.wind', kind: 'windForce', atLeast: 5, text: '五级风以上（含五级）不得进行高处作业', clause: '8.2.6' },
    { id: 'height.fog', kind: 'fog', text: '浓雾不得进行高处作业', clause: '8.2.6' },
  ],
  upgrades: [],
  certificates: [
    licensed('install', 'height.install', [no('scaffoldWork')]),
    licensed('scaffold', 'height.scaffold', [yes('scaffoldWork')]),
    attendant,
  ],
  startNeeds: [
    { id: 'reconfirmed', text: '开工前（含中断后再次作业前）已确认环境条件和安全措施', clause: '8.2.11' },
    { id: 'ventsTold', text: '已与属地生产人员取得联系，并配备防护装备', when: [some('places', 'vents')], clause: '8.2.5' },
  ],
}
