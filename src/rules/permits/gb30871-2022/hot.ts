import { days, hours } from '../../../lib/clock.ts'
import { acceptance, askYesNo, by, is, kept, may, must, no, some, workLeader, yes } from '../pack-parts.ts'
import type { ChainNode, Level, WorkRules } from '../rule-pack.ts'
import { attendant, combustible, halfHour, largePoints, licensed, oneHour } from './shared.ts'

type Signer = Pick<ChainNode, 'role' | 'scope'>

const unit: ChainNode = { id: 'unit', label: '所在单位', ...by.localUnit, kind: 'review', clause: 'A.1' }
/** Form A.1 in order. B.1 names the approver by level; where that is the local unit, its approval is its opinion too, because nobody reviews for themselves. */
const chain = (
  opinions: readonly ChainNode[],
  safety: Signer,
  approver: Signer & { readonly label: string },
): readonly ChainNode[] => [
  workLeader('A.1'),
  ...opinions,
  { id: 'safety', label: '安全管理部门', ...safety, kind: 'review', clause: 'A.1' },
  { id: 'approver', ...approver, kind: 'approve', clause: 'B.1' },
  { id: 'shiftLeader', label: '动火前岗位当班班长验票', ...by.shiftLeader, kind: 'beforeStart', clause: 'A.1' },
  acceptance('A.1'),
]

const archived = ['作业单位（动火人）', '安全管理部门'] as const
const levels: readonly Level[] = [
  {
    id: 'two',
    name: '二级动火',
    rank: 0,
    validity: { most: hours(72), clause: '5.1.5', isDefault: false },
    chain: chain([], by.safetyOfficer, { ...by.localUnit, label: '所在单位、动火审批人（所在基层单位）' }),
    retention: kept(),
    copies: ['作业单位（动火人）', '所在基层单位'],
  },
  {
    id: 'one',
    name: '一级动火',
    rank: 1,
    validity: { most: hours(8), clause: '5.1.5', isDefault: false },
    chain: chain([unit], by.safetyOfficer, { ...by.safetyDepartment, label: '动火审批人（安全管理部门）' }),
    retention: kept(),
    copies: archived,
  },
  {
    id: 'special',
    name: '特级动火',
    rank: 2,
    validity: { most: hours(8), clause: '5.1.5', isDefault: false },
    chain: chain([unit], by.safetyDepartment, { ...by.executive, label: '动火审批人（主管领导）' }),
    retention: kept(days(365)),
    copies: archived,
  },
]

const questions: WorkRules['questions'] = [
  askYesNo('welding', '焊接或热切割（电焊、气焊、气割等）', '4.9'),
  askYesNo('riskPlace', '动火点在火灾爆炸危险场所内', '5.1.3'),
  askYesNo('runningPlant', '在火灾爆炸危险场所内运行状态下的装置设备、管道、储罐、容器等部位上动火', '5.1.2'),
  askYesNo('pressureTap', '带压不置换动火（含带压开孔）', '5.1.2'),
  askYesNo('majorHazardDike', '在存有易燃易爆介质的重大危险源罐区防火堤内动火', '5.1.2'),
  askYesNo('tankFarmDike', '在油气罐区防火堤内动火', '5.2.8'),
  askYesNo('pipeRack', '在管廊上动火', '5.1.3'),
  askYesNo('isolatedAndAgreed', '装置已全部停车，清洗、置换、分析合格并已隔离，且生产或安全负责人同意按二级管理', '5.1.4'),
  {
    id: 'where',
    label: '动火部位',
    kind: 'one',
    choices: [
      { id: 'inside', label: '设备、容器、管道内部', clause: '5.3.1 a' },
      { id: 'outerWall', label: '管道、储罐、塔器等设备外壁', clause: '5.3.1 b' },
      { id: 'open', label: '设备及管道以外的场地', clause: '5.3.1 b' },
    ],
    clause: '5.3.1 b',
  },
  askYesNo('bigVessel', '动火的设备、容器较大，须分上中下（左中右）取样', '5.3.1 a'),
  askYesNo('outdoors', '露天动火', '5.2.15'),
  askYesNo('unavoidable', '遇五级风以上时因生产确需露天动火，不能推迟', '5.2.15'),
  askYesNo('oxygenEquipment', '在生产、使用、储存氧气的设备上动火', '5.2.7'),
  askYesNo('gasMayBeReleased', '作业过程中可能释放易燃易爆或有毒有害物质', '5.2.6'),
  askYesNo('leakProneWithin15m', '动火点周围 15 m 内有可能泄漏易燃、可燃物料的设备设施', '5.2.4'),
  askYesNo('dustPlace', '动火点在可燃性粉尘环境内', '5.2.16'),
]

