import type { Summary } from '@/api/schema'
import { Change } from '@/components/change'
import { bandOf } from '@/lib/band'
import { changeOf } from '@/lib/comparison'
import { useText, type MessageId } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import type { Goal } from './goal'
import { HowMade } from './made'

export interface ComparedTotals { now: Summary; before: Summary }

interface Kpi {
    id: string; name: MessageId; rule: MessageId; shown: string; exact: string; below?: string
    /** The figure as it is compared */
    of: (summary: Summary) => number | null
    show: (value: number | null) => string
}

function useKpis(summary: Summary): Kpi[] {
    const text = useText()
    const format = useFormat()
    const { totals, reach } = summary
    const band = bandOf(totals)
    return [
        {
            id: 'ots', name: 'metric.ots', rule: 'metric.ots.rule',
            of: ({ totals }) => totals.ots, show: format.short,
            shown: format.short(totals.ots), exact: format.exact(totals.ots),
            ...(band && { below: text('metric.band', { low: format.short(band.low), high: format.short(band.high) }) }),
            ...(!band && totals.visits > 0 && { below: text('metric.no_band') }),
        },
        {
            id: 'visits', name: 'metric.visits', rule: 'metric.visits.rule',
            of: ({ totals }) => totals.visits, show: format.short,
            shown: format.short(totals.visits), exact: format.exact(totals.visits),
        },
        {
            id: 'lts', name: 'metric.lts', rule: 'metric.lts.rule',
            of: ({ totals }) => totals.lts, show: format.short,
            shown: format.short(totals.lts), exact: format.exact(totals.lts),
        },
        {
            id: 'dwell', name: 'metric.mean_dwell_s', rule: 'metric.mean_dwell_s.rule',
            of: ({ totals }) => totals.mean_dwell_s, show: format.duration,
            shown: format.duration(totals.mean_dwell_s), exact: `${format.decimal(totals.mean_dwell_s, 1)} s`,
        },
        {
            id: 'reach', name: 'metric.reach', rule: 'metric.reach.rule',
            of: ({ reach }) => reach.mean_daily_reach, show: format.short,
            shown: format.short(reach.mean_daily_reach), exact: format.exact(reach.mean_daily_reach),
            ...(reach.days > 0 && {
                below: text('metric.frequency', { frequency: format.decimal(reach.mean_daily_frequency), days: reach.days }),
            }),
        },
    ]
}

/** ▲ 4.2 %, from 12.3 K */
function Against({ kpi, compared }: { kpi: Kpi; compared: ComparedTotals }) {
    const text = useText()
    const before = kpi.of(compared.before)
    return (
        <p data-change className="flex flex-wrap gap-x-1.5 text-xs text-ink-soft">
            <span className="font-medium text-ink"><Change share={changeOf(before, kpi.of(compared.now))} /></span>
            {text('change.from', { value: kpi.show(before) })}
        </p>
    )
}

export function KpiRow({ summary, compared, goal }: {
    summary: Summary; compared?: ComparedTotals | undefined; goal?: Goal | null
}) {
    const text = useText()
    const format = useFormat()
    const kpis = useKpis(summary)
    return (
        <dl
            aria-label={text('kpi.label')}
            className="grid grid-cols-2 divide-line overflow-hidden rounded-md border border-line bg-surface max-lg:divide-y sm:grid-cols-3 lg:grid-cols-5 lg:divide-x"
        >
            {kpis.map((kpi) => (
                <div key={kpi.id} data-kpi={kpi.id} className="row-span-2 grid grid-rows-subgrid gap-0 px-4 py-3 first:max-sm:col-span-2">
                    <dt className="flex items-center gap-0.5 self-end text-sm text-ink-soft">
                        {text(kpi.name)}
                        <HowMade
                            name={text(kpi.name)} rule={kpi.rule} exact={kpi.exact} making={summary}
                        />
                    </dt>
                    <dd>
                        <span className="tabular text-2xl leading-9 font-semibold tracking-tight" title={kpi.exact} data-exact={kpi.exact}>
                            {kpi.shown}
                        </span>
                        {compared && <Against kpi={kpi} compared={compared} />}
                        {kpi.below && <p className="tabular text-xs text-ink-soft">{kpi.below}</p>}
                        {kpi.id === 'ots' && goal && (
                            <p data-goal className="tabular text-xs text-ink-soft">
                                {text('metric.goal', { reached: format.percent(goal.reached), gone: format.percent(goal.gone) })}
                            </p>
                        )}
                    </dd>
                </div>
            ))}
        </dl>
    )
}
