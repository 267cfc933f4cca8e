import { CircleDashed, CloudOff, Compass, Hourglass, Lock, SearchX, TriangleAlert, Unplug, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { OfflineError, ProblemError } from '@/api/client'
import { isMessage, useLocale, useText, type Locale, type MessageId, type Text } from '@/lib/i18n/text'
import { SaidError } from '@/lib/said-error'
import { Button } from './button'

/** There is nothing yet: what the thing is, and what to do about it. */
export function Empty({ icon: Icon = CircleDashed, title, detail, action, isPage = false }: {
    icon?: LucideIcon; title: string; detail?: string; action?: ReactNode
    /** The title is the page's own */
    isPage?: boolean
}) {
    const Title = isPage ? 'h1' : 'p'
    return (
        <div className="flex flex-col items-center gap-2 px-6 py-12 text-center">
            <Icon size={28} className="text-ink-faint" aria-hidden />
            <Title className="font-medium">{title}</Title>
            {detail && <p className="max-w-[60ch] text-sm text-ink-soft">{detail}</p>}
            {action && <div className="pt-2">{action}</div>}
        </div>
    )
}

/** There is something, but the filter lets none of it through. */
export function NoneMatch({ onClear }: { onClear: () => void }) {
    const text = useText()
    return (
        <Empty
            icon={SearchX} title={text('filter.none')} detail={text('filter.none.detail')}
            action={<Button onPress={onClear}>{text('filter.clear')}</Button>}
        />
    )
}

const statusesWithWords = [401, 403, 404, 409, 412, 422, 429, 503]

/**
 * What went wrong in the reader's language: by the problem's code when we have words for it, else by its status. The
 * server's own sentence says more than the status, but only in English.
 */
export function problemText(error: unknown, text: Text, locale: Locale): { title: string; detail: string; requestId: string | null } {
    if (error instanceof OfflineError) {
        return { title: text('error.offline.title'), detail: text('error.offline.detail'), requestId: null }
    }
    if (error instanceof SaidError) return { title: text(error.title), detail: text(error.detail), requestId: null }
    if (!(error instanceof ProblemError)) {
        return { title: text('error.500.title'), detail: text('error.500.detail'), requestId: null }
    }
    const { status, code, detail, instance } = error.problem
    const byStatus = statusesWithWords.includes(status) ? `error.${status}` : 'error.500'
    return {
        title: text(`${byStatus}.title` as MessageId),
        detail: isMessage(`problem.${code}`) ? text(`problem.${code}` as MessageId)
            : status >= 500 || status === 404 || !detail || locale !== 'en-CA' ? text(`${byStatus}.detail` as MessageId) : detail,
        requestId: instance || null,
    }
}

const icons: Partial<Record<number, LucideIcon>> = { 403: Lock, 404: Compass, 429: Hourglass, 503: Unplug }
// Asking again changes nothing about these.
const lasting = [403, 404, 422]

/** Nothing can be shown: no access, not there, the source is down, no connection, or our fault. Each has its own words. */
export function Failure({ error, retry, isPage = false }: { error: unknown; retry?: () => void; isPage?: boolean }) {
    const Title = isPage ? 'h1' : 'p'
    const text = useText()
    const { title, detail, requestId } = problemText(error, text, useLocale())
    const status = error instanceof ProblemError ? error.problem.status : undefined
    const Icon = error instanceof OfflineError ? CloudOff : (icons[status ?? 0] ?? TriangleAlert)
    const isLasting = lasting.includes(status ?? 0)
    return (
        <div role="alert" className="flex flex-col items-center gap-2 px-6 py-12 text-center">
            <Icon size={28} className={isLasting ? 'text-ink-faint' : 'text-bad'} aria-hidden />
            <Title className="font-medium">{title}</Title>
            <p className="max-w-[60ch] text-sm text-ink-soft">{detail}</p>
            {requestId && (
                <p className="text-xs text-ink-faint">
                    {text('error.request_id')} <code className="select-all">{requestId}</code>
                </p>
            )}
            {retry && !isLasting && <div className="pt-2"><Button onPress={retry}>{text('action.retry')}</Button></div>}
        </div>
    )
}

/** Holds the space of what is coming; visible only when it takes longer than a blink. */
export function Waiting({ height = 160 }: { height?: number }) {
    const text = useText()
    return (
        <div className="appear-late p-4" role="status" style={{ minHeight: height }}>
            <span className="sr-only">{text('state.loading')}</span>
            <div aria-hidden className="h-full animate-pulse rounded-md bg-hover" style={{ minHeight: height - 32 }} />
        </div>
    )
}

/** Old data stays, dimmed, while new data loads. */
export function Dimmed({ when, children }: { when: boolean; children: ReactNode }) {
    return (
        <div aria-busy={when} className={when ? 'opacity-60 transition-opacity' : 'transition-opacity'}>{children}</div>
    )
}
