import { useMemo, useState } from 'react'
import type { Metrics } from '@/api/schema'
import { BarChart } from '@/components/charts/bar-chart'
import { ChartFrame, type Twin } from '@/components/charts/frame'
import type { Column } from '@/components/data-table'
import { SelectField } from '@/components/select-field'
import { zoneName, type Format } from '@/lib/format'
import { useLocale, useText, type Text } from '@/lib/i18n/text'
import { barsOf, gapsOf, seriesMetrics, ticksOf, type Bar, type SeriesMetric } from '@/lib/series'
import { useFormat } from '@/lib/use-format'

/** "2026-03-08" or "2026-03-08T01:00-05:00" as people write it: the local wall time, whatever the reader's zone. */
function localLabel(local: string, format: Format, style: 'short' | 'long'): string {
    const day = format.day(local.slice(0, 10), style)
    return local.length > 10 ? `${day}, ${local.slice(11, 16)}` : day
}

function tickLabel(local: string, format: Format): string {
    const time = local.slice(11, 16)
    return time && time !== '00:00' ? time : format.day(local.slice(0, 10), 'short')
}

const shownValue = (metric: SeriesMetric, format: Format) => (value: number | null) =>
    metric === 'mean_dwell_s' ? format.duration(value) : format.exact(value)

function sentence(bar: Bar, metric: SeriesMetric, format: Format, text: Text): string {
    const when = localLabel(bar.local, format, 'long')
    if (bar.state !== 'measured' && bar.value === null) return text(`chart.bar.${bar.state}`, { when })
    const value = shownValue(metric, format)(bar.value)
    if (bar.low === null || bar.high === null) return text('chart.bar', { when, name: text(`metric.${metric}`), value })
    return text('chart.bar.band', {
        when, name: text(`metric.${metric}`), value, low: format.exact(bar.low), high: format.exact(bar.high),
    })
}

function useTwin(bars: Bar[], metric: SeriesMetric, zone: string): Twin<Bar> {
    const text = useText()
    const format = useFormat()
    return useMemo(() => {
        const name = text(`metric.${metric}`)
        const when = metric === 'reach' ? text('chart.utc_day') : text('chart.when', { zone })
        const show = shownValue(metric, format)
        const banded: Column<Bar>[] = metric !== 'ots' ? [] : [
            { id: 'low', header: text('chart.low'), value: (bar) => bar.low, cell: (bar) => format.exact(bar.low), numeric: true },
            { id: 'high', header: text('chart.high'), value: (bar) => bar.high, cell: (bar) => format.exact(bar.high), numeric: true },
        ]
        return {
            rows: bars,
            rowKey: (bar) => bar.key,
            columns: [
                { id: 'when', header: when, value: (bar) => bar.key, cell: (bar) => localLabel(bar.local, format, 'long') },
                { id: 'value', header: name, value: (bar) => bar.value, cell: (bar) => show(bar.value), numeric: true },
                ...banded,
                {
                    id: 'coverage', header: text('made.coverage'), value: (bar) => bar.coverage,
                    cell: (bar) => format.percent(bar.coverage), numeric: true,
                },
                { id: 'state', header: text('chart.state'), value: (bar) => text(`chart.state.${bar.state}`) },
            ],
            csv: {
                header: ['start', 'local', metric, 'low', 'high', 'coverage', 'state'],
                row: (bar) => [bar.key, bar.local, bar.value, bar.low, bar.high, bar.coverage, bar.state],
            },
        }
    }, [bars, metric, zone, text, format])
}

export function TimeChart({ metrics, campaignName }: { metrics: Metrics; campaignName: string }) {
    const text = useText()
    const format = useFormat()
    const locale = useLocale()
    const [metric, setMetric] = useState<SeriesMetric>('ots')
    const bars = useMemo(() => barsOf(metrics, metric), [metrics, metric])
    const twin = useTwin(bars, metric, metrics.zone)
    const gaps = gapsOf(bars).map((gap) => ({ ...gap, label: text(`chart.state.${gap.state}`) }))
    const grain = metric === 'reach' ? 'utc_day' : metrics.grain
    const title = text(`chart.time.${grain}`, { name: text(`metric.${metric}`) })
    const zone = zoneName(metrics.zone, locale, new Date(metrics.buckets[0]?.start ?? 0))
    // Hours are too thin to carry a band.
    const hasBands = grain === 'day' && bars.some((bar) => bar.low !== null)
    const short = (value: number) => (metric === 'mean_dwell_s' ? format.duration(value) : format.short(value))
    return (
        <ChartFrame
            title={title}
            note={metric === 'reach' ? text('chart.time.utc_note') : text(hasBands ? 'chart.time.band_note' : 'chart.time.note', { zone })}
            fileName={`${campaignName}-${metric}-${grain}`}
            twin={twin}
            tools={
                <SelectField
                    compact
                    label={text('chart.metric')}
                    value={metric}
                    onChange={setMetric}
                    choices={seriesMetrics.map((id) => ({ id, label: text(`metric.${id}`) }))}
                />
            }
        >
            <BarChart
                summary={`${title}.`}
                help={text('chart.help')}
                bars={bars.map((bar) => ({
                    key: bar.key, value: bar.value, low: bar.low, high: bar.high,
                    faded: bar.state === 'pending' || (bar.coverage !== null && bar.coverage < 0.5),
                }))}
                gaps={gaps}
                ticks={ticksOf(bars, 10)}
                tickLabel={(i) => (bars[i] ? tickLabel(bars[i].local, format) : '')}
                axisValue={short}
                describe={(i) => (bars[i] ? sentence(bars[i], metric, format, text) : '')}
                {...(bars.length <= 14 ? { barLabel: (i: number) => short(bars[i]?.value ?? 0) } : {})}
            />
        </ChartFrame>
    )
}
