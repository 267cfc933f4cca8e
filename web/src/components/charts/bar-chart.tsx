import { AxisBottom, AxisLeft } from '@visx/axis'
import { GridRows } from '@visx/grid'
import { scaleBand, scaleLinear } from '@visx/scale'
import { Bar } from '@visx/shape'
import { useId, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { useWidth } from './use-width'

export interface ChartBar {
    key: string
    /** null is a gap, not a zero */
    value: number | null
    low?: number | null
    high?: number | null
    faded?: boolean
}
export interface ChartGap { first: number; last: number; label: string }

export interface BarChartProps {
    /** One sentence that says what the chart shows: its text for those who do not see it. */
    summary: string
    bars: ChartBar[]
    gaps?: ChartGap[]
    /** Indices of the bars that carry a label on the axis */
    ticks: number[]
    tickLabel: (index: number) => string
    axisValue: (value: number) => string
    /** The sentence shown and spoken for one bar */
    describe: (index: number) => string
    /** Written on the bars themselves: few bars only */
    barLabel?: (index: number) => string
    height?: number
    /** Said to assistive technology: how to walk the bars */
    help: string
}

const margin = { top: 18, right: 8, bottom: 24, left: 46 }
const tickRoom = 58
const labelRoom = 40
const tickText = { className: 'fill-ink-faint text-[11px]', stroke: 'none', fontFamily: 'inherit' }

export function BarChart(props: BarChartProps) {
    const { summary, bars, gaps = [], ticks, tickLabel, axisValue, describe, barLabel, height = 240, help } = props
    const [box, width] = useWidth<HTMLDivElement>()
    const [active, setActive] = useState<number | null>(null)
    const hatchId = useId()
    const inner = { width: Math.max(0, width - margin.left - margin.right), height: height - margin.top - margin.bottom }
    const x = scaleBand<number>({
        domain: bars.map((_, i) => i), range: [0, inner.width], paddingInner: bars.length > 120 ? 0.1 : 0.25,
    })
    const most = Math.max(0, ...bars.map((bar) => Math.max(bar.value ?? 0, bar.high ?? 0)))
    const y = scaleLinear<number>({ domain: [0, most || 1], range: [inner.height, 0], nice: 4 })
    const band = x.bandwidth()
    // A label needs room: on a narrow screen every second or third is left out.
    const every = Math.max(1, Math.ceil((ticks.length * tickRoom) / Math.max(1, inner.width)))
    const shownTicks = ticks.filter((_, i) => i % every === 0)
    const hasLabels = barLabel !== undefined && x.step() >= labelRoom
    const at = active !== null && active < bars.length ? active : null

    const onKeyDown = (event: KeyboardEvent) => {
        const from = at ?? -1
        const to = { ArrowRight: from + 1, ArrowLeft: from - 1, Home: 0, End: bars.length - 1 }[event.key]
        if (to === undefined) return
        event.preventDefault()
        setActive(Math.max(0, Math.min(bars.length - 1, to)))
    }
    const onPointer = (event: PointerEvent<SVGSVGElement>) => {
        const left = event.clientX - event.currentTarget.getBoundingClientRect().left - margin.left
        const index = Math.floor(left / (x.step() || 1))
        setActive(index >= 0 && index < bars.length ? index : null)
    }

    return (
        <div ref={box} className="relative">
            <div
                role="slider"
                tabIndex={0}
                aria-label={`${summary} ${help}`}
                aria-valuemin={0}
                aria-valuemax={Math.max(0, bars.length - 1)}
                aria-valuenow={at ?? 0}
                aria-valuetext={bars.length ? describe(at ?? 0) : summary}
                onKeyDown={onKeyDown}
                onBlur={() => setActive(null)}
            >
                <svg width={width} height={height} aria-hidden onPointerMove={onPointer} onPointerLeave={() => setActive(null)}>
                    <defs>
                        <pattern id={hatchId} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                            <line x1="0" y1="0" x2="0" y2="6" className="stroke-line-strong" strokeWidth="1.5" />
                        </pattern>
                    </defs>
                    <g transform={`translate(${margin.left},${margin.top})`}>
                        <GridRows scale={y} width={inner.width} numTicks={4} className="stroke-line" stroke="currentColor" lineStyle={{ stroke: 'var(--line)' }} />
                        {gaps.map((gap) => {
                            const left = x(gap.first) ?? 0
                            const wide = (x(gap.last) ?? 0) + band - left
                            return (
                                <g key={gap.first}>
                                    <rect x={left} y={0} width={wide} height={inner.height} fill={`url(#${hatchId})`} />
                                    {wide > 56 && (
                                        <text x={left + wide / 2} y={12} textAnchor="middle" className="fill-ink-soft text-[11px]">
                                            {gap.label}
                                        </text>
                                    )}
                                </g>
                            )
                        })}
                        {bars.map((bar, i) => bar.value !== null && (
                            <Bar
                                key={bar.key}
                                x={x(i)}
                                y={y(bar.value)}
                                width={band}
                                height={Math.max(0, inner.height - y(bar.value))}
                                rx={band > 8 ? 2 : 0}
                                className={i === at ? 'fill-accent-strong' : 'fill-accent'}
                                fillOpacity={bar.faded ? 0.55 : 1}
                            />
                        ))}
                        {band > 5 && bars.map((bar, i) => bar.low != null && bar.high != null && bar.high > bar.low && (
                            <g key={`band-${bar.key}`}>
                                <rect
                                    x={x(i)} y={y(bar.high)} width={band} height={y(bar.low) - y(bar.high)}
                                    rx={band > 8 ? 2 : 0} className="fill-(--band)" fillOpacity={0.55}
                                />
                                <rect x={x(i)} y={y(bar.value ?? 0) - 1} width={band} height={2} className="fill-accent-strong" />
                            </g>
                        ))}
                        {hasLabels && bars.map((bar, i) => bar.value !== null && (
                            <text
                                key={`label-${bar.key}`}
                                x={(x(i) ?? 0) + band / 2}
                                y={y(Math.max(bar.value, bar.high ?? 0)) - 5}
                                textAnchor="middle"
                                className="fill-ink-soft text-[11px]"
                            >
                                {barLabel(i)}
                            </text>
                        ))}
                        <AxisLeft
                            scale={y} numTicks={4} hideAxisLine hideTicks
                            tickFormat={(value) => axisValue(Number(value))}
                            tickLabelProps={{ ...tickText, dx: -4, dy: 4, textAnchor: 'end' }}
                        />
                        <AxisBottom
                            top={inner.height} scale={x} hideTicks tickValues={shownTicks}
                            axisLineClassName="stroke-line-strong" stroke="var(--line-strong)"
                            tickFormat={(value) => tickLabel(Number(value))}
                            tickLabelProps={{ ...tickText, dy: 2, textAnchor: 'middle' }}
                        />
                    </g>
                </svg>
            </div>
            {at !== null && (
                <p
                    className="pointer-events-none absolute top-0 z-10 max-w-64 rounded-md border border-line bg-raised px-2 py-1 text-xs shadow-lg shadow-(color:--shadow)"
                    style={at < bars.length / 2
                        ? { left: margin.left + (x(at) ?? 0) + band + 6 }
                        : { right: width - margin.left - (x(at) ?? 0) + 6 }}
                >
                    {describe(at)}
                </p>
            )}
        </div>
    )
}
