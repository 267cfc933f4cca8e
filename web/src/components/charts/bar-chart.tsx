import { useState, type KeyboardEvent, type PointerEvent } from 'react'
import { BarPlot, margin, scalesOf, type ChartBar, type ChartGap, type Scales } from './bar-plot'
import { useWidth } from './use-width'

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

/** Which bar is looked at, by pointer or by arrow key. */
function useWalk(count: number, { x }: Scales) {
    const [active, setActive] = useState<number | null>(null)
    const at = active !== null && active < count ? active : null
    const onKeyDown = (event: KeyboardEvent) => {
        const from = at ?? -1
        const to = { ArrowRight: from + 1, ArrowLeft: from - 1, Home: 0, End: count - 1 }[event.key]
        if (to === undefined) return
        event.preventDefault()
        setActive(Math.max(0, Math.min(count - 1, to)))
    }
    const onPointerMove = (event: PointerEvent<SVGSVGElement>) => {
        const left = event.clientX - event.currentTarget.getBoundingClientRect().left - margin.left
        const index = Math.floor(left / (x.step() || 1))
        setActive(index >= 0 && index < count ? index : null)
    }
    const leave = () => setActive(null)
    return { at, keys: { onKeyDown, onBlur: leave }, pointer: { onPointerMove, onPointerLeave: leave } }
}

export function BarChart(props: BarChartProps) {
    const { summary, bars, gaps = [], ticks, tickLabel, axisValue, describe, barLabel, height = 240, help } = props
    const [box, width] = useWidth<HTMLDivElement>()
    const scales = scalesOf(bars, width, height)
    const { at, keys, pointer } = useWalk(bars.length, scales)
    const left = (i: number) => margin.left + (scales.x(i) ?? 0)
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
                {...keys}
            >
                <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} className="h-auto max-w-full" aria-hidden {...pointer}>
                    <BarPlot
                        scales={scales} bars={bars} gaps={gaps} ticks={ticks} tickLabel={tickLabel}
                        axisValue={axisValue} barLabel={barLabel} at={at}
                    />
                </svg>
            </div>
            {at !== null && (
                <p
                    className="pointer-events-none absolute top-0 z-10 max-w-64 rounded-md border border-line bg-raised px-2 py-1 text-xs shadow-lg shadow-(color:--shadow)"
                    style={at < bars.length / 2
                        ? { left: left(at) + scales.x.bandwidth() + 6 }
                        : { right: width - left(at) + 6 }}
                >
                    {describe(at)}
                </p>
            )}
        </div>
    )
}
