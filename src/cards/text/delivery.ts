/** Words of delivery itself: what stands for several notices. */
export const deliveryText = {
  digest: '最近提醒较多，以下 {n} 条合并为一条（发送编号可查看卡片）：\n{lines}',
  more: '另有 {n} 条，发送“我的待办”可查看。',
  /** What stands where a message was that cannot be taken back from the chat itself. */
  emptied: { title: '内容已收回', body: '这条消息的内容已由系统收回，请勿再使用或转发。' },
} as const
