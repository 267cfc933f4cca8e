import type { DateValue } from '@internationalized/date'
import { DateField as AriaDateField, DateInput, DateSegment, Label } from 'react-aria-components'
import { dateSegment, fieldBox, fieldLabel, FieldNotes } from './field'

export function DateField<Value extends DateValue>({ label, value, onChange, hint, name, isRequired, granularity }: {
    label: string
    value: Value | null
    onChange: (value: Value | null) => void
    hint?: string
    name?: string
    isRequired?: boolean
    granularity?: 'day' | 'minute'
}) {
    return (
        <AriaDateField
            value={value}
            onChange={(next) => onChange(next as Value | null)}
            granularity={granularity ?? 'day'}
            hideTimeZone
            name={name}
            isRequired={isRequired ?? false}
            className="flex min-w-0 flex-col gap-1"
        >
            <Label className={fieldLabel}>{label}</Label>
            <DateInput className={`${fieldBox} flex items-center`}>
                {(segment) => (
                    <DateSegment
                        segment={segment}
                        className={dateSegment}
                    />
                )}
            </DateInput>
            <FieldNotes hint={hint} />
        </AriaDateField>
    )
}
