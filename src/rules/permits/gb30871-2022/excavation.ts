import { acceptance, askYesNo, by, kept, may, must, no, own, workLeader, yes } from '../pack-parts.ts'
import type { WorkRules } from '../rule-pack.ts'
import { attendant, oneWeek, trained } from './shared.ts'

const questions: WorkRules['questions'] = [
  { id: 'metres', label: '挖土、打桩、钻探、坑探、地锚入土深度', kind: 'number', unit: 'm', range: [0, 60], clause: '3.11' },
  askYesNo('machine', '使用推土机、压路机等施工机械填土或平整场地', '3.11'),
  askYesNo('buriedInstallations', '可能影响地下隐蔽设施（电缆、管线等）', '3.11'),
  askYesNo('buriedHazard', '遇有埋设的易燃易爆、有毒有害介质管线、窨井等，可能燃烧、爆炸、中毒、窒息', '11.10'),
]

/** Form A.7, in the form's order. */
const measures: WorkRules['measures'] = [
  must('excavation.cables', '地下电力电缆、通信电（光）缆、局域网络电（光）缆已确认，保护措施已落实', '11.4'),
  must('excavation.pipes', '地下供排水、消防管线、工艺管线已确认，保护措施已落实', '11.4'),
  must('excavation.marked', '已按作业方案图划线和立桩', 'A.7'),
  must('excavation.fenced', '作业现场围栏、警戒线、警告牌、夜间警示灯已按要求设置', '11.2'),
  may('excavation.shored', '已放坡处理和固壁支撑；堆土距边沿不小于 1 m，高度不大于 1.5 m', '11.5'),
  may('excavation.roadTold', '道路施工作业已报：交通、消防、安全监督部门、应急中心', 'A.7'),
  may('excavation.light', '现场夜间有充足照明：36 V、24 V、12 V 防水型灯或防爆型灯', 'A.7'),
  must('excavation.protected', '作业人员配备有必要的个体防护装备', 'A.7'),
  may('excavation.asConfined', '易燃易爆、有毒气体存在的场所动土深度超过 1.2 m，已按受限空间作业要求采取措施', '11.10'),
  may('excavation.linked', '其他相关特殊作业已办理相应安全作业票', '4.6'),
  may('excavation.others', '其他安全措施已落实', 'A.7'),
]

/** Excavation, chapter 11. */
export const excavation: WorkRules = {
  work: 'excavation',
  name: '动土作业',
  form: 'A.7 动土安全作业票',
  questions,
  levels: [
    {
      id: 'only',
      name: '动土作业',
      rank: 0,
      validity: oneWeek,
      chain: [
        workLeader('A.7'),
        { id: 'unit', label: '所在单位', ...by.localUnit, kind: 'review', clause: 'A.7' },
        { id: 'countersignPower', label: '会签：电', ...by.powerUnit, kind: 'countersign', clause: 'B.1' },
        { id: 'countersignProcess', label: '会签：水、汽、工艺', ...by.executive, kind: 'countersign', clause: 'B.1' },
        { id: 'countersignSafety', label: '会签：设备、消防、安全', ...by.safetyOfficer, kind: 'countersign', clause: 'B.1' },
        { id: 'approver', label: '审批部门（相关专业部门）', ...by.department, kind: 'approve', clause: 'B.1' },
        acceptance('A.7'),
      ],
      retention: kept(),
      copies: ['作业单位负责人', '相关专业部门'],
    },
  ],
  criteria: [
    {
      level: 'only',
      all: [{ fact: 'metres', atLeast: 0.5 }],
      reason: '挖土、打桩、钻探、地锚入土深度 0.5 m 及以上，动土作业不分级',
      clause: '3.11',
    },
    {
      level: 'only',
      all: [yes('machine'), yes('buriedInstallations')],
      reason: '机械填土或平整场地，可能影响地下隐蔽设施',
      clause: '3.11',
    },
  ],
  noTicket: [
    {
      level: 'only',
      all: [{ fact: 'metres', below: 0.5 }, no('machine')],
      reason: '入土深度不足 0.5 m 且无机械填土、平整，不属于动土作业',
      clause: '3.11',
    },
    {
      level: 'only',
      all: [{ fact: 'metres', below: 0.5 }, no('buriedInstallations')],
      reason: '入土深度不足 0.5 m 且不影响地下隐蔽设施，不属于动土作业',
      clause: '3.11',
    },
  ],
  measures,
  gas: null,
  weather: [],
  upgrades: [],
  certificates: [trained('training.excavation'), attendant],
  startNeeds: [
    { id: 'signedSketch', text: '作业地点、范围、深度简图已附并签字', clause: 'A.7' },
    {
      id: 'alsoConfinedSpace',
      text: '深度超过 1.2 m，执行受限空间作业规定，并办理受限空间作业票',
      when: [{ fact: 'metres', above: 1.2 }, yes('buriedHazard')],
      clause: '11.10',
    },
    {
      id: 'handDig',
      text: '距管道边 1 m 内人工开挖，距直埋管线 2 m 内宜人工开挖',
      when: [yes('buriedInstallations')],
      clause: '11.6',
    },
    {
      id: 'ladders',
      text: '深度大于 2 m 已设人员上下的梯子等设施，同时挖土的人相距 2 m 以上',
      when: [{ fact: 'metres', above: 2 }],
      clause: '11.7',
    },
    { id: 'swingClear', text: '机械挖掘时人员不进入机械旋转半径内', when: [yes('machine')], clause: '11.7' },
    { id: 'dailyConfirm', text: '当日开工前已重新确认边坡、支撑、地下设施和围护', clause: own },
  ],
}
