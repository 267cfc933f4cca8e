import type { Summary } from '@/api/schema'

/**
 * Between which bounds the impressions lie. The bounds are of the calibrated visits: beside people that are not in
 * them they would mislead, so then there are none.
 */
export function bandOf({ visits, ots, ots_low: low, ots_high: high, calibrated_visits: calibrated }: Summary['totals']) {
    return low !== null && high !== null && ots > 0 && calibrated >= visits ? { low, high } : null
}
