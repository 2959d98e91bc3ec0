import type { WorkType } from './rule-pack.ts'

/** A job safety analysis (作业危害分析, 4.1) as the product offers it for a kind of work; sites take it over or write their own. A default of the product. */
export type JsaTemplate = {
  readonly id: string
  readonly steps: readonly { readonly step: string; readonly hazard: string; readonly control: string }[]
}
const step = (step: string, hazard: string, control: string) => ({ step, hazard, control })

export const jsaTemplates: Readonly<Record<WorkType, JsaTemplate>> = {
  hot: {
    id: 'jsa.hot@1',
    steps: [
      step('作业前准备', '设备、管线内残留可燃物', '清洗、置换，盲板隔断，动火分析合格'),
      step('动火点清理', '地沟、地漏、周边可燃物着火', '清除、封堵、覆盖，配备灭火器材'),
      step('焊接与切割', '火花飞溅、触电、气瓶爆炸', '接火措施，焊机接地，气瓶间距与直立固定'),
      step('收工', '残火复燃', '清理现场，监护人确认无残留火种'),
    ],
  },
  confinedSpace: {
    id: 'jsa.confinedSpace@1',
    steps: [
      step('隔离与置换', '物料串入、窒息、中毒', '盲板隔断并挂牌，清洗置换，通风'),
      step('气体检测', '缺氧、富氧、可燃或有毒气体', '上中下取样，合格后进入，连续检测'),
      step('进入作业', '中毒、窒息、触电、坠落', '防护器具，安全电压照明，监护人在外不离岗'),
      step('应急', '盲目施救', '救援器材到位，未戴呼吸防护不得施救'),
    ],
  },
  blindPlate: {
    id: 'jsa.blindPlate@1',
    steps: [
      step('泄压与确认', '带压介质喷出', '降压至常压，双方按盲板图确认'),
      step('拆装法兰', '中毒、灼伤、着火', '相应防护，防爆工具，周边不动火'),
      step('挂牌', '误拆误装', '编号挂牌，与盲板图一致'),
    ],
  },
  height: {
    id: 'jsa.height@1',
    steps: [
      step('登高前检查', '身体不适、防护失效', '健康确认，安全带与生命绳检查'),
      step('高处作业', '坠落、落物', '系挂安全带，工具袋与防坠绳，下方警戒'),
      step('恶劣天气', '大风、雷雨', '达到停止条件立即撤离'),
    ],
  },
  lifting: {
    id: 'jsa.lifting@1',
    steps: [
      step('吊前检查', '吊具失效、地基下陷', '索具检查，支腿与地基确认，试吊'),
      step('起吊', '碰撞、坠落、触碰带电线路', '专人指挥，警戒隔离，保持安全距离'),
      step('就位', '挤压伤害', '人员站位确认，缓慢就位'),
    ],
  },
  temporaryPower: {
    id: 'jsa.temporaryPower@1',
    steps: [
      step('接线', '触电、电弧', '停电、验电、上锁挂牌，持证电工接线'),
      step('使用', '漏电、过载、防爆失效', '漏电保护，防爆等级，负荷确认'),
      step('拆除', '误送电', '先断电后拆线，双方确认'),
    ],
  },
  excavation: {
    id: 'jsa.excavation@1',
    steps: [
      step('地下设施确认', '挖断电缆、管线', '图纸与现场核对，人工探挖'),
      step('开挖', '坍塌、坠落', '放坡或支护，堆土距离，围栏与警示灯'),
      step('坑内作业', '中毒、窒息', '深度超限按受限空间管理'),
    ],
  },
  roadClosure: {
    id: 'jsa.roadClosure@1',
    steps: [
      step('断路前', '消防、急救通道受阻', '交通组织方案，通知消防与相关单位'),
      step('断路中', '车辆闯入', '围挡、标志、警示灯，交通引导'),
      step('恢复', '路面残留障碍', '清理并验收后恢复通行'),
    ],
  },
}
