/**
 * What a certificate or training record is for, as rule packs ask for it. Trades (准操项目) and training records by the names people read; crane people hold
 * certificates of the market regulator (特种设备作业人员证), the others those of the emergency management authority (特种作业操作证).
 */
export const trades = {
  'welding.fusion': '特种作业操作证：熔化焊接与热切割作业',
  'electric.low': '特种作业操作证：低压电工作业',
  'electric.high': '特种作业操作证：高压电工作业',
  'electric.explosionProof': '特种作业操作证：防爆电气作业',
  'height.install': '特种作业操作证：高处安装、维护、拆除作业',
  'height.scaffold': '特种作业操作证：登高架设作业',
  'lifting.crane': '特种设备作业人员证：起重机司机',
  'lifting.signaller': '特种设备作业人员证：起重机指挥',
  'lifting.rigger': '特种设备作业人员证或培训记录：司索',
  'training.attendant': '企业培训记录：特殊作业监护人',
  'training.confinedSpace': '企业培训记录：受限（有限）空间作业',
  'training.blindPlate': '企业培训记录：盲板抽堵作业',
  'training.excavation': '企业培训记录：动土作业',
  'training.roadClosure': '企业培训记录：断路作业',
} as const satisfies Readonly<Record<string, string>>
export type Trade = keyof typeof trades
