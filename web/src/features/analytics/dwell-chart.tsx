import { useMemo } from 'react'
import type { Summary } from '@/api/schema'
import { BarChart } from '@/components/charts/bar-chart'
import { ChartFrame, type Twin } from '@/components/charts/frame'
import type { Format } from '@/lib/format'
import { useText, type Text } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { binsOf, type Bin } from './dwell-bins'

function twinOf(bins: Bin[], text: Text, format: Format): Twin<Bin> {
    return {
        rows: bins,
        rowKey: (bin) => bin.key,
        columns: [
            { id: 'bin', header: text('dwell.bin'), value: (bin) => bin.from, cell: (bin) => bin.label },
            { id: 'visits', header: text('metric.visits'), value: (bin) => bin.visits, cell: (bin) => format.exact(bin.visits), numeric: true },
            { id: 'share', header: text('dwell.share'), value: (bin) => bin.share, cell: (bin) => format.percent(bin.share), numeric: true },
        ],
        csv: { header: ['from_s', 'to_s', 'visits', 'share'], row: (bin) => [bin.from, bin.to, bin.visits, bin.share] },
    }
}

export function DwellChart({ summary, campaignName }: { summary: Summary; campaignName: string }) {
    const text = useText()
    const format = useFormat()
    const bins = useMemo(() => binsOf(summary, text), [summary, text])
    const twin = useMemo(() => twinOf(bins, text, format), [bins, text, format])
    const title = text('dwell.title')
    return (
        <ChartFrame
            title={title}
            note={text('dwell.note', { mean: format.duration(summary.totals.mean_dwell_s) })}
            fileName={`${campaignName}-dwell`}
            twin={twin}
        >
            <BarChart
                summary={`${title}.`}
                help={text('chart.help')}
                bars={bins.map((bin) => ({ key: bin.key, value: bin.visits }))}
                ticks={bins.map((_, i) => i)}
                tickLabel={(i) => bins[i]?.label ?? ''}
                axisValue={format.short}
                barLabel={(i) => format.percent(bins[i]?.share)}
                describe={(i) => (bins[i] ? text('dwell.bar', {
                    bin: bins[i].label, visits: format.exact(bins[i].visits), share: format.percent(bins[i].share),
                }) : '')}
            />
        </ChartFrame>
    )
}
