/** The scenes of the sample photos, as drawings: concrete, steel, oil and boxes. `sample-photos.ts` makes them look photographed. */

export type Label = {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly height: number
  readonly colour: string
  readonly turn?: number
}
export type Scene = { readonly svg: string; readonly labels: readonly Label[] }

const width = 1280
const height = 960

const stop = ([at, colour, opacity = 1]: readonly [number, string, number?]): string =>
  `<stop offset="${at}" stop-color="${colour}" stop-opacity="${opacity}"/>`
const linear = (id: string, turn: 'down' | 'across', ...stops: readonly (readonly [number, string, number?])[]): string =>
  `<linearGradient id="${id}" x1="0" y1="0" x2="${turn === 'across' ? 1 : 0}" y2="${turn === 'down' ? 1 : 0}">${stops.map(stop).join('')}</linearGradient>`
const radial = (id: string, ...stops: readonly (readonly [number, string, number?])[]): string =>
  `<radialGradient id="${id}">${stops.map(stop).join('')}</radialGradient>`
const box = (x: number, y: number, w: number, h: number, fill: string, more = ''): string =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${fill}" ${more}/>`
const disc = (x: number, y: number, rx: number, ry: number, fill: string, more = ''): string =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}" ${more}/>`

/** A surface lit from the upper left, rough at the given scale: concrete, plaster, cast iron. */
const rough = (id: string, frequency: string, depth: number, light: string): string =>
  `<filter id="${id}" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="5" seed="7"/>
   <feDiffuseLighting surfaceScale="${depth}" lighting-color="${light}"><feDistantLight azimuth="225" elevation="58"/></feDiffuseLighting>
   <feComposite operator="in" in2="SourceGraphic"/></filter>`
const blotches = (id: string, frequency: string, colour: string): string =>
  `<filter id="${id}" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="4" seed="21"/>
   <feColorMatrix values="0 0 0 0 ${colour} 0 0 0 3.2 -1.5"/><feComposite operator="in" in2="SourceGraphic"/></filter>`
const soft = (id: string, by: number): string =>
  `<filter id="${id}" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="${by}"/></filter>`
const wavy = (id: string, by: number): string =>
  `<filter id="${id}" x="-10%" y="-20%" width="120%" height="140%"><feTurbulence type="fractalNoise" baseFrequency="0.012" numOctaves="3" seed="4" result="n"/>
   <feDisplacementMap in="SourceGraphic" in2="n" scale="${by}" xChannelSelector="R" yChannelSelector="G"/></filter>`

const shared = [
  rough('concrete', '0.035 0.09', 2.6, '#b9b4aa'),
  rough('plaster', '0.02', 1.3, '#c9cbc4'),
  rough('iron', '0.5', 0.9, '#ffffff'),
  blotches('stains', '0.008 0.02', '0.16 0 0 0 0 0.13 0 0 0 0 0.1'),
  soft('blur2', 2),
  soft('blur6', 6),
  soft('blur18', 18),
  wavy('wavy', 70),
  linear('steel', 'down', [0, '#5b6064'], [0.22, '#e9edef'], [0.5, '#9aa1a6'], [0.85, '#4a4f53'], [1, '#72787c']),
  linear('steelV', 'across', [0, '#4d5256'], [0.25, '#e6eaec'], [0.55, '#99a0a5'], [0.9, '#43484c'], [1, '#6d7377']),
  linear('blue', 'down', [0, '#1c3f63'], [0.2, '#7fb0dc'], [0.45, '#2f6ea8'], [0.85, '#14304d'], [1, '#21486e']),
  linear('green', 'down', [0, '#2c4a3b'], [0.2, '#8fb7a0'], [0.5, '#4c7d63'], [0.9, '#1f372b'], [1, '#33523f']),
  linear('yellowV', 'across', [0, '#9c6f05'], [0.3, '#ffe27a'], [0.6, '#f0b41a'], [1, '#8a6204']),
  linear('yellow', 'down', [0, '#b98408'], [0.3, '#ffe27a'], [0.6, '#f0b41a'], [1, '#7d5903']),
  linear('shade', 'down', [0, '#000', 0.55], [0.35, '#000', 0.05], [1, '#000', 0]),
  linear('floorShade', 'down', [0, '#000', 0.5], [0.4, '#000', 0.12], [1, '#000', 0.3]),
].join('')

