import type { ReactNode } from 'react'
import { CheckField } from './check-field'

export interface NamedChoice { id: string; label: ReactNode }

/** Everything there is, which is null, or those that are ticked. */
export function ChoicesField({ label, all, choices, value, onChange }: {
    label: string; all: string; choices: readonly NamedChoice[]; value: string[] | null; onChange: (value: string[] | null) => void
}) {
    const toggle = (id: string, on: boolean) =>
        onChange(on ? [...(value ?? []), id].sort() : (value ?? []).filter((one) => one !== id))
    return (
        <fieldset className="flex flex-col gap-1">
            <legend className="pb-1 text-sm font-medium">{label}</legend>
            <CheckField label={all} isSelected={value === null} onChange={(on) => onChange(on ? null : [])} />
            {value !== null && (
                <div role="group" aria-label={label} tabIndex={0} className="max-h-72 overflow-y-auto rounded-md border border-line px-3 py-1">
                    {choices.map((choice) => (
                        <CheckField
                            key={choice.id} isSelected={value.includes(choice.id)} onChange={(on) => toggle(choice.id, on)}
                            label={choice.label}
                        />
                    ))}
                </div>
            )}
        </fieldset>
    )
}
