// Numbers as a person reads them.
export const count = (number) => Math.round(number).toLocaleString('en-CA').replaceAll(',', ' ')
export const perSecond = (number) => `${count(number)}/s`
export const digits = (number, places = 2) => (number >= 100 ? number.toFixed(0) : number >= 10 ? number.toFixed(1) : number.toFixed(places))

/** "0.83 (0.79 to 0.91; 7 pairs, 1 dropped)". */
export function ratio({ median, least, most }, { kept, dropped }) {
    return `**${digits(median)}** (${digits(least)} to ${digits(most)}; ${kept} pairs${dropped ? `, ${dropped} dropped` : ''})`
}
