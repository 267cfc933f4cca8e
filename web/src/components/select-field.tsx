import { ChevronDown } from 'lucide-react'
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components'
import { fieldBox, fieldLabel, FieldNotes } from './field'

export interface Choice<Key extends string> { id: Key; label: string }

/** One of a few. With `compact` the label is for assistive technology only, as in a toolbar. */
export function SelectField<Key extends string>(props: {
    label: string
    value: Key | null
    onChange: (value: Key) => void
    choices: readonly Choice<Key>[]
    compact?: boolean
    hint?: string
    name?: string
    isRequired?: boolean
    placeholder?: string
}) {
    const { label, value, onChange, choices, compact = false, hint, name, isRequired, placeholder } = props
    return (
        <Select
            aria-label={compact ? label : undefined}
            value={value}
            onChange={(key) => { if (key !== null) onChange(key as Key) }}
            name={name}
            isRequired={isRequired ?? false}
            placeholder={placeholder ?? '—'}
            className="flex min-w-0 flex-col gap-1"
        >
            {!compact && <Label className={fieldLabel}>{label}</Label>}
            <Button className={`${fieldBox} flex cursor-pointer items-center justify-between gap-2 hover:bg-hover`}>
                <SelectValue className="truncate data-[placeholder]:text-ink-faint" />
                <ChevronDown size={14} aria-hidden className="shrink-0 text-ink-faint" />
            </Button>
            <FieldNotes hint={hint} />
            <Popover className="appear max-h-80 min-w-(--trigger-width) overflow-auto rounded-md border border-line bg-raised p-1 shadow-lg shadow-(color:--shadow)">
                <ListBox className="outline-none">
                    {choices.map((choice) => (
                        <ListBoxItem
                            key={choice.id}
                            id={choice.id}
                            textValue={choice.label}
                            className="flex min-h-8 cursor-pointer items-center rounded-[4px] px-2 text-sm data-[focused]:bg-hover data-[selected]:font-medium data-[selected]:text-accent-strong"
                        >
                            {choice.label}
                        </ListBoxItem>
                    ))}
                </ListBox>
            </Popover>
        </Select>
    )
}
