import { Link } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import { useEffect, type ReactNode } from 'react'
import { useLocale, useText } from '@/lib/i18n/text'
import { Failure, problemText } from './states'

/** A page that has only something to say, in one title. */
export function Notice({ title, children }: { title: string; children: ReactNode }) {
    useEffect(() => { document.title = `${title} · Mobilytics` }, [title])
    return <div className="px-4 pt-4 sm:px-6">{children}</div>
}

/** Where something should be that cannot be shown, with the way back to its list. */
export function PageFailure({ error, retry, back }: {
    error: unknown; retry: () => void; back: { to: string; label: string }
}) {
    const text = useText()
    const { title } = problemText(error, text, useLocale())
    return (
        <Notice title={title}>
            <Link to={back.to} className="inline-flex h-6 items-center gap-0.5 text-sm text-ink-soft hover:text-ink hover:underline">
                <ChevronLeft size={14} aria-hidden />{back.label}
            </Link>
            <Failure isPage error={error} retry={retry} />
        </Notice>
    )
}
