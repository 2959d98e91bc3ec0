/**
 * Where works are, and how near each other. WGS-84 degrees; metres along the ground, whatever the heights: of two works one above the other the distance is 0.
 */
export type Spot = { readonly lat: number; readonly lng: number }

const earthRadius = 6_371_008.8
const metresPerDegree = (earthRadius * Math.PI) / 180
const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** Whether these are coordinates at all. What is not placed is taken to be within reach of everything. */
export const isPlaced = ({ lat, lng }: Spot): boolean => Math.abs(lat) <= 90 && Math.abs(lng) <= 180

/** Distance along the ground by the haversine formula on the mean sphere, in metres to the millimetre; off by less than 0.6 %. NaN for what is not placed. */
export const distanceMetres = (a: Spot, b: Spot): number => {
  if (!isPlaced(a) || !isPlaced(b)) return Number.NaN
  const dLat = Math.sin(radians(b.lat - a.lat) / 2)
  const dLng = Math.sin(radians(b.lng - a.lng) / 2)
  const h = dLat * dLat + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * dLng * dLng
  return Math.round(2000 * earthRadius * Math.asin(Math.min(1, Math.sqrt(h)))) / 1000
}

/** The clauses say 30 m 内, 15 m 内, 10 m 内, 25 m 以内: the radius itself belongs to it. An unknown distance is within. */
export const isWithin = (distance: number, metres: number): boolean => !(distance > metres)

/** Side of a cell. Wider than the widest radius of the standard, so few cells are read; small beside a plant, so they hold few works. */
const cellMetres = 50
const rowDegrees = cellMetres / metresPerDegree

const rowOf = (lat: number): number => Math.floor((lat + 90) / rowDegrees)

/** Columns of a row: as many as its wider edge has room for, so a cell is never narrower than its side except where the last one closes the circle. */
const columnsOf = (row: number): number => {
  const edges = [row, row + 1].map((edge) => Math.min(90, Math.max(-90, edge * rowDegrees - 90)))
  const widest = Math.max(...edges.map((lat) => Math.cos(radians(lat))), edges.some((lat) => lat === 0) ? 1 : 0)
  return Math.max(1, Math.floor((360 / rowDegrees) * widest))
}

const columnOf = (lng: number, columns: number): number => Math.floor((((lng + 180) % 360) / 360) * columns)

/** Distances are told to the millimetre, so what is half of one farther may still be within. */
const millimetre = 0.001

const cellName = (row: number, column: number): string => `${row}.${column}`

/** The cell under which a work at this spot is kept. Throws RangeError for what is not placed. */
export const cellOf = (spot: Spot): string => {
  if (!isPlaced(spot)) throw new RangeError(`${spot.lat}, ${spot.lng} is no place on earth`)
  const row = rowOf(spot.lat)
  return cellName(row, columnOf(spot.lng, columnsOf(row)))
}

/** Degrees of longitude that so many metres can span at these latitudes; all round near a pole. */
const lngSpan = (metres: number, southernmost: number, northernmost: number): number => {
  const narrowest = Math.min(Math.cos(radians(southernmost)), Math.cos(radians(northernmost)))
  const half = Math.sin(metres / earthRadius / 2) / Math.max(narrowest, 1e-12)
  return half >= 1 ? 180 : (2 * Math.asin(half) * 180) / Math.PI
}

/**
 * The cells to read so that nothing within so many metres of the spot is missed. Throws RangeError for what is not placed: its neighbours cannot be told, so
 * the application refuses it before.
 */
export const cellsOf = (spot: Spot, metres: number): readonly string[] => {
  const own = cellOf(spot)
  const reach = metres * (1 + 1e-9) + millimetre
  const south = Math.max(-90, spot.lat - reach / metresPerDegree)
  const north = Math.min(90, spot.lat + reach / metresPerDegree)
  const span = lngSpan(reach, south, north)
  const cells = new Set([own])
  for (let row = rowOf(south); row <= rowOf(north); row += 1) {
    const columns = columnsOf(row)
    const first = Math.floor(((spot.lng - span + 180) / 360) * columns)
    const last = Math.floor(((spot.lng + span + 180) / 360) * columns)
    for (let column = first; column <= Math.min(last, first + columns - 1); column += 1) {
      cells.add(cellName(row, ((column % columns) + columns) % columns))
    }
  }
  return [...cells]
}
