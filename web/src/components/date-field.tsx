import type { DateValue } from '@internationalized/date'
import { useRef } from 'react'
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
    const root = useRef<HTMLDivElement>(null)
    // Its parts tell no form that something was typed. Unless the form knows, a fault stays until the field is left, and
    // its button moves away under the finger.
    const change = (next: Value | null) => {
        root.current?.querySelector('input')?.dispatchEvent(new Event('input', { bubbles: true }))
        onChange(next)
    }
    return (
        <AriaDateField
            ref={root}
            value={value}
            onChange={(next) => change(next as Value | null)}
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
