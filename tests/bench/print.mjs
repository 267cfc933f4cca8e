// Numbers as a person reads them, and the lines of rows that measure requests.
import { medianOf, ratioOf } from './pairs.mjs'

export const count = (number) => Math.round(number).toLocaleString('en-CA').replaceAll(',', ' ')
export const perSecond = (number) => `${count(number)}/s`
export const digits = (number, places = 2) => (number >= 100 ? number.toFixed(0) : number >= 10 ? number.toFixed(1) : number.toFixed(places))
export const megabytes = (bytes) => `${digits(bytes / 2 ** 20, 1)} MB`

/** "**0.83** (0.79 to 0.91; 7 pairs, 1 dropped)". */
export function ratio({ median, least, most }, { kept, dropped }) {
    return `**${digits(median)}** (${digits(least)} to ${digits(most)}; ${kept} pairs${dropped ? `, ${dropped} dropped` : ''})`
}

/** Rate and CPU of a side: "5 280/s; CPU each: server 76.6 + database 149 µs". */
export function costOf(measured, side, of = 'request') {
    const median = (name) => medianOf(measured, side, (one) => one[name])
    const parts = ['server', 'database'].map((part) => [part, median(`${part}_us`)]).filter(([, cost]) => cost > 0)
    return `${perSecond(median('rate'))}; CPU a ${of}: ${parts.map(([part, cost]) => `${part} ${digits(cost)}`).join(' + ')} µs`
}

/** A line against the peer: the aim is about the server's CPU, since the database works for both. */
export function lineBesidePeer({ what, short, measured, side = 1, of, aim }) {
    const altogether = ratioOf(measured, ({ server_us, database_us }) => server_us + database_us, side)
    const rate = ratioOf(measured, (one) => one.rate, side)
    return {
        what, short, ours: costOf(measured, 0, of), limit: `Fastify + pg: ${costOf(measured, side, of)}`,
        ratio: `server's CPU ${ratio(ratioOf(measured, ({ server_us }) => server_us, side), measured)}; `
            + `with the database's ${digits(altogether.median)}; rate ${digits(rate.median)}`,
        aim,
    }
}
