import type { PlanEvent } from '../../workflows/plan/plan.ts'
import { hazardText } from './hazard.ts'

/** Every word that people read about the weekly rolling plan (周滚动计划). */
export const planText = {
  title: '本周滚动整改计划',
  week: '{week} 起一周',
  facts: { count: '待整改' },
  line: '• {code} {title}（{area}，{owner}，{due} 前）',
  nobody: '待指定',
  more: '……另有 {count} 条，见详情',
  note: '蓝色（低风险）隐患，发送编号可查看',
  summary: '本周滚动整改计划：{count} 条待整改',
  page: '查看详情',
  acts: {},
  actions: {},
  roles: hazardText.roles,
  say: {},
  notices: {
    'nobody-holds': '【告警】每周滚动整改计划（{code}）无法送达“{role}”。请核对其聊天账号，并当面转告本周计划。',
  },
  refusals: {
    'no-such-case': '没有找到这份计划。请发送隐患编号查看。',
    'made-already': '本周的滚动整改计划已经生成，按规则每人每周一份，无需重复。请查看已收到的卡片。',
    'link-first':
      '这个账号还没有关联到人员档案，没有显示：按账号关联规则，关联后才能操作。请先关联您的身份：点卡片上的“获取关联码”，或直接发一句话，按回复的卡片关联；也可联系系统管理员。',
  },
  history: {
    made: '生成本周滚动整改计划',
    unreachable: '计划无法送达{person}',
  } satisfies Readonly<Record<PlanEvent['type'], string>>,
  itself: ['made', 'unreachable'],
} as const
