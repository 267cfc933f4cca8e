import { useMemo } from 'react'
import type { Summary } from '@/api/schema'
import { BarRows } from '@/components/charts/bar-rows'
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
    const rows = bins.map((bin) => ({
        key: bin.key, label: bin.label, value: bin.visits, shown: format.exact(bin.visits), share: format.percent(bin.share),
    }))
    return (
        <ChartFrame
            id="dwell"
            title={title}
            note={text('dwell.note', { mean: format.duration(summary.totals.mean_dwell_s) })}
            fileName={`${campaignName}-dwell`}
            twin={twin}
        >
            <BarRows
                summary={[title, ...rows.map((row) => text('dwell.bar', { bin: row.label, visits: row.shown, share: row.share }))].join('. ')}
                rows={rows}
            />
        </ChartFrame>
    )
}
