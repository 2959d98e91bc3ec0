import { acceptance, askYesNo, by, kept, may, must, workLeader, yes } from '../pack-parts.ts'
import type { WorkRules } from '../rule-pack.ts'
import { attendant, oneWeek, trained } from './shared.ts'

/** Form A.8, in the form's order. */
const measures: WorkRules['measures'] = [
  must('road.plan', '已制定交通组织方案并通知相关部门、单位，能保证消防车和其他重要车辆通行', '12.1'),
  must('road.signs', '断路路口和相关道路已设交通警示标志，作业区域附近已设路栏、道路作业警示灯、导向标等', '12.2'),
  may('road.nightLights', '夜间作业已设置警示灯', '12.4'),
  may('road.others', '其他安全措施已落实', 'A.8'),
]

/** Road closure, chapter 12. */
export const roadClosure: WorkRules = {
  work: 'roadClosure',
  name: '断路作业',
  form: 'A.8 断路安全作业票',
  questions: [
    askYesNo('poorVisibility', '夜间，或雨、雪、雾天作业', '12.4'),
    askYesNo('shortFixedPoint', '定点作业，白天不超过 2 h、夜间不超过 1 h 即可完工，拟不设标志牌', '12.3'),
  ],
  levels: [
    {
      id: 'only',
      name: '断路作业',
      rank: 0,
      validity: oneWeek,
      chain: [
        workLeader('A.8'),
        { id: 'unit', label: '所在单位', ...by.localUnit, kind: 'review', clause: 'A.8' },
        { id: 'countersignSafety', label: '会签：消防、安全管理部门', ...by.safetyOfficer, kind: 'countersign', clause: 'B.1' },
        { id: 'approver', label: '审批部门（相关专业部门）', ...by.department, kind: 'approve', clause: 'B.1' },
        acceptance('A.8'),
      ],
      retention: kept(),
      copies: ['作业单位负责人', '相关专业部门'],
    },
  ],
  criteria: [{ level: 'only', all: [], reason: '断路作业不分级', clause: 'B.1' }],
  noTicket: [],
  measures,
  gas: null,
  weather: [],
  upgrades: [],
  certificates: [trained('training.roadClosure'), attendant],
  startNeeds: [
    { id: 'signedSketch', text: '断路地段示意图及相关说明已附并签字', clause: 'A.8' },
    { id: 'withinTrafficPlan', text: '断路时间不超出交通组织方案', clause: '12.1' },
    {
      id: 'lamps',
      text: '警示灯红光连续、闪烁或旋转，反映作业区域轮廓，150 m 外清晰可见，高约 1.5 m，不低于 1.0 m',
      when: [yes('poorVisibility')],
      clause: '12.4',
    },
    { id: 'marshal', text: '现场有交通指挥人员，并设置了相应的交通警示设施', when: [yes('shortFixedPoint')], clause: '12.3' },
  ],
}
