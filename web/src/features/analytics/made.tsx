import { Info } from 'lucide-react'
import type { About } from '@/api/schema'
import { Explain } from '@/components/explain'
import { Facts } from '@/components/page'
import { useText, type MessageId } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'

/** What a figure says of its making: the days it is of, and how those were measured. */
export interface Making { about: About; from: string; zone: string }

/** Up to when the figures are worked out, and up to when they take no late data any more. */
export function useFreshness({ about, from, zone }: Making): [string, string][] {
    const text = useText()
    const format = useFormat()
    // An instant before the first day shown would answer a question about other days.
    const nothingFinal = Date.parse(about.final_to) <= Date.parse(from)
    return [
        [text('made.complete_to'), format.dateTime(about.complete_to, zone)],
        [text('made.final_to'), nothingFinal ? text('made.final_none') : format.dateTime(about.final_to, zone)],
    ]
}

/** "How this number was made": what every published number must be able to answer. */
export function HowMade({ name, rule, exact, making }: {
    name: string
    rule: MessageId
    exact?: string
    making: Making
}) {
    const text = useText()
    const format = useFormat()
    const freshness = useFreshness(making)
    const { about } = making
    const uncalibrated = about.calibrated_share !== null && about.calibrated_share < 1
    return (
        <Explain
            label={text('made.open', { name })}
            title={text('made.title', { name })}
            trigger={<Info size={14} aria-hidden />}
        >
            <p className="mb-3 text-sm text-ink-soft">{text(rule)}</p>
            <Facts
                items={[
                    ...(exact ? [[text('made.exact'), exact] as [string, string]] : []),
                    [text('made.source'), about.source === 'mobilytics' ? text('made.source.own') : about.source],
                    [text('made.method'), text('made.version', { version: about.method_version })],
                    [text('made.calibrated'), format.percent(about.calibrated_share)],
                    [text('made.coverage'), format.percent(about.coverage)],
                    [text('made.placed'), format.percent(about.placed_share)],
                    [text('made.unattached'), format.exact(about.unattached_visits)],
                    [text('made.parked_out'), format.exact(about.parked_out_visits)],
                    ...freshness,
                ]}
            />
            {uncalibrated && <p className="mt-3 rounded-md bg-warn-wash px-2 py-1.5 text-xs text-warn">{text('made.bursts')}</p>}
        </Explain>
    )
}
