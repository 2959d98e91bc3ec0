import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Bench, type Body, buttons, createBench } from './sandbox-wecom-setup.ts'

const minute = 60_000
const hour = 60 * minute
let bench: Bench
beforeEach(async () => {
  bench = await createBench()
})
afterEach(() => bench.close())

const count = (userid: string) => bench.world.phone(userid).length
const text = (content: string): Body => ({ msgtype: 'text', text: { content } })
const update = async (code: unknown, more: Body, as?: string) =>
  bench.post('message/update_template_card', { agentid: 1_000_007, response_code: code, ...more }, as ?? (await bench.token()))
const done = { button: { replace_name: '已接单' } }

describe('who gets a message', () => {
  test('some receivers may be wrong: they are named in lower case and the others get it', async () => {
    const answer = await bench.send({ touser: 'U_Chen|Ghost|u_li|u_chen', ...text('hi') })
    expect(answer).toMatchObject({ errcode: 0, errmsg: 'ok', invaliduser: 'ghost', msgid: expect.any(String) })
    expect([count('u_chen'), count('u_li'), count('u_wang')]).toEqual([1, 1, 0])
  })

  test('a department and everybody', async () => {
    expect(await bench.send({ touser: '', toparty: '2|99', totag: '4', ...text('a') })).toMatchObject({
      errcode: 0,
      invalidparty: '99',
      invalidtag: '4',
    })
    expect([count('u_chen'), count('u_wang'), count('u_li')]).toEqual([1, 1, 0])
    await bench.send({ touser: '@all', ...text('b') })
    expect([count('u_chen'), count('u_wang'), count('u_li')]).toEqual([2, 2, 1])
  })

  test.each([
    ['nobody', { touser: '' }, 82001],
    ['only strangers', { touser: 'ghost' }, 81013],
    ['a number', { touser: 7 }, 40058],
    ['1001 people', { touser: Array.from({ length: 1001 }, (_, index) => `u${index}`).join('|') }, 40032],
    ['101 departments', { toparty: '9|'.repeat(101) }, 82002],
    ['101 tags', { totag: '9|'.repeat(101) }, 82003],
    ['an agentid that is text', { agentid: '1000007' }, 40056],
    ['an unknown agentid', { agentid: 5 }, 40056],
    ['the agentid of another app', { agentid: 1_000_008 }, 301002],
    ['an unknown msgtype', { msgtype: 'markdown_v2' }, 40008],
    ['a msgtype from the prototype', { msgtype: 'constructor' }, 40008],
    ['empty words', { text: { content: ' ' } }, 44004],
    ['an interval over four hours', { duplicate_check_interval: 14_401 }, 40058],
  ])('%s is refused', async (_what, change, code) => {
    expect((await bench.send({ ...text('hi'), ...change })).errcode).toBe(code)
    expect(count('u_chen')).toBe(0)
  })
})

describe('kinds of messages', () => {
  test('text is cut at 2048 bytes between characters, and its links open', async () => {
    await bench.send(text(`${'汉'.repeat(682)}ab汉`))
    expect(bench.last('u_chen')).toMatchObject({ kind: 'text', text: `${'汉'.repeat(682)}ab` })
    await bench.send(text('请看<a href="https://hz.example.com/1">详情</a>'))
    const seen = bench.last('u_chen')
    expect(seen.text).toBe('请看详情')
    expect(bench.double.opens(bench.account('u_chen'), seen.id, '详情')).toBe('https://hz.example.com/1')
  })

  test('markdown keeps its words, its colour is the tone', async () => {
    await bench.send({
      msgtype: 'markdown',
      markdown: { content: '# 告警\n<font color="warning">超期</font> [看](https://hz.example.com/2)' },
    })
    expect(bench.last('u_chen')).toMatchObject({ text: '告警\n超期 看', tone: 'warning' })
    await bench.send({ msgtype: 'markdown', markdown: { content: '<font color="constructor">x</font>' } })
    expect(bench.last('u_chen').tone).toBe('neutral')
  })

  test('a text card opens under its button', async () => {
    const textcard = { title: '整改', description: '<div class="gray">今天</div>去看<br>吧', url: 'https://hz.example.com/3' }
    expect((await bench.send({ msgtype: 'textcard', textcard })).errcode).toBe(0)
    const seen = bench.last('u_chen')
    expect(seen).toMatchObject({ kind: 'card', title: '整改', text: '今天\n去看\n吧' })
    expect(bench.double.opens(bench.account('u_chen'), seen.id, '详情')).toBe('https://hz.example.com/3')
  })

  test.each([
    ['a title of 129 bytes', { title: 'a'.repeat(129), description: 'd', url: 'https://e.com' }, 45002],
    ['an address without a scheme', { title: 't', description: 'd', url: 'e.com' }, 45034],
    ['an address of 2049 bytes', { title: 't', description: 'd', url: `https://e.com/${'a'.repeat(2036)}` }, 40039],
    ['no title', { title: '', description: 'd', url: 'https://e.com' }, 44004],
  ])('a text card with %s is refused', async (_what, textcard, code) => {
    expect((await bench.send({ msgtype: 'textcard', textcard })).errcode).toBe(code)
  })

  test('news of nine articles are refused, of two shown', async () => {
    const articles = (length: number) =>
      Array.from({ length }, (_, index) => ({ title: `t${index}`, url: 'https://e.com', picurl: 'https://e.com/p.jpg' }))
    expect((await bench.send({ msgtype: 'news', news: { articles: articles(9) } })).errcode).toBe(45008)
    await bench.send({ msgtype: 'news', news: { articles: articles(2) } })
    expect(bench.last('u_chen')).toMatchObject({
      title: 't0',
      text: 't1',
      images: ['https://e.com/p.jpg', 'https://e.com/p.jpg'],
    })
  })

  test('an image needs an uploaded picture', async () => {
    expect((await bench.send({ msgtype: 'image', image: { media_id: 'gone' } })).errcode).toBe(40007)
    const form = new FormData()
    form.set('media', new File([Uint8Array.from([0xff, 0xd8, 0xff, 1, 2, 3])], 'a.jpg'))
    const { json } = await bench.request(`/cgi-bin/media/upload?access_token=${bench.access}&type=image`, {
      method: 'POST',
      body: form,
    })
    expect((await bench.send({ msgtype: 'image', image: { media_id: json.media_id } })).errcode).toBe(0)
    expect(bench.last('u_chen').images).toEqual(['/images/img_1'])
  })
})

