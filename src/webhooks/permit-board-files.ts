/** The board's own style: large enough for a wall, and every light told by a mark and a word as well as by its colour. Contrast at least 4.5 : 1 (WCAG 2.2, 1.4.3). */
export const boardStyle = `:root { color-scheme: dark; font-family: system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
* { box-sizing: border-box; }
body { margin: 0; background: #11161d; color: #f2f5f8; font-size: clamp(15px, 1.25vw, 26px); line-height: 1.45; }
main { padding: 1rem 1.5rem 2rem; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem 2rem; }
h1 { font-size: 1.5em; margin: 0; }
.counts { font-size: 1.3em; font-weight: 700; margin: 0; }
.time { margin: 0 0 0 auto; color: #b6c2cf; font-variant-numeric: tabular-nums; }
table { width: 100%; border-collapse: collapse; margin-top: .8rem; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: left; padding: .45em .6em; border-bottom: 1px solid #2c3642; vertical-align: top; }
thead th { color: #b6c2cf; font-weight: 600; }
tbody th { font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
td:last-child { font-variant-numeric: tabular-nums; white-space: nowrap; }
.light { font-weight: 700; white-space: nowrap; border-left: .5em solid transparent; }
.red { background: #4a1114; } .red .light { color: #ffb3ae; border-left-color: #ff4d4f; }
.yellow .light { color: #ffd666; border-left-color: #fadb14; }
.green .light { color: #95de64; border-left-color: #52c41a; }
.empty { font-size: 1.3em; }
#frozen, .incomplete { margin: 0; padding: .6em 1.5rem; background: #ff4d4f; color: #1a0000; font-weight: 700; }
.frozen main { opacity: .35; }
@media (max-width: 700px) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { display: block; padding: .5em 0; border-bottom: 1px solid #2c3642; }
  th, td { display: block; border-bottom: 0; padding: .1em .6em; white-space: normal; }
}
`

/** Fetches the page again every ten seconds and shows what is new. When that fails the board says so and goes pale: a picture of the past must not look like now. */
export const boardScript = `const every = 10000
const patience = 30000
let last = Date.now()
const frozen = document.getElementById('frozen')
const show = (isFrozen) => {
  frozen.hidden = !isFrozen
  document.body.classList.toggle('frozen', isFrozen)
  if (isFrozen) frozen.querySelector('span').textContent = document.querySelector('.time')?.textContent ?? ''
}
const refresh = async () => {
  try {
    const answer = await fetch(location.href, { cache: 'no-store', signal: AbortSignal.timeout(8000) })
    if (!answer.ok) throw new Error(String(answer.status))
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main')
    if (!fresh?.querySelector('.time')) throw new Error('no board')
    document.querySelector('main').replaceWith(fresh)
    last = Date.now()
  } catch {
    // The next try comes by itself; until then the age decides.
  }
  show(Date.now() - last > patience)
  setTimeout(refresh, every)
}
setInterval(() => show(Date.now() - last > patience), 1000)
setTimeout(refresh, every)
`
