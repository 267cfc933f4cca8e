import type { Summary } from '@/api/schema'
import { Facts, Panel } from '@/components/page'
import { bandOf } from '@/lib/band'
import { useText, type Text } from '@/lib/i18n/text'
import type { Format } from '@/lib/format'
import { useFormat } from '@/lib/use-format'
import { useFreshness } from './made'

function ShareBar({ label, share, note }: { label: string; share: number | null; note: string }) {
    const format = useFormat()
    return (
        <div>
            <p className="flex justify-between gap-3 text-sm">
                <span>{label}</span>
                <span className="tabular font-medium">{format.percent(share)}</span>
            </p>
            <div aria-hidden className="my-1 h-1.5 overflow-hidden rounded-full bg-hover">
                <div className="h-full rounded-full bg-accent" style={{ width: `${(share ?? 0) * 100}%` }} />
            </div>
            <p className="text-xs text-ink-soft">{note}</p>
        </div>
    )
}

/** In one sentence: between which bounds the impressions lie, or why there are none. */
function certainty({ totals }: Summary, text: Text, format: Format): string {
    const band = bandOf(totals)
    if (!band) return text(totals.visits === 0 ? 'quality.nothing' : 'quality.no_band')
    return text('quality.band', {
        low: format.short(band.low), high: format.short(band.high),
        less: format.percent(1 - band.low / totals.ots), more: format.percent(band.high / totals.ots - 1),
    })
}

const roadClasses = ['parked', 'crawl', 'urban', 'fast'] as const

/** How far the numbers above can be trusted, in the same words as "how this was made". */
export function QualityPanel({ summary }: { summary: Summary }) {
    const text = useText()
    const format = useFormat()
    const freshness = useFreshness(summary)
    const { about, road_seconds: road } = summary
    const seconds = roadClasses.reduce((sum, name) => sum + road[name], 0)
    return (
        <Panel id="quality" title={text('quality.title')} note={text('quality.note')}>
            <div className="grid gap-4">
                <p className="text-sm">{certainty(summary, text, format)}</p>
                <ShareBar label={text('made.calibrated')} share={about.calibrated_share} note={text('quality.calibrated')} />
                <ShareBar label={text('made.placed')} share={about.placed_share} note={text('quality.placed')} />
                <ShareBar
                    label={text('made.coverage')} share={about.coverage}
                    note={text('quality.coverage', {
                        covered: format.exact(about.minutes_covered), expected: format.exact(about.minutes_expected),
                    })}
                />
                <Facts
                    items={[
                        [text('made.unattached'), format.exact(about.unattached_visits)],
                        [text('made.parked_out'), format.exact(about.parked_out_visits)],
                        [text('quality.floor'), text('quality.floor.value', { count: about.privacy_floor })],
                        ...freshness,
                        ...roadClasses.map((name): [string, string] => [
                            text(`road.${name}`),
                            seconds > 0 ? text('road.value', {
                                time: format.duration(road[name]), share: format.percent(road[name] / seconds),
                            }) : '—',
                        ]),
                    ]}
                />
            </div>
        </Panel>
    )
}