describe('repeats', () => {
  test('the duplicate check answers success with a new msgid and delivers nothing', async () => {
    const once = { ...text('同样的话'), enable_duplicate_check: 1, duplicate_check_interval: 600 }
    const first = await bench.send(once)
    const second = await bench.send(once)
    expect(second).toMatchObject({ errcode: 0 })
    expect(second.msgid).not.toBe(first.msgid)
    expect(count('u_chen')).toBe(1)
    await bench.send({ ...once, touser: 'u_li' })
    await bench.send({ ...once, text: { content: '另一句' } })
    expect([count('u_chen'), count('u_li')]).toEqual([2, 1])
    await bench.world.advance(10 * minute)
    await bench.send(once, await bench.token())
    expect(count('u_chen')).toBe(3)
  })

  test('without the check the same words arrive twice', async () => {
    await bench.send(text('hi'))
    await bench.send(text('hi'))
    expect(count('u_chen')).toBe(2)
  })

  test('a task id works once per app; a repeated card is a duplicate or a used task by the switch', async () => {
    const once = { enable_duplicate_check: 1 }
    expect((await bench.sendCard(buttons('t-1'), once)).errcode).toBe(0)
    const repeated = await bench.sendCard(buttons('t-1'), once)
    expect(repeated).toMatchObject({ errcode: 0 })
    expect('response_code' in repeated).toBe(false)
    bench.world.set('wecom.repeatedCard', 'taskId')
    expect((await bench.sendCard(buttons('t-1'), once)).errcode).toBe(42014)
    expect((await bench.sendCard(buttons('t-1', { sub_title_text: '别的' }))).errcode).toBe(42014)
    expect(count('u_chen')).toBe(1)
    const other = await bench.token('app-secret-8')
    expect(
      (await bench.send({ agentid: 1_000_008, msgtype: 'template_card', template_card: buttons('t-1') }, other)).errcode,
    ).toBe(0)
  })
})

describe('quotas', () => {
  test('the 31st message of a minute to one member is dropped in silence, others get theirs', async () => {
    bench.world.meter(true)
    for (let round = 0; round < 31; round += 1) expect((await bench.send(text(`${round}`))).errcode).toBe(0)
    expect((await bench.send({ touser: 'u_chen|u_li', ...text('both') })).errcode).toBe(0)
    expect([count('u_chen'), count('u_li')]).toEqual([30, 1])
    await bench.world.advance(minute)
    await bench.send(text('later'))
    expect(count('u_chen')).toBe(31)
  })

  test('the app has a daily budget of people', async () => {
    bench.world.meter(true)
    bench.world.set('wecom.accountLimit', '0.01')
    expect((await bench.send(text('a'))).errcode).toBe(0)
    expect((await bench.send({ touser: 'u_chen|u_li', ...text('b') })).errcode).toBe(45009)
    expect([count('u_chen'), count('u_li')]).toEqual([1, 0])
  })

  test('nothing counts when the profile does not meter', async () => {
    for (let round = 0; round < 35; round += 1) await bench.send(text(`${round}`))
    expect(count('u_chen')).toBe(35)
  })
})

