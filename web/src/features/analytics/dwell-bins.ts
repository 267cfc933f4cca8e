import type { Summary } from '@/api/schema'
import type { Text } from '@/lib/i18n/text'

export interface Bin { key: string; label: string; visits: number; share: number | null; from: number; to: number | null }

function edge(seconds: number): string {
    return seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${seconds / 60} min` : `${seconds / 3600} h`
}

/** "5–15 s", "1–2 min": the unit is written once when both ends have the same. */
export function binLabel(from: number, to: number | null, text: Text): string {
    if (to === null) return text('dwell.over', { edge: edge(from) })
    if (from === 0) return text('dwell.under', { edge: edge(to) })
    const [low, high] = [edge(from), edge(to)]
    const unit = high.split(' ')[1]
    return low.endsWith(` ${unit}`) ? `${low.split(' ')[0]}–${high}` : `${low}–${high}`
}

export function binsOf(summary: Summary, text: Text): Bin[] {
    const { bins } = summary.totals
    const edges = summary.bin_edges_s
    const total = bins.reduce((sum, visits) => sum + visits, 0)
    return bins.map((visits, i) => {
        const from = edges[i] ?? 0
        const to = edges[i + 1] ?? null
        return { key: String(from), from, to, label: binLabel(from, to, text), visits, share: total > 0 ? visits / total : null }
    })
}
