import { Search } from 'lucide-react'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { Dialog, Modal } from 'react-aria-components'
import type { Session } from '@/api/schema'
import { ErrorNote } from '@/components/error-note'
import { Overlay } from '@/components/overlay'
import { useText } from '@/lib/i18n/text'
import { useTyped } from '@/lib/use-typed'
import { useEntries, type Entry, type Group } from './palette-entries'

function Option({ entry, id, isAt, onAt, onPick }: {
    entry: Entry; id: string; isAt: boolean; onAt: () => void; onPick: () => void
}) {
    const option = useRef<HTMLLIElement>(null)
    useEffect(() => { if (isAt) option.current?.scrollIntoView({ block: 'nearest' }) }, [isAt])
    return (
        <li
            ref={option} id={id} role="option" aria-selected={isAt} onPointerMove={onAt} onClick={onPick}
            className={`flex min-h-9 cursor-pointer items-center gap-2.5 rounded-[4px] px-2.5 text-sm ${isAt ? 'bg-accent-wash text-accent-strong' : ''}`}
        >
            <entry.icon size={15} aria-hidden className="shrink-0" />
            <span className="min-w-0 truncate">{entry.label}</span>
            {entry.hint && <span className="ml-auto shrink-0 text-xs text-ink-soft">{entry.hint}</span>}
        </li>
    )
}

/** The list of a combobox: the focus stays in the field, and the field says which option it is at. */
function Options({ id, groups, at, onAt, onPick }: {
    id: string; groups: Group[]; at: number; onAt: (index: number) => void; onPick: (entry: Entry) => void
}) {
    const text = useText()
    const firsts = groups.map((_, i) => groups.slice(0, i).reduce((sum, group) => sum + group.entries.length, 0))
    return (
        <div id={id} role="listbox" aria-label={text('palette.results')} className="max-h-[min(60vh,440px)] overflow-y-auto p-1.5">
            {groups.map((group, g) => (
                <ul key={group.id} role="group" aria-labelledby={`${id}-${group.id}`}>
                    <li role="presentation" id={`${id}-${group.id}`} className="px-2.5 pt-2 pb-1 text-xs font-medium text-ink-soft">{group.title}</li>
                    {group.entries.map((entry, i) => {
                        const index = firsts[g]! + i
                        return (
                            <Option
                                key={entry.id} entry={entry} id={`${id}-${index}`} isAt={index === at}
                                onAt={() => onAt(index)} onPick={() => onPick(entry)}
                            />
                        )
                    })}
                </ul>
            ))}
        </div>
    )
}

function Finder({ session, onClose }: { session: Session; onClose: () => void }) {
    const text = useText()
    const id = useId()
    const [q, setQ] = useState('')
    const [typed, setTyped] = useTyped(q, setQ)
    const [at, setAt] = useState(0)
    const [isPicked, setPicked] = useState(false)
    const { groups, isFetching, error } = useEntries(session, typed.trim(), q.trim())
    const entries = groups.flatMap((group) => group.entries)
    const isPending = typed !== q || isFetching
    const here = Math.min(at, entries.length - 1)
    const pick = (entry: Entry) => {
        onClose()
        entry.run()
    }
    // Enter means what was typed, so it waits for the answer to it.
    useEffect(() => {
        if (!isPicked || isPending) return
        setPicked(false)
        if (entries[here]) pick(entries[here])
    }, [isPicked, isPending])
    const onKeyDown = (event: KeyboardEvent) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
        if (event.key === 'Enter') setPicked(true)
        else if (step && entries.length > 0) setAt((here + step + entries.length) % entries.length)
        else return
        event.preventDefault()
    }
    return (
        <>
            <div className="flex items-center gap-2.5 border-b border-line px-4">
                <Search size={16} aria-hidden className="shrink-0 text-ink-soft" />
                <input
                    autoFocus role="combobox" aria-label={text('palette.label')} aria-expanded aria-controls={id}
                    aria-autocomplete="list" aria-activedescendant={here >= 0 ? `${id}-${here}` : undefined}
                    autoComplete="off" spellCheck={false} placeholder={text('palette.placeholder')}
                    value={typed} onKeyDown={onKeyDown}
                    onChange={(event) => {
                        setTyped(event.target.value)
                        setAt(0)
                    }}
                    className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-ink-faint"
                />
            </div>
            <div className="px-4"><ErrorNote error={error} /></div>
            <Options id={id} groups={groups} at={here} onAt={setAt} onPick={pick} />
            <p role="status" className={entries.length > 0 ? 'sr-only' : 'px-4 pt-2 pb-6 text-center text-sm text-ink-soft'}>
                {isPending ? text('state.loading') : text('palette.count', { count: entries.length })}
            </p>
        </>
    )
}

/** Ctrl-K: goes anywhere and does what needs no page, by a few letters. */
export function Palette({ session, isOpen, onClose }: { session: Session; isOpen: boolean; onClose: () => void }) {
    const text = useText()
    return (
        <Overlay isOpen={isOpen} onClose={onClose} place="z-50 flex items-start justify-center p-4 pt-[12vh]">
            <Modal className="w-full max-w-xl overflow-hidden rounded-md border border-line bg-raised shadow-2xl">
                <Dialog aria-label={text('palette.label')} className="outline-none">
                    <Finder session={session} onClose={onClose} />
                </Dialog>
            </Modal>
        </Overlay>
    )
}
