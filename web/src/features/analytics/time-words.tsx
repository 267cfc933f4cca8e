// What the time chart says in words: one sentence for each bar, and the table that holds the same numbers.
import { useMemo } from 'react'
import type { Twin } from '@/components/charts/frame'
import type { Column } from '@/components/data-table'
import { Change } from '@/components/change'
import { changeOf } from '@/lib/comparison'
import type { Format } from '@/lib/format'
import { useText, type Text } from '@/lib/i18n/text'
import type { Bar, SeriesMetric } from '@/lib/series'
import { useFormat } from '@/lib/use-format'

/** A bar with the one that it is compared with, when there is one. */
export interface PairedBar extends Bar { before: Bar | null }

/** "2026-03-08" or "2026-03-08T01:00-05:00" as people write it: the local wall time, whatever the reader's zone. */
function localLabel(local: string, format: Format, style: 'short' | 'long'): string {
    const day = format.day(local.slice(0, 10), style)
    return local.length > 10 ? `${day}, ${local.slice(11, 16)}` : day
}

export function tickLabel(local: string, format: Format): string {
    const time = local.slice(11, 16)
    return time && time !== '00:00' ? time : format.day(local.slice(0, 10), 'short')
}

const shownValue = (metric: SeriesMetric, format: Format) => (value: number | null) =>
    metric === 'mean_dwell_s' ? format.duration(value) : format.exact(value)

function alone(bar: Bar, metric: SeriesMetric, format: Format, text: Text): string {
    const when = localLabel(bar.local, format, 'long')
    if (bar.state !== 'measured' && bar.value === null) return text(`chart.bar.${bar.state}`, { when })
    const value = shownValue(metric, format)(bar.value)
    if (bar.low === null || bar.high === null) return text('chart.bar', { when, name: text(`metric.${metric}`), value })
    return text('chart.bar.band', {
        when, name: text(`metric.${metric}`), value, low: format.exact(bar.low), high: format.exact(bar.high),
    })
}

/** The bar's sentence, and the one of the bar before it. */
export function sentence(bar: PairedBar, metric: SeriesMetric, format: Format, text: Text): string {
    const now = alone(bar, metric, format, text)
    if (!bar.before) return now
    return text('chart.bar.compared', { now, before: alone(bar.before, metric, format, text) })
}

/** The table twin. With a comparison it says what was before, and the change, in both table and file. */
export function useTwin(bars: PairedBar[], metric: SeriesMetric, zone: string, isCompared: boolean): Twin<PairedBar> {
    const text = useText()
    const format = useFormat()
    return useMemo(() => {
        const name = text(`metric.${metric}`)
        const when = metric === 'reach' ? text('chart.utc_day') : text('chart.when', { zone })
        const show = shownValue(metric, format)
        const banded: Column<PairedBar>[] = metric !== 'ots' ? [] : [
            { id: 'low', header: text('chart.low'), value: (bar) => bar.low, cell: (bar) => format.exact(bar.low), numeric: true },
            { id: 'high', header: text('chart.high'), value: (bar) => bar.high, cell: (bar) => format.exact(bar.high), numeric: true },
        ]
        const compared: Column<PairedBar>[] = !isCompared ? [] : [
            {
                id: 'before', header: text('change.before'), value: (bar) => bar.before?.value ?? null,
                cell: (bar) => show(bar.before?.value ?? null), numeric: true,
            },
            {
                id: 'change', header: text('change.title'), value: (bar) => changeOf(bar.before?.value, bar.value),
                cell: (bar) => <Change share={changeOf(bar.before?.value, bar.value)} />, numeric: true,
            },
        ]
        return {
            rows: bars,
            rowKey: (bar) => bar.key,
            columns: [
                { id: 'when', header: when, value: (bar) => bar.key, cell: (bar) => localLabel(bar.local, format, 'long') },
                { id: 'value', header: name, value: (bar) => bar.value, cell: (bar) => show(bar.value), numeric: true },
                ...compared,
                ...banded,
                {
                    id: 'coverage', header: text('made.coverage'), value: (bar) => bar.coverage,
                    cell: (bar) => format.percent(bar.coverage), numeric: true,
                },
                { id: 'state', header: text('chart.state'), value: (bar) => text(`chart.state.${bar.state}`) },
            ],
            csv: {
                header: ['start', 'local', metric, 'low', 'high', 'coverage', 'state', ...(isCompared ? ['before'] : [])],
                row: (bar) => [
                    bar.key, bar.local, bar.value, bar.low, bar.high, bar.coverage, bar.state,
                    ...(isCompared ? [bar.before?.value] : []),
                ],
            },
        }
    }, [bars, metric, zone, isCompared, text, format])
}