const draw = (defs: string, body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${shared}${defs}</defs>${body}</svg>`

const bolts = (cx: number, cy: number, rx: number, ry: number, many: number): string =>
  Array.from({ length: many }, (_, i) => {
    const angle = (i / many) * 2 * Math.PI
    const [x, y] = [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)]
    return disc(x + 1, y + 2, 7, 8, '#1d2022') + disc(x, y, 6, 7, '#8f979c') + disc(x - 2, y - 2, 2, 2, '#dde2e5')
  }).join('')

const hazardStripes = (x: number, y: number, w: number, h: number): string => {
  const stripes = Array.from({ length: Math.ceil(w / 40) + 1 }, (_, i) => {
    const at = x + i * 40
    return `<polygon points="${at},${y} ${at + 20},${y} ${at},${y + h} ${at - 20},${y + h}" fill="#17181a"/>`
  })
  return `<g><clipPath id="c${x}"><rect x="${x}" y="${y}" width="${w}" height="${h}"/></clipPath>${box(x, y, w, h, '#d9a514')}<g clip-path="url(#c${x})">${stripes.join('')}</g></g>`
}

const room = (wall: string, floorAt: number): string =>
  box(0, 0, width, floorAt, wall) +
  box(0, 0, width, floorAt, '#fff', 'filter="url(#plaster)" opacity="0.55" style="mix-blend-mode:multiply"') +
  box(0, floorAt, width, height - floorAt, '#8d8a83') +
  box(0, floorAt, width, height - floorAt, '#fff', 'filter="url(#concrete)" opacity="0.85"') +
  box(0, floorAt, width, height - floorAt, '#fff', 'filter="url(#stains)" opacity="0.6"') +
  box(0, 0, width, floorAt, 'url(#shade)') +
  box(0, floorAt, width, height - floorAt, 'url(#floorShade)')

const motor = (x: number, y: number): string => {
  const fins = Array.from({ length: 13 }, (_, i) => box(x + 20, y + 12 + i * 15, 300, 5, '#0b2036', 'opacity="0.55"'))
  return (
    box(x, y, 340, 214, 'url(#blue)', 'rx="26"') +
    fins.join('') +
    box(x + 110, y - 46, 120, 60, 'url(#blue)', 'rx="8"') +
    box(x + 124, y - 36, 92, 36, '#2a5f92', 'rx="4"') +
    box(x + 330, y + 20, 44, 174, 'url(#steel)', 'rx="10"') +
    box(x + 30, y + 206, 70, 40, '#173451') +
    box(x + 240, y + 206, 70, 40, '#173451') +
    box(x, y, 340, 214, '#fff', 'rx="26" filter="url(#iron)" opacity="0.12"')
  )
}

const pump = (x: number, y: number): string =>
  box(x - 130, y - 34, 150, 68, 'url(#steel)') +
  box(x - 96, y - 58, 36, 116, 'url(#green)', 'rx="6"') +
  disc(x + 120, y, 158, 166, 'url(#green)') +
  disc(x + 120, y, 158, 166, '#fff', 'filter="url(#iron)" opacity="0.16"') +
  disc(x + 120, y, 112, 118, '#3f6a53', 'stroke="#22392d" stroke-width="7"') +
  bolts(x + 120, y, 134, 141, 12) +
  disc(x + 120, y, 52, 56, 'url(#steel)') +
  disc(x + 112, y - 10, 22, 24, '#f1f4f5', 'opacity="0.5" filter="url(#blur6)"') +
  box(x + 70, y - 440, 104, 300, 'url(#steelV)') +
  box(x + 40, y - 196, 164, 34, 'url(#green)', 'rx="6"') +
  box(x + 40, y - 158, 164, 30, 'url(#green)', 'rx="6"') +
  box(x + 270, y - 52, 420, 104, 'url(#steel)') +
  box(x + 262, y - 92, 32, 184, 'url(#green)', 'rx="6"') +
  box(x + 298, y - 92, 32, 184, 'url(#green)', 'rx="6"') +
  [-62, -20, 22, 64].map((dy) => box(x + 252, y + dy - 8, 90, 14, '#9aa2a7', 'rx="4"')).join('')

const gauge = (x: number, y: number): string =>
  box(x - 5, y + 30, 10, 60, '#8b9297') +
  disc(x, y, 44, 44, '#2b2e30') +
  disc(x, y, 37, 37, '#f2f0e8') +
  `<path d="M${x - 24} ${y + 16} A 29 29 0 1 1 ${x + 24} ${y + 16}" fill="none" stroke="#3a3d3f" stroke-width="3"/><path d="M${x} ${y} L${x + 18} ${y - 20}" stroke="#c22" stroke-width="4"/>` +
  disc(x, y, 5, 5, '#222') +
  disc(x - 14, y - 16, 12, 8, '#fff', 'opacity="0.7"')

const pumpRoom = (floor: string): string =>
  room('#a9b3ad', 560) +
  box(0, 500, width, 62, '#4f6f78') +
  hazardStripes(0, 556, width, 20) +
  box(0, 96, width, 46, 'url(#steel)') +
  box(980, 0, 58, 545, 'url(#steelV)') +
  box(0, 168, width, 26, 'url(#yellow)') +
  box(120, 720, 900, 90, '#6c6a65', 'rx="6"') +
  box(120, 720, 900, 90, '#fff', 'rx="6" filter="url(#concrete)" opacity="0.7"') +
  disc(560, 812, 520, 40, '#000', 'opacity="0.45" filter="url(#blur18)"') +
  motor(150, 470) +
  pump(590, 580) +
  gauge(800, 420) +
  floor

const oil = (): string =>
  `<g filter="url(#wavy)">${disc(800, 868, 390, 78, '#0d0b08', 'opacity="0.93"')}${disc(560, 900, 180, 36, '#0f0d09', 'opacity="0.9"')}</g>` +
  `<path d="M868 660 C 862 700 876 740 866 790 C 862 822 856 846 850 868 L 892 868 C 896 820 890 760 896 700 L 890 660 Z" fill="#14100a" opacity="0.94"/>` +
  `<path d="M882 676 C 878 730 888 780 880 850" stroke="#e0b566" stroke-width="4" fill="none" opacity="0.75" filter="url(#blur2)"/>` +
  `<g filter="url(#wavy)" opacity="0.62">${disc(700, 858, 190, 17, '#cfdde6', 'filter="url(#blur6)"')}${disc(960, 880, 110, 10, '#a9bccb', 'filter="url(#blur6)"')}` +
  `${disc(800, 896, 180, 12, '#7d5fae', 'opacity="0.65" filter="url(#blur6)"')}${disc(900, 906, 120, 8, '#3f9c8f', 'opacity="0.65" filter="url(#blur6)"')}${disc(640, 890, 90, 8, '#b8803a', 'opacity="0.7" filter="url(#blur6)"')}</g>` +
  [0, 1, 2, 3, 4, 5]
    .map((i) => disc(420 + i * 47 + (i % 2) * 20, 850 + ((i * 37) % 70), 10 + (i % 3) * 5, 4 + (i % 3), '#15110b'))
    .join('')

const absorbent = (): string =>
  disc(800, 868, 330, 46, '#c9c4b8', 'opacity="0.35" filter="url(#blur18)"') +
  `<polygon points="820,690 935,690 930,742 826,742" fill="#e9e7df"/><polygon points="820,690 935,690 934,704 821,704" fill="#1f8f4d"/>` +
  disc(720, 872, 220, 14, '#fff', 'opacity="0.20" filter="url(#blur6)"')

export const oilLeak: Scene = {
  svg: draw('', pumpRoom(oil())),
  labels: [
    { text: '3号泵房', x: 120, y: 250, height: 74, colour: '#a3201a' },
    { text: 'P-301', x: 276, y: 440, height: 24, colour: '#e8eef4' },
    { text: '循环水', x: 1080, y: 164, height: 30, colour: '#33270a' },
  ],
}

export const fixedOilLeak: Scene = {
  svg: draw('', pumpRoom(absorbent())),
  labels: [...oilLeak.labels, { text: '已更换垫片', x: 832, y: 708, height: 18, colour: '#26302a' }],
}

const grating = (): string => {
  const bars = Array.from(
    { length: 34 },
    (_, i) => `<path d="M${640 + (i - 17) * 34} 610 L${640 + (i - 17) * 92} 960" stroke="#2d3133" stroke-width="6"/>`,
  )
  const cross = Array.from({ length: 12 }, (_, i) => {
    const y = 610 + i * i * 2.7
    return `<path d="M0 ${y} H${width}" stroke="#6c7376" stroke-width="${3 + i * 0.8}"/><path d="M0 ${y - 2} H${width}" stroke="#b4babd" stroke-width="1.5"/>`
  })
  return box(0, 606, width, 354, '#43484a') + bars.join('') + cross.join('') + box(0, 606, width, 354, 'url(#floorShade)')
}

const post = (x: number, top: number, bottom: number, lean = 0): string =>
  `<g transform="rotate(${lean} ${x + 18} ${bottom})">${box(x, top, 36, bottom - top, 'url(#yellowV)', 'rx="6"')}${box(x - 22, bottom - 14, 80, 20, 'url(#yellow)', 'rx="3"')}</g>`

export const looseGuardrail: Scene = {
  svg: draw(
    linear('sky', 'down', [0, '#8fb3d3'], [0.7, '#d7e2e8'], [1, '#c6ccc8']),
    box(0, 0, width, 640, 'url(#sky)') +
      `<g filter="url(#blur6)">${box(90, 250, 150, 380, '#93a0a4')}${box(300, 330, 240, 300, '#a9b1b0')}${disc(420, 330, 120, 40, '#b9c1c0')}${box(840, 180, 90, 450, '#8b989d')}${box(960, 380, 260, 250, '#9fa9a9')}${box(560, 440, 300, 190, '#8d9797')}${box(700, 90, 22, 540, '#a07a6a')}</g>` +
      grating() +
      post(90, 250, 690) +
      post(1110, 250, 690) +
      post(610, 258, 720, 13) +
      `<path d="M60 282 L640 282 " stroke="url(#yellow)" stroke-width="34"/>${box(60, 262, 640, 36, 'url(#yellow)', 'rx="16"')}` +
      `<g transform="rotate(7 720 300)">${box(712, 300, 470, 36, 'url(#yellow)', 'rx="16"')}</g>` +
      box(80, 458, 520, 28, 'url(#yellow)', 'rx="12"') +
      `<g transform="rotate(15 690 480)">${box(690, 476, 330, 28, 'url(#yellow)', 'rx="12"')}</g>` +
      box(60, 632, 500, 58, '#d8a318') +
      `<path d="M596 704 C 606 690 640 688 668 700 L 676 732 L 590 732 Z" fill="#5b3a1c" opacity="0.85" filter="url(#blur2)"/>` +
      disc(604, 738, 11, 7, '#111') +
      disc(662, 742, 11, 7, '#111') +
      `<g transform="rotate(-28 760 800)">${box(742, 790, 52, 15, 'url(#steel)', 'rx="4"')}${box(736, 784, 14, 27, '#7c8387', 'rx="2"')}</g>`,
  ),
  labels: [{ text: '当心坠落', x: 150, y: 645, height: 34, colour: '#201a08' }],
}

const carton = (x: number, y: number, w: number, h: number, tone: string): string =>
  box(x, y, w, h, tone) +
  box(x, y, w, h, '#fff', 'filter="url(#plaster)" opacity="0.35"') +
  box(x + w * 0.44, y, w * 0.12, h, '#d9bd85', 'opacity="0.75"') +
  `<polygon points="${x},${y} ${x + w},${y} ${x + w - 22},${y - 26} ${x + 18},${y - 26}" fill="#d2ac77"/>` +
  box(x + w - 14, y, 14, h, '#000', 'opacity="0.16"') +
  box(x, y + h - 10, w, 10, '#000', 'opacity="0.18"')

export const blockedExit: Scene = {
  svg: draw(
    radial('glow', [0, '#7dffb0', 0.75], [1, '#7dffb0', 0]),
    room('#b9b6aa', 700) +
      `<polygon points="0,0 170,90 170,760 0,960" fill="#8f8d84"/><polygon points="1280,0 1110,90 1110,760 1280,960" fill="#9d9a90"/>` +
      box(400, 190, 480, 540, '#596a62') +
      box(418, 208, 216, 520, '#7e9186') +
      box(646, 208, 216, 520, '#7e9186') +
      box(446, 250, 160, 170, '#b7cdd0', 'opacity="0.8"') +
      box(674, 250, 160, 170, '#a8c1c5', 'opacity="0.8"') +
      box(430, 500, 190, 20, 'url(#steel)', 'rx="8"') +
      box(660, 500, 190, 20, 'url(#steel)', 'rx="8"') +
      disc(640, 112, 300, 120, 'url(#glow)') +
      box(480, 66, 320, 92, '#0c8f4f', 'rx="8" stroke="#0a5d35" stroke-width="6"') +
      disc(640, 840, 520, 70, '#000', 'opacity="0.45" filter="url(#blur18)"') +
      carton(330, 520, 250, 190, '#b98e58') +
      carton(590, 470, 290, 250, '#c09763') +
      carton(270, 690, 330, 200, '#b48751') +
      carton(600, 700, 260, 190, '#bd935e') +
      carton(850, 650, 220, 240, '#a97f4c') +
      box(240, 888, 860, 22, '#7d6140') +
      box(260, 910, 60, 26, '#5f482e') +
      box(620, 910, 60, 26, '#5f482e') +
      box(1010, 910, 60, 26, '#5f482e') +
      hazardStripes(170, 742, 90, 18),
  ),
  labels: [
    { text: '安全出口', x: 536, y: 84, height: 52, colour: '#f2fff7' },
    { text: '小心轻放', x: 628, y: 590, height: 26, colour: '#6d4a22', turn: -3 },
    { text: '滤芯 ×24', x: 300, y: 800, height: 28, colour: '#5f3f1b', turn: 2 },
  ],
}

const breaker = (x: number, y: number, on: boolean): string =>
  box(x, y, 74, 130, '#e4e2da', 'rx="4"') +
  box(x + 22, y + 36, 30, 58, '#24272a', 'rx="3"') +
  box(x + 26, on ? y + 40 : y + 66, 22, 24, on ? '#1f9d55' : '#b3261e', 'rx="3"')

export const openCabinet: Scene = {
  svg: draw(
    '',
    room('#a7a69d', 800) +
      box(330, 90, 640, 760, '#9aa09c', 'rx="8"') +
      box(366, 130, 568, 680, '#33383a', 'rx="4"') +
      `<polygon points="330,90 120,30 120,900 330,850" fill="#b3b8b2"/><polygon points="330,90 300,82 300,858 330,850" fill="#7f8581"/>` +
      [0, 1]
        .map(
          (row) =>
            box(392, 220 + row * 220, 516, 14, '#bfc4c6') +
            [0, 1, 2, 3, 4, 5].map((i) => breaker(400 + i * 84, 170 + row * 220, (i + row) % 4 !== 1)).join(''),
        )
        .join('') +
      ['#c0392b', '#2c7fb8', '#e0b000', '#2c7fb8', '#1c1c1c', '#3a9a4f', '#c0392b']
        .map(
          (colour, i) =>
            `<path d="M${430 + i * 70} 530 C ${410 + i * 80} 640 ${520 + i * 30} 640 ${470 + i * 56} 810" stroke="${colour}" stroke-width="11" fill="none"/>`,
        )
        .join('') +
      `<path d="M700 540 C 720 660 880 660 1000 880" stroke="#c0392b" stroke-width="12" fill="none"/>` +
      `<polygon points="190,250 262,376 118,376" transform="translate(30 10)" fill="#f2c200" stroke="#171717" stroke-width="9"/><path d="M222 296 l-18 44 h18 l-10 34 l30 -46 h-18 l14 -32 z" fill="#171717"/>`,
  ),
  labels: [
    { text: '当心触电', x: 150, y: 420, height: 34, colour: '#1b1b1b' },
    { text: '2号配电箱', x: 540, y: 98, height: 28, colour: '#22303a' },
  ],
}
