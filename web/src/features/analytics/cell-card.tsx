import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import type { Hovered } from './follow-pointer'

const number = (value: unknown) => (typeof value === 'number' ? value : null)

/** The numbers of the cell or region that is pointed at, beside the pointer and never beyond the map. */
export function CellCard({ hovered }: { hovered: Hovered }) {
    const text = useText()
    const format = useFormat()
    const { properties: cell, x, y, width, height } = hovered
    const rows: [string, string][] = typeof cell['visits'] !== 'number' ? [] : [
        [text('metric.ots'), format.exact(number(cell['ots']))],
        [text('metric.visits'), format.exact(number(cell['visits']))],
        [text('metric.lts'), format.exact(number(cell['lts']))],
        [text('metric.mean_dwell_s'), format.duration(number(cell['mean_dwell_s']))],
    ]
    const shift = `translate(${x > width / 2 ? 'calc(-100% - 12px)' : '12px'}, ${y > height / 2 ? 'calc(-100% - 12px)' : '12px'})`
    return (
        <div
            data-cell-card
            className="pointer-events-none absolute z-10 rounded-md border border-line bg-raised px-2.5 py-1.5 text-xs whitespace-nowrap shadow-lg shadow-(color:--shadow)"
            style={{ left: x, top: y, transform: shift }}
        >
            {typeof cell['name'] === 'string' && <p className="font-medium">{cell['name']}</p>}
            {rows.length === 0 ? text(cell['hidden'] === true ? 'map.hidden' : 'legend.empty') : rows.map(([name, value]) => (
                <p key={name} className="flex justify-between gap-4"><span className="text-ink-soft">{name}</span><span className="tabular font-medium">{value}</span></p>
            ))}
        </div>
    )
}