/** Form A.1, in the form's order. */
const measures: WorkRules['measures'] = [
  may('hot.cleaned', '动火设备内部构件已清洗干净，蒸汽吹扫或水洗、置换合格，达到动火条件', '5.2.2'),
  {
    ...may('hot.blinded', '与动火设备相连的所有管线已断开并加盲板，未以水封或仅关闭阀门代替盲板', '5.2.2'),
    asks: { label: '盲板数量', unit: '块' },
  },
  may('hot.drainsCovered', '动火点周围及附近的孔洞、窨井、地沟、水封设施、污水井等已清除易燃物，并已覆盖、铺沙隔离', '5.2.4'),
  may('hot.noDrawOff', '同一防火堤内和防火间距内的油品储罐未进行切水（脱水）、取样作业', '5.2.8'),
  may('hot.spatter', '高处动火已采取防火花飞溅措施，作业人员佩戴必要的个体防护装备', 'A.1'),
  may('hot.lining', '设备内有可燃物构件或可燃物防腐内衬的，已采取防火隔绝措施', '5.2.5'),
  may('hot.cylinders', '乙炔瓶直立放置、防倾倒并装有防回火装置；两瓶间距不小于 5 m，与动火点均不小于 10 m', '5.2.13'),
  {
    ...must('hot.fireKit', '现场已按需要配备灭火器、灭火毯、消防蒸汽带或消防水带', '5.2.1'),
    asks: { label: '灭火器数量', unit: '台' },
  },
  may('hot.welder', '电焊机位置符合防火防爆要求且可靠接地，距动火点不超过 10 m，否则已将电焊机按动火点管理', '5.2.12'),
  must('hot.noLoading', '动火点周围规定距离内没有易燃易爆化学品的装卸、排放、喷漆等可能引起火灾爆炸的作业', 'A.1'),
  must(
    'hot.clearances',
    '动火点 30 m 内未排放可燃气体，15 m 内未排放可燃液体，10 m 内及上下方未同时进行可燃溶剂清洗或喷漆，10 m 内未清扫可燃性粉尘',
    '5.2.9',
  ),
  must('hot.analysed', '已开展作业危害分析并制定管控措施，交叉作业已明确协调人', '4.1'),
  may('hot.detector', '用于连续检测的移动式可燃气体检测仪已配备到位', '5.2.6'),
  may('hot.video', '摄录设备已到位，且防爆级别满足安全要求', '5.2.11'),
  may('hot.linked', '其他相关特殊作业已办理相应安全作业票，作业现场四周已设立警戒区', '4.6'),
  may('hot.others', '其他安全措施已落实', 'A.1'),
]

const gas: WorkRules['gas'] = {
  limits: [
    ...combustible('5.3.2'),
    {
      id: 'oxygen.equipment',
      kind: 'oxygen',
      unit: 'vol%',
      most: 23.5,
      when: [yes('oxygenEquipment')],
      clause: '5.2.7',
    },
  ],
  sampleAge: { most: halfHour, clause: '5.3.1 c', isDefault: false },
  retestAfter: {
    special: { most: halfHour, clause: '5.3.1 d' },
    one: { most: halfHour, clause: '5.3.1 d' },
    two: { most: oneHour, clause: '5.3.1 d' },
  },
  logEvery: { special: { every: hours(2), continuous: true, clause: '5.3.1 d', isDefault: true } },
  daily: { clause: '5.3.1 d' },
  points: [
    ...largePoints('5.3.1 a', [yes('bigVessel')]),
    { id: 'inside', label: '设备内有代表性的部位', when: [is('where', 'inside'), no('bigVessel')], clause: '5.3.1 a' },
    { id: 'contents', label: '设备内气体', when: [is('where', 'outerWall'), no('bigVessel')], clause: '5.3.1 b' },
    { id: 'around', label: '动火点周围 10 m 范围内', when: [some('where', 'outerWall', 'open')], clause: '5.3.1 b' },
  ],
}

