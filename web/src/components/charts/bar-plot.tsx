// The drawing inside a bar chart, layer by layer. Each shape is plain SVG, so that the picture can be saved as it is.
import { AxisBottom, AxisLeft } from '@visx/axis'
import { GridRows } from '@visx/grid'
import { scaleBand, scaleLinear } from '@visx/scale'
import { Bar } from '@visx/shape'
import { useId } from 'react'

export interface ChartBar {
    key: string
    /** null is a gap, not a zero */
    value: number | null
    low?: number | null
    high?: number | null
    /** The value that this one is compared with */
    before?: number | null
    faded?: boolean
}
export interface ChartGap { first: number; last: number; label: string }

export const margin = { top: 18, right: 8, bottom: 24, left: 46 }
const tickRoom = 58
const labelRoom = 40
const gapLabelRoom = 56
const tickText = { className: 'fill-ink-faint text-[11px]', stroke: 'none', fontFamily: 'inherit' }

export interface Scales {
    x: ReturnType<typeof scaleBand<number>>
    y: ReturnType<typeof scaleLinear<number>>
    inner: { width: number; height: number }
}

export function scalesOf(bars: readonly ChartBar[], width: number, height: number): Scales {
    const inner = { width: Math.max(0, width - margin.left - margin.right), height: height - margin.top - margin.bottom }
    const most = Math.max(0, ...bars.map((bar) => Math.max(bar.value ?? 0, bar.high ?? 0, bar.before ?? 0)))
    return {
        inner,
        x: scaleBand<number>({
            domain: bars.map((_, i) => i), range: [0, inner.width], paddingInner: bars.length > 120 ? 0.1 : 0.25,
        }),
        y: scaleLinear<number>({ domain: [0, most || 1], range: [inner.height, 0], nice: 4 }),
    }
}

const radius = (band: number) => (band > 8 ? 2 : 0)

function Gaps({ gaps, scales: { x, inner } }: { gaps: readonly ChartGap[]; scales: Scales }) {
    const hatchId = useId()
    return (
        <>
            <defs>
                <pattern id={hatchId} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <line x1="0" y1="0" x2="0" y2="6" className="stroke-line-strong" strokeWidth="1.5" />
                </pattern>
            </defs>
            {gaps.map((gap) => {
                const left = x(gap.first) ?? 0
                const wide = (x(gap.last) ?? 0) + x.bandwidth() - left
                return (
                    <g key={gap.first}>
                        <rect x={left} y={0} width={wide} height={inner.height} fill={`url(#${hatchId})`} />
                        {wide > gapLabelRoom && (
                            <text x={left + wide / 2} y={12} textAnchor="middle" className="fill-ink-soft text-[11px]">
                                {gap.label}
                            </text>
                        )}
                    </g>
                )
            })}
        </>
    )
}

function Bars({ bars, at, scales: { x, y, inner } }: { bars: readonly ChartBar[]; at: number | null; scales: Scales }) {
    const band = x.bandwidth()
    return bars.map((bar, i) => bar.value !== null && (
        <Bar
            key={bar.key}
            x={x(i)} y={y(bar.value)} width={band} height={Math.max(0, inner.height - y(bar.value))} rx={radius(band)}
            className={i === at ? 'fill-accent-strong' : 'fill-accent'}
            fillOpacity={bar.faded ? 0.55 : 1}
        />
    ))
}

/** From the low to the high bound, with the value as a line across it; thinner bars have no room for it. */
function Bands({ bars, scales: { x, y } }: { bars: readonly ChartBar[]; scales: Scales }) {
    const band = x.bandwidth()
    if (band <= 5) return null
    return bars.map((bar, i) => bar.low != null && bar.high != null && bar.high > bar.low && (
        <g key={bar.key}>
            <rect
                x={x(i)} y={y(bar.high)} width={band} height={y(bar.low) - y(bar.high)} rx={radius(band)}
                className="fill-(--band)" fillOpacity={0.55}
            />
            <rect x={x(i)} y={y(bar.value ?? 0) - 1} width={band} height={2} className="fill-accent-strong" />
        </g>
    ))
}

/** What was there before, as a dashed line across each bar's place: a line of its own, so no colour is needed to tell. */
function Before({ bars, scales: { x, y } }: { bars: readonly ChartBar[]; scales: Scales }) {
    const path = bars.map((bar, i) => {
        if (bar.before == null) return ''
        const isJoined = i > 0 && bars[i - 1]!.before != null
        return `${isJoined ? 'L' : 'M'}${x(i) ?? 0},${y(bar.before)}h${x.bandwidth()}`
    }).join('')
    return path && <path d={path} data-before className="fill-none stroke-ink" strokeWidth="1.5" strokeDasharray="4 3" />
}

/** The number stands on its own line, not on the band's end, which is another number. */
function Labels({ bars, label, scales: { x, y } }: {
    bars: readonly ChartBar[]; label: (index: number) => string; scales: Scales
}) {
    if (x.step() < labelRoom) return null
    return bars.map((bar, i) => bar.value !== null && (
        <text
            key={bar.key} x={(x(i) ?? 0) + x.bandwidth() / 2} y={y(bar.value) - 6}
            textAnchor="middle" className="fill-ink-soft text-[11px]"
        >
            {label(i)}
        </text>
    ))
}

export interface BarPlotProps {
    scales: Scales
    bars: readonly ChartBar[]
    gaps: readonly ChartGap[]
    ticks: readonly number[]
    tickLabel: (index: number) => string
    axisValue: (value: number) => string
    barLabel?: ((index: number) => string) | undefined
    /** The bar that is pointed at */
    at: number | null
}

export function BarPlot({ scales, bars, gaps, ticks, tickLabel, axisValue, barLabel, at }: BarPlotProps) {
    const { x, y, inner } = scales
    // A label needs room: on a narrow screen every second or third is left out.
    // People are counted whole: a scale of few of them has no tick between two.
    const whole = y.ticks(4).filter(Number.isInteger)
    const values = whole.length > 1 ? whole : y.ticks(4)
    const every = Math.max(1, Math.ceil((ticks.length * tickRoom) / Math.max(1, inner.width)))
    return (
        <g transform={`translate(${margin.left},${margin.top})`}>
            <GridRows scale={y} width={inner.width} tickValues={values} lineStyle={{ stroke: 'var(--line)' }} />
            <Gaps gaps={gaps} scales={scales} />
            <Bars bars={bars} at={at} scales={scales} />
            <Bands bars={bars} scales={scales} />
            <Before bars={bars} scales={scales} />
            {barLabel && <Labels bars={bars} label={barLabel} scales={scales} />}
            <AxisLeft
                scale={y} tickValues={values} hideAxisLine hideTicks
                tickFormat={(value) => axisValue(Number(value))}
                tickLabelProps={{ ...tickText, dx: -4, dy: 4, textAnchor: 'end' }}
            />
            <AxisBottom
                top={inner.height} scale={x} hideTicks tickValues={ticks.filter((_, i) => i % every === 0)}
                stroke="var(--line-strong)"
                tickFormat={(value) => tickLabel(Number(value))}
                tickLabelProps={{ ...tickText, dy: 2, textAnchor: 'middle' }}
            />
        </g>
    )
}
