import type { ReactNode } from 'react'
import { Checkbox as AriaCheckbox } from 'react-aria-components'

export function CheckField({ label, isSelected, onChange }: {
    label: ReactNode; isSelected: boolean; onChange: (value: boolean) => void
}) {
    return (
        <AriaCheckbox
            isSelected={isSelected}
            onChange={onChange}
            className="group flex min-h-7 cursor-pointer items-center gap-2 text-sm"
        >
            <span className="flex size-4 items-center justify-center rounded-[4px] border border-line-strong bg-surface text-on-accent group-data-[focus-visible]:outline-2 group-data-[selected]:border-accent group-data-[selected]:bg-accent">
                <svg viewBox="0 0 12 12" className="hidden size-3 group-data-[selected]:block" aria-hidden>
                    <path d="M2 6.5 4.8 9 10 3" fill="none" stroke="currentColor" strokeWidth="2" />
                </svg>
            </span>
            {label}
        </AriaCheckbox>
    )
}
