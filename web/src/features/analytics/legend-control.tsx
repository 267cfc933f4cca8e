import type { MapMetric } from '@/api/schema'
import type { Format } from '@/lib/format'
import { useText, type Text } from '@/lib/i18n/text'
import { useTheme } from '@/lib/theme'
import { useFormat } from '@/lib/use-format'
import { legendColours } from './class-style'

function classLabel(breaks: number[], i: number, metric: MapMetric, format: Format, text: Text): string {
    const show = metric === 'dwell' ? format.duration : format.short
    const next = breaks[i + 1]
    return next === undefined
        ? text('legend.from', { low: show(breaks[i]) })
        : text('legend.between', { low: show(breaks[i]), high: show(next) })
}

/** The legend is the control: a class that is switched off is not drawn. */
export function LegendControl({ breaks, hidden, foot, metric, off, onOff }: {
    breaks: number[]
    /** How many are hidden for privacy */
    hidden: number
    /** What the classes are of */
    foot: string
    metric: MapMetric
    off: ReadonlySet<number>
    onOff: (off: ReadonlySet<number>) => void
}) {
    const text = useText()
    const format = useFormat()
    const theme = useTheme()
    const colours = legendColours(theme, breaks.length)
    const toggle = (id: number) => {
        const next = new Set(off)
        if (!next.delete(id)) next.add(id)
        onOff(next)
    }
    const entries = breaks.map((_, i) => ({ id: i, colour: colours.shown[i]!, label: classLabel(breaks, i, metric, format, text) }))
    entries.reverse()
    if (hidden > 0) {
        entries.push({ id: -1, colour: colours.hidden, label: text('legend.hidden', { count: hidden }) })
    }
    return (
        <div
            role="group"
            aria-label={text('legend.label')}
            className="border-line bg-surface/92 p-2 text-xs max-sm:border-t sm:rounded-md sm:border"
        >
            <p className="px-1 pb-1 font-medium">{text(metric === 'dwell' ? 'metric.mean_dwell_s' : `metric.${metric}`)}</p>
            {entries.length === 0 && <p className="px-1 text-ink-soft">{text('legend.empty')}</p>}
            <ul className="max-sm:grid max-sm:grid-cols-2">
                {entries.map((entry) => (
                    <li key={entry.id}>
                        <button
                            type="button"
                            aria-pressed={!off.has(entry.id)}
                            onClick={() => toggle(entry.id)}
                            className={`tabular flex h-6 w-full cursor-pointer items-center gap-2 rounded-[4px] px-1 hover:bg-hover ${off.has(entry.id) ? 'text-ink-faint line-through' : ''}`}
                        >
                            <span
                                aria-hidden
                                className="size-3.5 rounded-[3px] border border-line-strong"
                                style={{ background: off.has(entry.id) ? 'transparent' : entry.colour }}
                            />
                            {entry.label}
                        </button>
                    </li>
                ))}
            </ul>
            <p className="px-1 pt-1 text-ink-faint">{foot}</p>
        </div>
    )
}