describe('changing a card', () => {
  const sent = () => bench.sendCard(buttons('t-1'), { touser: 'u_chen|u_li' })

  test('one code greys the buttons of the receivers it names, once', async () => {
    const { response_code: code } = await sent()
    expect(await update(code, { userids: ['u_chen', 'Ghost'], ...done })).toMatchObject({ errcode: 0, invaliduser: ['ghost'] })
    expect(bench.last('u_chen')).toMatchObject({
      actions: [],
      updatedAt: expect.any(Number),
      text: expect.stringContaining('已接单'),
    })
    expect(bench.last('u_li')).toMatchObject({ actions: ['接单', '退回'], updatedAt: null })
    expect((await update(code, { atall: 1, ...done })).errcode).toBe(60140)
    expect(bench.last('u_li').actions).toEqual(['接单', '退回'])
    await expect(bench.press('u_chen', '接单')).rejects.toThrow('no button')
  })

  test('a card may become another kind of card for everybody', async () => {
    const { response_code: code } = await sent()
    const card = { card_type: 'text_notice', main_title: { title: '已关闭' }, card_action: { type: 1, url: 'https://e.com' } }
    expect((await update(code, { atall: 1, template_card: card })).errcode).toBe(0)
    expect([bench.last('u_chen').title, bench.last('u_li').title]).toEqual(['已关闭', '已关闭'])
    expect([count('u_chen'), count('u_li'), count('u_wang')]).toEqual([1, 1, 0])
  })

  test('replace_text greys a button card, disabled selectors can only be read', async () => {
    const select_list = [{ question_key: 'q', title: '部门', disable: true, option_list: [{ id: 'a', text: '甲' }] }]
    const { response_code: code } = await sent()
    await update(code, { atall: 1, template_card: buttons('x', { replace_text: '已处理' }) })
    expect(bench.last('u_chen')).toMatchObject({ actions: [], text: expect.stringContaining('已处理') })
    const { response_code: second } = await bench.sendCard(buttons('t-2'))
    const card = { card_type: 'multiple_interaction', main_title: { title: '派单' }, select_list, submit_button: { key: 'k' } }
    await update(second, { atall: 1, template_card: card })
    expect(bench.last('u_chen')).toMatchObject({ actions: ['提交'], form: [], facts: [['部门', '甲']] })
  })

  test('a refused change does not spend the code', async () => {
    const { response_code: code } = await sent()
    const notice = { card_type: 'text_notice', main_title: { title: 'x' } }
    const answers = [
      await update(code, { atall: 1, template_card: notice }),
      await update(code, { atall: 1 }),
      await update(code, { atall: 1, ...done, template_card: notice }),
      await update(code, { atall: 1, button: { replace_name: '' } }),
      await update(code, done),
      await update(code, { userids: ['ghost'], ...done }),
      await update(code, { userids: 'u_chen', ...done }),
      await update(code, { atall: 1, agentid: '1000007', ...done }),
      await update('unknown', { atall: 1, ...done }),
      await update(7, { atall: 1, ...done }),
      await update(code, { atall: 1, agentid: 1_000_008, ...done }, await bench.token('app-secret-8')),
    ].map(({ errcode }) => errcode)
    expect(answers).toEqual([42045, 40058, 40058, 40058, 82001, 81013, 40058, 40056, 60140, 60140, 42015])
    expect((await update(code, { atall: 1, ...done })).errcode).toBe(0)
  })

  test('a code ends after 72 hours', async () => {
    const { response_code: code } = await sent()
    const { response_code: inTime } = await bench.sendCard(buttons('t-2'))
    await bench.world.advance(72 * hour - minute)
    expect((await update(inTime, { atall: 1, ...done })).errcode).toBe(0)
    await bench.world.advance(minute)
    expect((await update(code, { atall: 1, ...done })).errcode).toBe(60140)
  })
})

describe('recall', () => {
  const recall = async (msgid: unknown, as?: string) => bench.post('message/recall', { msgid }, as ?? (await bench.token()))

  test('takes a message back from every phone, and its code with it unless the switch says no', async () => {
    const { msgid, response_code: code } = await bench.sendCard(buttons('t-1'), { touser: 'u_chen|u_li' })
    expect((await recall(msgid)).errcode).toBe(0)
    expect([bench.last('u_chen'), bench.last('u_li')]).toMatchObject([
      { recalled: true, actions: [] },
      { recalled: true, actions: [] },
    ])
    expect((await update(code, { atall: 1, ...done })).errcode).toBe(60140)
    bench.world.set('wecom.recallEndsUpdates', 'no')
    expect((await update(code, { atall: 1, ...done })).errcode).toBe(0)
    await expect(bench.press('u_chen', '接单')).rejects.toThrow('recalled')
  })

  test('not after a day, not by another app, not what was never sent', async () => {
    const { msgid } = await bench.send(text('hi'))
    expect((await recall(msgid, await bench.token('app-secret-8'))).errcode).toBe(40058)
    expect((await recall('unknown')).errcode).toBe(40058)
    await bench.world.advance(24 * hour + minute)
    expect((await recall(msgid)).errcode).toBe(42052)
    expect(bench.last('u_chen').recalled).toBe(false)
  })
})
