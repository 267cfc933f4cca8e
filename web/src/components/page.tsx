import { Link } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import { useEffect, type ReactNode } from 'react'

/** Title, one state chip, one primary action; the rest of the page below. */
export function Page({ title, chip, action, crumbs, children, facts }: {
    title: string
    chip?: ReactNode
    action?: ReactNode
    crumbs?: { to: string; label: string }
    facts?: ReactNode
    children: ReactNode
}) {
    useEffect(() => {
        document.title = `${title} · Mobilytics`
    }, [title])
    return (
        <div className="mx-auto w-full max-w-[1400px] px-4 pt-4 pb-20 sm:px-6 md:pb-8">
            {crumbs && (
                <p className="text-sm print:hidden">
                    <Link to={crumbs.to} className="inline-flex h-6 items-center gap-0.5 text-ink-soft hover:text-ink hover:underline">
                        <ChevronLeft size={14} aria-hidden />{crumbs.label}
                    </Link>
                </p>
            )}
            <div className="mb-4 flex min-h-10 flex-wrap items-center gap-x-3 gap-y-2">
                <h1 className="min-w-0 text-xl font-semibold tracking-tight text-balance">{title}</h1>
                {chip}
                <div className="ml-auto flex flex-wrap items-center gap-2 print:hidden">{action}</div>
                {facts && <div className="basis-full text-sm text-ink-soft">{facts}</div>}
            </div>
            {children}
        </div>
    )
}

export function Panel({ id, title, note, tools, children, flush = false }: {
    /** Its name in the address, for links to it */
    id?: string
    title: string
    note?: ReactNode
    tools?: ReactNode
    flush?: boolean
    children: ReactNode
}) {
    return (
        <section id={id} aria-label={title} className="min-w-0 scroll-mt-16 rounded-md border border-line bg-surface">
            <header className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 pt-3 pb-2">
                <div className="min-w-0">
                    <h2 className="text-base font-semibold">{title}</h2>
                    {note && <p className="text-xs text-ink-soft">{note}</p>}
                </div>
                {tools && <div className="ml-auto flex flex-wrap items-center gap-1.5 print:hidden">{tools}</div>}
            </header>
            <div className={flush ? '' : 'px-4 pb-4'}>{children}</div>
        </section>
    )
}

export function Facts({ items }: { items: [string, ReactNode][] }) {
    return (
        <dl className="grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-4 gap-y-1.5 text-sm">
            {items.map(([name, value]) => (
                <div key={name} className="contents">
                    <dt className="text-ink-soft">{name}</dt>
                    <dd className="tabular min-w-0 break-words">{value}</dd>
                </div>
            ))}
        </dl>
    )
}
