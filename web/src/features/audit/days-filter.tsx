import { parseDate } from '@internationalized/date'
import { DateField } from '@/components/date-field'
import { useText } from '@/lib/i18n/text'

const dayOf = (text: string | undefined) => (text ? parseDate(text) : null)

/** Whole days of the company, both ends included; either may be left open. */
export function DaysFilter({ from, to, onChange }: {
    from: string | undefined; to: string | undefined; onChange: (change: { from?: string | undefined; to?: string | undefined }) => void
}) {
    const text = useText()
    return (
        <>
            <DateField label={text('audit.from')} value={dayOf(from)} onChange={(next) => onChange({ from: next?.toString() })} />
            <DateField label={text('audit.to')} value={dayOf(to)} onChange={(next) => onChange({ to: next?.toString() })} />
        </>
    )
}
