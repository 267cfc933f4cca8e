import type { Summary } from '@/api/schema'
import { useText, type MessageId } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { HowMade } from './made'

interface Kpi { id: string; name: MessageId; rule: MessageId; shown: string; exact: string; below?: string }

function useKpis(summary: Summary): Kpi[] {
    const text = useText()
    const format = useFormat()
    const { totals, reach } = summary
    // The bounds are of the calibrated visits; beside people that are not in them they would mislead.
    const banded = totals.ots_low !== null && totals.ots_high !== null && totals.calibrated_visits >= totals.visits
    return [
        {
            id: 'ots', name: 'metric.ots', rule: 'metric.ots.rule',
            shown: format.short(totals.ots), exact: format.exact(totals.ots),
            below: banded
                ? text('metric.band', { low: format.short(totals.ots_low), high: format.short(totals.ots_high) })
                : text('metric.no_band'),
        },
        {
            id: 'visits', name: 'metric.visits', rule: 'metric.visits.rule',
            shown: format.short(totals.visits), exact: format.exact(totals.visits),
        },
        {
            id: 'lts', name: 'metric.lts', rule: 'metric.lts.rule',
            shown: format.short(totals.lts), exact: format.exact(totals.lts),
        },
        {
            id: 'dwell', name: 'metric.mean_dwell_s', rule: 'metric.mean_dwell_s.rule',
            shown: format.duration(totals.mean_dwell_s), exact: `${format.decimal(totals.mean_dwell_s, 1)} s`,
        },
        {
            id: 'reach', name: 'metric.reach', rule: 'metric.reach.rule',
            shown: format.short(reach.mean_daily_reach), exact: format.exact(reach.mean_daily_reach),
            below: text('metric.frequency', {
                frequency: format.decimal(reach.mean_daily_frequency), days: reach.days,
            }),
        },
    ]
}

export function KpiRow({ summary }: { summary: Summary }) {
    const text = useText()
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
                            name={text(kpi.name)} rule={kpi.rule} exact={kpi.exact} summary={summary}
                        />
                    </dt>
                    <dd>
                        <span className="tabular text-2xl leading-9 font-semibold tracking-tight" title={kpi.exact} data-exact={kpi.exact}>
                            {kpi.shown}
                        </span>
                        {kpi.below && <p className="tabular text-xs text-ink-soft">{kpi.below}</p>}
                    </dd>
                </div>
            ))}
        </dl>
    )
}
