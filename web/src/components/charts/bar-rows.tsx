import { scaleLinear } from '@visx/scale'
import { Bar } from '@visx/shape'
import { useWidth } from './use-width'

export interface BarRow {
    key: string
    label: string
    value: number
    /** The numbers at the row's end, written out */
    shown: string
    share: string
}

const rowHeight = 32
const barHeight = 16
const room = { label: 88, shown: 72, share: 60, gap: 8 }
const middle = rowHeight / 2

/** Few classes in their order, a row each: its name, its bar from zero, its numbers. Needs little width and no axis. */
export function BarRows({ summary, rows }: {
    /** Sentences that say all of it: the drawing's text for those who do not see it. */
    summary: string
    rows: BarRow[]
}) {
    const [box, width] = useWidth<HTMLDivElement>()
    const barRoom = Math.max(0, width - room.label - room.shown - room.share - room.gap)
    const x = scaleLinear<number>({ domain: [0, Math.max(1, ...rows.map((row) => row.value))], range: [0, barRoom] })
    return (
        <div ref={box}>
            <svg
                width={width} height={rows.length * rowHeight} viewBox={`0 0 ${width} ${rows.length * rowHeight}`}
                className="h-auto max-w-full" role="img" aria-label={summary}
            >
                {rows.map((row, i) => (
                    <g key={row.key} transform={`translate(0,${i * rowHeight})`}>
                        {i > 0 && <line x2={width} className="stroke-line" />}
                        <text y={middle} dominantBaseline="central" className="fill-ink text-sm">{row.label}</text>
                        <Bar
                            x={room.label} y={(rowHeight - barHeight) / 2} rx={2} className="fill-accent"
                            // What is there is seen, however few; nothing is nothing.
                            width={row.value > 0 ? Math.max(2, x(row.value)) : 0} height={barHeight}
                        />
                        <text
                            x={width - room.share} y={middle} dominantBaseline="central" textAnchor="end"
                            className="tabular fill-ink text-sm"
                        >
                            {row.shown}
                        </text>
                        <text
                            x={width} y={middle} dominantBaseline="central" textAnchor="end"
                            className="tabular fill-ink-soft text-sm"
                        >
                            {row.share}
                        </text>
                    </g>
                ))}
            </svg>
        </div>
    )
}
