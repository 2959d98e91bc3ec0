import { acceptance, askYesNo, by, kept, may, must, workLeader, yes } from '../pack-parts.ts'
import type { WorkRules } from '../rule-pack.ts'
import { attendant, oneShift, trained } from './shared.ts'

const questions: WorkRules['questions'] = [
  {
    id: 'action',
    label: '作业内容（一票一块盲板一项作业）',
    kind: 'one',
    choices: [
      { id: 'insert', label: '堵盲板', clause: '7.11' },
      { id: 'remove', label: '抽盲板', clause: '7.11' },
    ],
    clause: '7.11',
  },
  askYesNo('riskArea', '在火灾爆炸危险场所内', '7.6'),
  askYesNo('toxic', '管道、设备内为有毒介质', '7.9'),
  askYesNo('namedToxic', '涉及硫化氢、氯气、氨气、一氧化碳或氰化物', '7.9'),
  askYesNo('corrosive', '管道、设备内为强腐蚀性介质', '7.7'),
  askYesNo('highPressure', '使用高压盲板', '7.3'),
  askYesNo('venting', '作业中排放可燃气体', '5.2.9'),
  askYesNo('draining', '作业中排放可燃液体', '5.2.9'),
  askYesNo('sharedLine', '管道为不同企业共用', '7.2'),
]

/** Form A.3, in the form's order. */
const measures: WorkRules['measures'] = [
  must('blind.pressure', '系统管道压力已降至常压（作业票允许微正压），作业点通风良好', '7.5'),
  may('blind.toxic', '有毒介质的管道、设备上作业，人员已穿戴适合的个体防护装备', '7.9'),
  may('blind.static', '火灾爆炸危险场所，人员穿防静电工作服、工作鞋，使用防爆灯具和防爆工具', '7.6'),
  may('blind.noHot', '火灾爆炸危险场所，距作业地点 30 m 内无动火作业', '7.6'),
  may('blind.corrosive', '强腐蚀性介质的管道、设备上作业，已采取防止酸碱化学灼伤的措施', '7.7'),
  may('blind.heat', '介质温度较高可能烫伤的，已采取防烫措施', '7.8'),
  may('blind.cold', '介质温度较低可能冻伤的，已采取防冻伤措施', '7.8'),
  must('blind.oneOnLine', '同一管道上未同时进行两处及以上的盲板抽堵作业', '7.10'),
  may('blind.linked', '其他相关特殊作业已办理相应安全作业票', '4.6'),
  must('blind.cordon', '作业现场四周已设立警戒区', 'A.3'),
  may('blind.others', '其他安全措施已落实', 'A.3'),
]

/** Blind plates, chapter 7. */
export const blindPlate: WorkRules = {
  work: 'blindPlate',
  name: '盲板抽堵作业',
  form: 'A.3 盲板抽堵安全作业票',
  questions,
  levels: [
    {
      id: 'only',
      name: '盲板抽堵作业',
      rank: 0,
      validity: oneShift,
      chain: [
        { id: 'plateMap', label: '盲板位置图编制人', ...by.applicant, kind: 'confirm', clause: 'A.3' },
        workLeader('A.3'),
        { id: 'approver', label: '所在单位（审批）', ...by.localUnit, kind: 'approve', clause: 'B.1' },
        { id: 'workUnitAcceptance', label: '作业单位专人确认', ...by.workLeader, kind: 'acceptance', clause: '7.12' },
        acceptance('A.3'),
      ],
      retention: kept(),
      copies: ['作业单位执行人', '所在基层单位'],
    },
  ],
  criteria: [{ level: 'only', all: [], reason: '盲板抽堵作业不分级，一票只办一块盲板的一项作业', clause: '7.11' }],
  noTicket: [],
  measures,
  gas: null,
  weather: [],
  upgrades: [],
  certificates: [trained('training.blindPlate'), attendant],
  startNeeds: [
    { id: 'plateMap', text: '盲板位置图已绘制并统一编号，设专人统一指挥', clause: '7.1' },
    { id: 'plateTag', text: '盲板已挂牌标识，编号与盲板位置图一致', clause: '7.4' },
    { id: 'neighbourTold', text: '已告知共用管道的上下游相关单位', when: [yes('sharedLine')], clause: '7.2' },
    { id: 'platesTested', text: '高压盲板使用前经超声波探伤合格', when: [yes('highPressure')], clause: '7.3' },
    { id: 'wash', text: '30 m 范围内有应急冲洗设施', when: [yes('corrosive')], clause: '4.5 h' },
    { id: 'portableDetector', text: '作业人员佩戴移动式气体检测仪', when: [yes('namedToxic')], clause: '7.9' },
  ],
}
