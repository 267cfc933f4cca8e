import {
    FieldError, Input, Label, NumberField as AriaNumberField, Text as AriaText, TextField as AriaTextField,
    type TextFieldProps as AriaTextProps,
} from 'react-aria-components'
import { useText } from '@/lib/i18n/text'

/** The look that every one-line input shares. */
export const fieldBox = 'h-8 pointer-coarse:h-10 w-full rounded-md border border-line-strong bg-surface px-2.5 text-sm text-ink ' +
    'placeholder:text-ink-faint data-[invalid]:border-bad'
export const fieldLabel = 'text-sm font-medium'
/** One part of a date, such as its year. */
export const dateSegment = 'inline-flex h-6 min-w-6 items-center justify-center rounded-[3px] px-1 outline-none ' +
    'data-[type=literal]:min-w-0 data-[type=literal]:px-0 data-[focused]:bg-accent data-[focused]:text-on-accent ' +
    'data-[placeholder]:text-ink-faint'

/** What is said below a field: its hint, and what is wrong with it. */
export function FieldNotes({ hint }: { hint?: string | undefined }) {
    return (
        <>
            {hint && <AriaText slot="description" className="text-xs text-ink-soft">{hint}</AriaText>}
            <FieldError className="text-xs text-bad" />
        </>
    )
}

export interface TextFieldProps extends Omit<AriaTextProps, 'className' | 'children'> {
    label: string
    hint?: string
    placeholder?: string
    inputMode?: 'text' | 'decimal' | 'numeric' | 'email'
}

export function TextField({ label, hint, placeholder, inputMode, ...rest }: TextFieldProps) {
    return (
        <AriaTextField {...rest} className="flex min-w-0 flex-col gap-1">
            <Label className={fieldLabel}>{label}</Label>
            <Input className={fieldBox} placeholder={placeholder} inputMode={inputMode} />
            <FieldNotes hint={hint} />
        </AriaTextField>
    )
}

/** A number as the reader's language writes it; null is no number. */
export function NumberField({ label, hint, name, value, minValue, isRequired = false, onChange }: {
    label: string; hint?: string; name: string; value: number | null; minValue?: number; isRequired?: boolean
    onChange: (value: number | null) => void
}) {
    return (
        <AriaNumberField
            name={name} value={value ?? NaN} isRequired={isRequired} {...(minValue === undefined ? {} : { minValue })}
            onChange={(now) => onChange(Number.isNaN(now) ? null : now)} className="flex min-w-0 flex-col gap-1"
        >
            <Label className={fieldLabel}>{label}</Label>
            {/* Its name is on a hidden input; the form has to know what is typed in. */}
            <Input className={fieldBox} data-field={name} />
            <FieldNotes hint={hint} />
        </AriaNumberField>
    )
}

export function SearchField({ value, onChange, label }: {
    value: string; onChange: (value: string) => void; label: string
}) {
    const text = useText()
    return (
        <AriaTextField
            aria-label={label}
            type="search"
            value={value}
            onChange={onChange}
            className="w-full sm:w-64"
        >
            <Input data-page-search className={fieldBox} placeholder={text('action.search')} />
        </AriaTextField>
    )
}
