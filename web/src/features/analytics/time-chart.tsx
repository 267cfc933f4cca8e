import { useMemo, useState } from 'react'
import type { Metrics } from '@/api/schema'
import { BarChart } from '@/components/charts/bar-chart'
import { ChartFrame } from '@/components/charts/frame'
import { SelectField } from '@/components/select-field'
import { alignedBefore } from '@/lib/comparison'
import { zoneName } from '@/lib/format'
import { useLocale, useText } from '@/lib/i18n/text'
import { barsOf, gapsOf, seriesMetrics, ticksOf, type Bar, type SeriesMetric } from '@/lib/series'
import { useFormat } from '@/lib/use-format'
import { sentence, tickLabel, useTwin, type PairedBar } from './time-words'

/** With nothing to compare, nothing is before. */
function paired(bars: Bar[], metric: SeriesMetric, before: ComparedSeries | undefined): PairedBar[] {
    const past = before ? alignedBefore(bars, barsOf(before.metrics, metric), before.shift) : []
    return bars.map((bar, i) => ({ ...bar, before: past[i] ?? null }))
}

export interface ComparedSeries { metrics: Metrics; shift: number }

export function TimeChart({ metrics, campaignName, before }: {
    metrics: Metrics; campaignName: string; before?: ComparedSeries | undefined
}) {
    const text = useText()
    const format = useFormat()
    const locale = useLocale()
    const [metric, setMetric] = useState<SeriesMetric>('ots')
    const bars = useMemo(() => paired(barsOf(metrics, metric), metric, before), [metrics, metric, before])
    const twin = useTwin(bars, metric, metrics.zone, before !== undefined)
    const gaps = gapsOf(bars).map((gap) => ({ ...gap, label: text(`chart.state.${gap.state}`) }))
    const grain = metric === 'reach' ? 'utc_day' : metrics.grain
    const title = text(`chart.time.${grain}`, { name: text(`metric.${metric}`) })
    const zone = zoneName(metrics.zone, locale, new Date(metrics.buckets[0]?.start ?? 0))
    // Hours are too thin to carry a band; the table has it.
    const drawn = grain === 'hour' ? bars.map((bar) => ({ ...bar, low: null, high: null })) : bars
    const hasBands = drawn.some((bar) => bar.low !== null)
    const short = (value: number) => (metric === 'mean_dwell_s' ? format.duration(value) : format.short(value))
    return (
        <ChartFrame
            id="time"
            title={title}
            note={
                <>
                    {metric === 'reach' ? text('chart.time.utc_note') : text(hasBands ? 'chart.time.band_note' : 'chart.time.note', { zone })}
                    {before && <span className="block">{text('chart.time.before_note')}</span>}
                </>
            }
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
                bars={drawn.map((bar) => ({
                    key: bar.key, value: bar.value, low: bar.low, high: bar.high, before: bar.before?.value ?? null,
                    faded: bar.state === 'pending' || (bar.coverage !== null && bar.coverage < 0.5),
                }))}
                gaps={gaps}
                ticks={ticksOf(bars, 10)}
                tickLabel={(i) => (bars[i] ? tickLabel(bars[i].local, format) : '')}
                axisValue={short}
                describe={(i) => (bars[i] ? sentence(bars[i], metric, format, text) : '')}
                // The line of what was before would run through the numbers.
                {...(bars.length <= 14 && !before ? { barLabel: (i: number) => short(bars[i]?.value ?? 0) } : {})}
            />
        </ChartFrame>
    )
}
