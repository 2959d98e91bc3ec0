import type { DigestEvent } from '../../workflows/digest/digest.ts'
import { hazardText } from './hazard.ts'

/** Every word that people read about the daily digest (每日安全简报) and the indicators. */
export const digestText = {
  titles: { team: '班组今日 TOP{top}', plant: '每日安全简报', group: '集团安全日报' },
  waiting: '简报将于 {time} 生成',
  facts: {
    open: '未关闭',
    overdue: '已超期',
    reported: '昨日上报',
    closed: '昨日关闭',
    onTime: '按期关闭率',
    firstPass: '一次通过率',
    repeat: '重复率',
    falseClosure: '重开率',
  },
  counts: {
    reported: '上报',
    accepted: '接单',
    closed: '关闭',
    closedOnTime: '按期关闭',
    submitted: '首次提交',
    firstPass: '一次通过',
    reopened: '重开',
    rejected: '未受理',
    merged: '并案',
    repeat: '重复隐患',
  },
  none: '无数据',
  line: '{mark}{code} {title}（{owner}，{due}）',
  late: '【超期】',
  nobody: '待指定',
  noDue: '未定期限',
  due: '{time} 前',
  quiet: '目前没有未关闭的隐患。没有上报不等于没有隐患，请继续巡查。',
  atLeast: '{count} 以上',
  note: '发送编号可查看详情；发送“我的待办”查看等您处理的事项',
  rates: '比率为近 {days} 天；发送“指标”看口径',
  summary: '{title}：未关闭 {open}，超期 {overdue}',
  page: '查看详情',
  acts: {},
  actions: {},
  roles: hazardText.roles,
  say: {},
  notices: {},
  refusals: {
    'no-such-case': '没有找到这份简报。简报每天生成一份，请查看最近收到的卡片。',
    'made-already': '当天的简报已经生成，按规则每天一份，无需重复。请查看已收到的卡片。',
    'link-first':
      '这个账号还没有关联到人员档案，没有显示：按账号关联规则，关联后才能操作。请先关联您的身份：点卡片上的“获取关联码”，或直接发一句话，按回复的卡片关联；也可联系系统管理员。',
  },
  history: {
    begun: '等待生成每日简报',
    made: '生成每日简报',
    unreachable: '简报无法送达{person}',
  } satisfies Readonly<Record<DigestEvent['type'], string>>,
  itself: ['begun', 'made', 'unreachable'],
} as const
