import { lazy, Suspense } from 'react'
import type { Campaign, Grain } from '@/api/schema'
import { Segments } from '@/components/filters'
import { SelectField } from '@/components/select-field'
import type { Compared } from '@/lib/comparison'
import { zoneName } from '@/lib/format'
import { useLocale, useText } from '@/lib/i18n/text'
import { localDay, presetDays, presets, type Days, type Preset, type Range } from '@/lib/range'
import { rememberCompare, rememberDays } from '@/lib/range-choice'
import { useFormat } from '@/lib/use-format'

// The calendar is as large as the rest of the page: the numbers do not wait for it.
const RangePicker = lazy(() => import('@/components/range-picker'))

type Named = Preset | 'flight' | 'chosen'
export interface RangeChange {
    from?: string | undefined; to?: string | undefined; grain?: Grain | undefined
    compare?: 'before' | undefined
    at?: undefined
}

interface Props {
    campaign: Campaign
    range: Range
    now: number
    onChange: (change: RangeChange) => void
    /** undefined while it is not known yet, null when the flight has no such days */
    compared: Compared | null | undefined
    isComparing: boolean
}

function NamedDays({ campaign, range, now, onChange }: Props) {
    const text = useText()
    const offered = presets.flatMap((id) => {
        const days = presetDays(id, campaign, campaign.zone, now)
        return days ? [{ id, days }] : []
    })
    const same = offered.find(({ days }) => days.from === range.from && days.to === range.to)
    const value: Named = range.whole ? 'flight' : (same?.id ?? 'chosen')
    const choose = (named: Named) => {
        if (named === 'chosen') return
        rememberDays(named === 'flight' ? null : { preset: named })
        const days = offered.find(({ id }) => id === named)?.days
        onChange({ from: days?.from, to: days?.to, grain: undefined, at: undefined })
    }
    return (
        <SelectField<Named>
            compact label={text('range.named')} value={value} onChange={choose}
            choices={[
                ...(value === 'chosen' ? [{ id: value, label: text('range.chosen') }] : []),
                ...offered.map(({ id }) => ({ id, label: text(`range.${id}`) })),
                { id: 'flight' as const, label: text('range.whole') },
            ]}
        />
    )
}

/** Says with what the numbers are compared, or why they are not. */
function Against({ compared, campaign }: Pick<Props, 'compared' | 'campaign'>) {
    const text = useText()
    const format = useFormat()
    if (compared === undefined) return null
    if (!compared) {
        return <>{text('compare.none', { date: format.date(campaign.from, campaign.zone) })}</>
    }
    const { from, to } = compared.before
    const [first, last] = [Date.parse(from), Date.parse(to) - 1].map((at) => localDay(at, campaign.zone)) as [string, string]
    if (first === last) return <>{text('compare.with_day', { day: format.day(first, 'short') })}</>
    return <>{text('compare.with', { from: format.day(first, 'short'), to: format.day(last, 'short') })}</>
}

/** Which days are shown, by hour or by day, and with what they are compared. */
export function RangeBar(props: Props) {
    const { campaign, range, onChange, isComparing, compared } = props
    const text = useText()
    const format = useFormat()
    const locale = useLocale()
    const compare = () => {
        rememberCompare(!isComparing)
        onChange({ compare: isComparing ? undefined : 'before' })
    }
    return (
        <div className="mb-3 flex flex-wrap items-center gap-2">
            <p className="hidden print:block">
                {text('range.printed', { from: format.day(range.from), to: format.day(range.to) })}
            </p>
            <div className="contents print:hidden">
                <NamedDays {...props} />
                <Suspense fallback={<span className="h-8 w-64 rounded-md border border-line pointer-coarse:h-10" />}>
                    <RangePicker
                        value={{ from: range.from, to: range.to }}
                        onChange={(days: Days) => {
                            rememberDays(days)
                            onChange({ ...days, grain: undefined, at: undefined })
                        }}
                    />
                </Suspense>
                <Segments<Grain>
                    label={text('range.grain')}
                    value={range.grain}
                    onChange={(grain) => onChange({ grain })}
                    choices={[{ id: 'hour', label: text('range.hour') }, { id: 'day', label: text('range.day') }]}
                />
                <button
                    type="button" aria-pressed={isComparing} onClick={compare}
                    className={`h-8 cursor-pointer rounded-md border px-3 text-sm font-medium pointer-coarse:h-10 ${isComparing
                        ? 'border-accent bg-accent-wash text-accent-strong' : 'border-line-strong bg-surface hover:bg-hover'}`}
                >
                    {text('compare.toggle')}
                </button>
            </div>
            <span className="text-sm text-ink-soft">
                {text('range.zone', { zone: zoneName(campaign.zone, locale, new Date(campaign.from)) })}
            </span>
            <span role="status" className="text-sm text-ink-soft">
                {isComparing && <Against campaign={campaign} compared={compared} />}
            </span>
        </div>
    )
}
