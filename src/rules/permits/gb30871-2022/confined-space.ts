import { hours } from '../../../lib/clock.ts'
import { acceptance, askYesNo, by, kept, may, must, no, workLeader, yes } from '../pack-parts.ts'
import type { WorkRules } from '../rule-pack.ts'
import { attendant, combustible, halfHour, largePoints, oneHour, trained } from './shared.ts'

const questions: WorkRules['questions'] = [
  askYesNo('bigSpace', '受限空间容积较大，须分上中下（左中右）取样', '6.3 b'),
  askYesNo('oxygenRich', '富氧环境', '6.4 a'),
  askYesNo('oxygenAverse', '忌氧环境（内有与氧性质相抵的物料）', '6.2 c'),
  askYesNo('hotInside', '空间内有动火作业', '6.7'),
  askYesNo('solvent', '空间内涂刷含挥发性溶剂的涂料、喷漆、可燃溶剂清洗，或有其他产生有毒有害、可燃物质的作业', '6.3 d'),
  askYesNo('desludging', '清淤、清污作业', '6.6 i'),
  askYesNo('dust', '清扫可燃性粉尘', '5.2.9'),
  askYesNo('corrosive', '存在酸碱等腐蚀性介质', '4.5 h'),
  askYesNo('wetOrTight', '潮湿或狭小容器内', '4.13'),
  askYesNo('heldFlammable', '盛装过易燃易爆物料', '4.13'),
  askYesNo('highRisk', '风险较大（如缺氧、有毒、深长空间、多人作业）', '6.8'),
]

/** Form A.2, in the form's order. */
const measures: WorkRules['measures'] = [
  may(
    'confined.blinded',
    '盛装过有毒、可燃物料的，所有相连阀门、管线已加盲板隔离并落实盲板责任人，未以水封或关闭阀门代替',
    '6.1',
  ),
  may('confined.displaced', '盛装过有毒、可燃物料的设备已置换、吹扫或蒸煮', '4.2'),
  must('confined.ventilated', '通风孔已打开自然通风，必要时强制通风或佩戴隔绝式呼吸防护装备；未直接通入氧气或富氧空气', '6.2'),
  may('confined.rotating', '转动设备已切断电源，电源开关处已上锁并悬挂“禁止合闸”标志牌', '6.1'),
  must('confined.tools', '内部已具备进入条件；易燃易爆物料容器内未使用非防爆工具，手持电动工具符合安全要求', 'A.2'),
  must('confined.access', '进出口通道畅通，无阻碍人员进出的障碍物', '6.9'),
  must('confined.analysed', '已分析空间内可燃、有毒有害气体和氧气含量，且在安全范围内', '6.3 a'),
  may('confined.dust', '存在大量扬尘的设备已停止扬尘', 'A.2'),
  must('confined.detector', '用于连续检测的移动式可燃、有毒气体、氧气检测仪已配备到位', '6.5'),
  must('confined.protected', '作业人员已佩戴必要的个体防护装备，清楚空间内存在的危险因素', '6.6'),
  {
    ...must('confined.rescue', '应急设施已到位：消防器材、救生绳、气防装备；腐蚀性介质的现场备有应急冲洗水', 'A.2'),
    asks: { label: '隔绝式呼吸防护装备数量', unit: '套' },
  },
  must('confined.talk', '已配备通信设备', 'A.2'),
  must('confined.cordon', '出入口四周已设立警戒区', 'A.2'),
  may('confined.linked', '其他相关特殊作业已办理相应安全作业票', '4.6'),
  may('confined.others', '其他安全措施已落实', 'A.2'),
]

const gas: WorkRules['gas'] = {
  limits: [
    { id: 'oxygen', kind: 'oxygen', unit: 'vol%', least: 19.5, most: 21, when: [no('oxygenRich')], clause: '6.4 a' },
    { id: 'oxygen.rich', kind: 'oxygen', unit: 'vol%', least: 19.5, most: 23.5, when: [yes('oxygenRich')], clause: '6.4 a' },
    { id: 'toxic', kind: 'toxic', unit: 'mg/m3', clause: '6.4 b' },
    ...combustible('6.4 c'),
  ],
  sampleAge: { most: halfHour, clause: '6.3 a', isDefault: false },
  retestAfter: { any: { most: oneHour, clause: '6.3 f' } },
  logEvery: { any: { every: hours(2), continuous: true, clause: '6.5' } },
  daily: null,
  points: [
    ...largePoints('6.3 b', [yes('bigSpace')]),
    { id: 'inside', label: '空间内有代表性的部位', when: [no('bigSpace')], clause: '6.3 b' },
  ],
}

const startNeeds: WorkRules['startNeeds'] = [
  { id: 'register', text: '进入人员及携带的工器具已登记种类和数量，完工后清点', clause: '6.8' },
  { id: 'extraAttendant', text: '已增设监护人员，并随时与空间内人员保持联络', when: [yes('highRisk')], clause: '6.8' },
  { id: 'forcedVentilation', text: '涂刷含挥发性溶剂的涂料，已采取强制通风', when: [yes('solvent')], clause: '6.3 d' },
  {
    id: 'notTogether',
    text: '空间内动火与涂刷、清洗等作业已错开，不同时进行',
    when: [yes('hotInside'), yes('solvent')],
    clause: '6.7',
  },
  {
    id: 'oxygenAverseCleared',
    text: '通风前与氧性质相抵的物料已卸放、置换或清洗合格',
    when: [yes('oxygenAverse')],
    clause: '6.2 c',
  },
  { id: 'desludgingKit', text: '清污人员佩戴隔绝式呼吸防护装备并拴带救生绳', when: [yes('desludging')], clause: '6.6 i' },
  { id: 'wash', text: '30 m 范围内有应急冲洗设施', when: [yes('corrosive')], clause: '4.5 h' },
  { id: 'lighting36', text: '空间内照明电压不高于 36 V', when: [no('wetOrTight')], clause: '4.13' },
  { id: 'lighting12', text: '潮湿或狭小容器内照明电压不高于 12 V', when: [yes('wetOrTight')], clause: '4.13' },
  { id: 'explosionProofLamp', text: '盛装过易燃易爆物料，使用防爆灯具', when: [yes('heldFlammable')], clause: '4.13' },
]

/** Confined space, chapter 6. */
export const confinedSpace: WorkRules = {
  work: 'confinedSpace',
  name: '受限空间作业',
  form: 'A.2 受限空间安全作业票',
  questions,
  levels: [
    {
      id: 'only',
      name: '受限空间作业',
      rank: 0,
      validity: { most: hours(24), clause: '6.10', isDefault: false },
      chain: [
        workLeader('A.2'),
        { id: 'approver', label: '所在单位（审批）', ...by.localUnit, kind: 'approve', clause: 'B.1' },
        acceptance('A.2'),
      ],
      retention: kept(),
      copies: ['作业单位负责人', '所在基层单位'],
    },
  ],
  criteria: [{ level: 'only', all: [], reason: '进入受限空间作业不分级', clause: 'B.1' }],
  noTicket: [],
  measures,
  gas,
  weather: [],
  upgrades: [],
  certificates: [trained('training.confinedSpace'), attendant],
  startNeeds,
}
