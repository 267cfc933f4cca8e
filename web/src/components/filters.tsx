import type { ReactNode } from 'react'

/** Chips of which at most one is on. */
export function ChipFilter<Key extends string>({ label, value, choices, onChange }: {
    label: string
    value: Key | undefined
    choices: { id: Key | undefined; label: string }[]
    onChange: (value: Key | undefined) => void
}) {
    return (
        <div role="group" aria-label={label} className="flex flex-wrap gap-1">
            {choices.map((choice) => {
                const on = choice.id === value
                return (
                    <button
                        key={choice.id ?? 'all'}
                        type="button"
                        aria-pressed={on}
                        onClick={() => onChange(choice.id)}
                        className={`h-7 cursor-pointer rounded-full border px-3 text-xs font-medium pointer-coarse:h-9 ${on
                            ? 'border-accent bg-accent-wash text-accent-strong'
                            : 'border-line bg-surface text-ink-soft hover:bg-hover'}`}
                    >
                        {choice.label}
                    </button>
                )
            })}
        </div>
    )
}

/** A few exclusive views of one thing, such as chart or table. */
export function Segments<Key extends string>({ label, value, choices, onChange }: {
    label: string
    value: Key
    choices: { id: Key; label: string; icon?: ReactNode }[]
    onChange: (value: Key) => void
}) {
    return (
        <div role="group" aria-label={label} className="inline-flex rounded-md border border-line-strong bg-surface p-0.5">
            {choices.map((choice) => (
                <button
                    key={choice.id}
                    type="button"
                    aria-pressed={choice.id === value}
                    onClick={() => onChange(choice.id)}
                    className={`inline-flex h-6.5 cursor-pointer items-center gap-1.5 rounded-[4px] px-2.5 text-xs font-medium pointer-coarse:h-8.5 ${choice.id === value
                        ? 'bg-accent-wash text-accent-strong' : 'text-ink-soft hover:bg-hover'}`}
                >
                    {choice.icon}
                    {choice.label}
                </button>
            ))}
        </div>
    )
}
