import { acceptance, askYesNo, by, kept, may, must, workLeader, yes } from '../pack-parts.ts'
import type { ChainNode, Level, WorkRules } from '../rule-pack.ts'
import { attendant, oneDay } from './shared.ts'

type Signer = Pick<ChainNode, 'role' | 'scope'>

/** Form A.5 in order; the approving department by level (B.1). */
const level = (
  id: string,
  name: string,
  rank: number,
  reviewer: Signer,
  approver: Signer & { readonly label: string },
): Level => ({
  id,
  name,
  rank,
  validity: oneDay,
  chain: [
    workLeader('A.5', '吊装指挥'),
    { id: 'unit', label: '所在单位', ...by.localUnit, kind: 'review', clause: 'A.5' },
    { id: 'reviewer', label: '审核部门', ...reviewer, kind: 'review', clause: 'A.5' },
    { id: 'approver', ...approver, kind: 'approve', clause: 'B.1' },
    acceptance('A.5'),
  ],
  retention: kept(),
  copies: ['吊装指挥', '所在基层单位'],
})
const department = { ...by.department, label: '审批部门（相关专业部门）' }

const questions: WorkRules['questions'] = [
  { id: 'tonnes', label: '吊装物质量', kind: 'number', unit: 't', range: [0.001, 5000], clause: '9.1' },
  askYesNo('tandem', '利用两台或多台起重机械吊运同一吊物', '9.2.10 c'),
  askYesNo('complex', '吊物形状复杂、刚度小、长径比大、精密贵重，或作业条件特殊', '9.2.1'),
  askYesNo('nearHazardousLines', '吊装场所有含危险物料的设备、管道', '9.2.2'),
  askYesNo('nearPowerLines', '在电力线路附近吊装', '9.2.3'),
  askYesNo('nearRated', '吊物接近或达到额定起重能力', '9.2.10 b'),
  askYesNo('outdoors', '露天作业', '9.2.4'),
]

/** Form A.5, in the form's order. */
const measures: WorkRules['measures'] = [
  may('lifting.plan', '一、二级吊装及形状复杂等情形的三级吊装，作业方案已编制并经审查批准', '9.2.1'),
  may('lifting.hazardousLines', '含危险物料的设备、管道已有详细吊装方案并采取防护，必要时停车、放空、置换后再吊', '9.2.2'),
  must('lifting.protected', '作业人员已按规定佩戴个体防护装备', 'A.5'),
  must('lifting.gear', '起重设备、钢丝绳、缆风绳、链条、吊钩等机具已检查，安全可靠', '9.2.5'),
  must('lifting.roles', '已明确各自分工、坚守岗位，统一规定联络信号', '9.2.6'),
  may('lifting.anchors', '以建筑物、构筑物作锚点的，已经审查核算并批准', '9.2.8'),
  must('lifting.clearOfLive', '吊装绳索、缆风绳、拖拉绳等不与带电线路接触，保持安全距离', 'A.5'),
  must('lifting.noPipeAnchors', '未利用管道、管架、电杆、机电设备等作吊装锚点', '9.2.8'),
  must('lifting.slung', '吊物捆扎坚固，无绳打结、绳不齐现象，棱角处已加衬垫', 'A.5'),
  must('lifting.safetyDevices', '起重机安全装置灵活好用', '9.2.5'),
  must('lifting.licences', '吊装作业人员持有有效的法定资格证书', '4.9'),
  may('lifting.ground', '地下电缆、光缆、排水沟盖板及地面承重能力已确认，保护措施已落实', 'A.5'),
  {
    ...must('lifting.mass', '起吊物质量已确认，在吊装机械承重范围内', '9.2.7'),
    asks: { label: '起吊物质量', unit: 't' },
  },
  may('lifting.overhead', '吊装高度内的管线、电缆桥架已做好防护', 'A.5'),
  must('lifting.cordon', '作业现场围栏、警戒线、警告牌、夜间警示灯已按要求设置，吊物下方无人', '9.2.12'),
  must('lifting.noWires', '作业高度和转臂范围内无架空线路', '9.2.3'),
  may('lifting.sparkArrestors', '爆炸危险场所内作业的机动车，排气管已装阻火器', 'A.5'),
  may('lifting.wind', '露天作业，环境风力满足作业安全要求', '9.2.4'),
  may('lifting.linked', '其他相关特殊作业已办理相应安全作业票', '4.6'),
  may('lifting.others', '其他安全措施已落实', 'A.5'),
]