const special = ['special'] as const
const startNeeds: WorkRules['startNeeds'] = [
  { id: 'fullVideo', text: '全过程作业影像已开始采集，现场摄录设备为防爆型', levels: special, clause: '5.2.11' },
  { id: 'writtenPlan', text: '已预先制定作业方案，安全防火防爆及应急措施已落实', levels: special, clause: '5.4.2' },
  {
    id: 'positivePressure',
    text: '在设备或管道上动火，其内保持微正压',
    levels: special,
    when: [some('where', 'inside', 'outerWall')],
    clause: '5.4.2',
  },
  { id: 'stablePlant', text: '没有受热分解爆炸、自爆物料；装置运行稳定', levels: special, clause: '5.4.2' },
  { id: 'continuousDetector', text: '作业期间连续监测气体浓度', levels: special, clause: '5.3.1 d' },
  {
    id: 'releaseDetector',
    text: '已作风险分析并采取防范措施，作业期间检测气体浓度，超限报警立即停止作业',
    when: [yes('gasMayBeReleased')],
    clause: '5.2.6',
  },
  {
    id: 'leakProneIsolated',
    text: '15 m 范围内可能泄漏易燃、可燃物料的设备设施已采取隔离措施',
    when: [yes('leakProneWithin15m')],
    clause: '5.2.4',
  },
  { id: 'dust', text: '可燃性粉尘环境已按 GB 15577 停机、清扫并采取措施', when: [yes('dustPlace')], clause: '5.2.16' },
]

const upgraded = '升级管理：按高一级办理审批并执行高一级有效期（升级幅度为本产品默认）'

/** Hot work, chapter 5. */
export const hot: WorkRules = {
  work: 'hot',
  name: '动火作业',
  form: 'A.1 动火安全作业票',
  questions,
  levels,
  criteria: [
    {
      level: 'special',
      all: [yes('runningPlant')],
      reason: '火灾爆炸危险场所内运行状态下的设备、管道、储罐、容器等部位动火',
      clause: '5.1.2',
    },
    { level: 'special', all: [yes('pressureTap')], reason: '带压不置换动火', clause: '5.1.2' },
    { level: 'special', all: [yes('majorHazardDike')], reason: '存有易燃易爆介质的重大危险源罐区防火堤内动火', clause: '5.1.2' },
    { level: 'one', all: [yes('pipeRack')], reason: '管廊上的动火按一级管理', clause: '5.1.3' },
    {
      level: 'one',
      all: [yes('riskPlace'), no('isolatedAndAgreed')],
      reason: '火灾爆炸危险场所内特级以外的动火',
      clause: '5.1.3',
    },
    {
      level: 'two',
      all: [yes('riskPlace'), yes('isolatedAndAgreed')],
      reason: '装置全部停车、清洗置换分析合格并隔离，经负责人同意按二级管理',
      clause: '5.1.4',
    },
    { level: 'two', all: [no('riskPlace')], reason: '特级、一级以外的动火', clause: '5.1.4' },
  ],
  noTicket: [],
  measures,
  gas,
  weather: [{ id: 'hot.wind', kind: 'windForce', atLeast: 5, text: '五级风以上（含五级）禁止露天动火', clause: '5.2.15' }],
  upgrades: [
    { id: 'hot.holiday', on: 'holiday', text: `节假日动火${upgraded}`, clause: '5.1.1' },
    { id: 'hot.restDay', on: 'restDay', text: `公休日动火${upgraded}`, clause: '5.1.1' },
    { id: 'hot.night', on: 'night', text: `夜间动火${upgraded}`, clause: '5.1.1' },
    { id: 'hot.wind', on: 'windForce', atLeast: 5, text: `五级风以上因生产确需露天动火的，${upgraded}`, clause: '5.2.15' },
  ],
  certificates: [licensed('welding', 'welding.fusion', [yes('welding')]), attendant],
  startNeeds,
}
