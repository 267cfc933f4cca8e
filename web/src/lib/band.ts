interface Counted {
    visits: number | null; ots: number | null; ots_low: number | null; ots_high: number | null; calibrated_visits: number | null
}

/**
 * Between which bounds the impressions lie. The bounds are of the calibrated visits: beside people that are not in
 * them they would mislead, so then there are none.
 */
export function bandOf({ visits, ots, ots_low: low, ots_high: high, calibrated_visits: calibrated }: Counted) {
    return low !== null && high !== null && (ots ?? 0) > 0 && (calibrated ?? 0) >= (visits ?? 0) ? { low, high } : null
}