/** Lifting, chapter 9. */
export const lifting: WorkRules = {
  work: 'lifting',
  name: '吊装作业',
  form: 'A.5 吊装安全作业票',
  questions,
  levels: [
    level('three', '三级吊装', 0, by.safetyOfficer, department),
    level('two', '二级吊装', 1, by.safetyOfficer, department),
    level('one', '一级吊装', 2, by.department, { ...by.plantManager, label: '审批人（主管厂长或总工程师）' }),
  ],
  criteria: [
    { level: 'one', all: [{ fact: 'tonnes', above: 100 }], reason: '吊装物质量大于 100 t', clause: '9.1' },
    { level: 'two', all: [{ fact: 'tonnes', atLeast: 40, atMost: 100 }], reason: '吊装物质量 40 t 至 100 t', clause: '9.1' },
    { level: 'three', all: [{ fact: 'tonnes', below: 40 }], reason: '吊装物质量小于 40 t', clause: '9.1' },
  ],
  noTicket: [
    {
      level: 'three',
      all: [{ fact: 'tonnes', below: 10 }],
      reason: '吊装物质量小于 10 t，可不办票，但须进行风险分析',
      clause: 'B.2 注3',
    },
  ],
  measures,
  gas: null,
  weather: [
    { id: 'lifting.wind', kind: 'windForce', atLeast: 6, text: '六级及以上大风不得露天吊装', clause: '9.2.4' },
    { id: 'lifting.snow', kind: 'heavySnow', text: '大雪不得露天吊装', clause: '9.2.4' },
    { id: 'lifting.rain', kind: 'rainstorm', text: '暴雨不得露天吊装', clause: '9.2.4' },
    { id: 'lifting.fog', kind: 'fog', text: '大雾不得露天吊装', clause: '9.2.4' },
  ],
  upgrades: [],
  certificates: [
    { id: 'crane', who: 'operator', trades: ['lifting.crane'], clause: '4.9' },
    { id: 'signaller', who: 'signaller', trades: ['lifting.signaller'], clause: '4.9' },
    { id: 'rigger', who: 'rigger', trades: ['lifting.rigger'], clause: '4.9' },
    attendant,
  ],
  startNeeds: [
    { id: 'liftingPlan', text: '吊装作业方案已经审批', levels: ['one', 'two'], clause: '9.2.1' },
    { id: 'complexPlan', text: '三级吊装作业方案已经审批', levels: ['three'], when: [yes('complex')], clause: '9.2.1' },
    {
      id: 'hazardousLinesPlan',
      text: '含危险物料的设备、管道已制定详细吊装方案并采取有效防护',
      when: [yes('nearHazardousLines')],
      clause: '9.2.2',
    },
    {
      id: 'powerLineClearance',
      text: '与电力线路的安全距离大于起重机械倒塌半径，否则已停电',
      when: [yes('nearPowerLines')],
      clause: '9.2.3',
    },
    { id: 'trialLift', text: '正式起吊前试吊，检查全部机具、锚点受力情况', clause: '9.2.9' },
    { id: 'brakesTested', text: '已检查制动器，并以低高度、短行程试吊', when: [yes('nearRated')], clause: '9.2.10 b' },
    {
      id: 'tandemLoad',
      text: '多台起重机械同步吊运，每台载荷不超过其额定起重能力的 80%',
      when: [yes('tandem')],
      clause: '9.2.10 c',
    },
  ],
}
