// What is coming, in its own shape: grey where words and numbers will be, in boxes of their size, so that nothing jumps.
import type { ReactNode } from 'react'
import { useText } from '@/lib/i18n/text'

/** Seen only when it takes longer than a blink; heard at once, and once for all that is inside. */
export function Skeleton({ children }: { children: ReactNode }) {
    const text = useText()
    return (
        <div role="status" className="appear-late">
            <span className="sr-only">{text('state.loading')}</span>
            <div aria-hidden className="animate-pulse">{children}</div>
        </div>
    )
}

export function Grey({ className }: { className: string }) {
    return <div className={`rounded-[4px] bg-hover ${className}`} />
}

const widths = ['w-40', 'w-52', 'w-32', 'w-48', 'w-36']

/** A table: its head and some rows of the right height. */
export function TableSkeleton({ rows = 8 }: { rows?: number }) {
    return (
        <Skeleton>
            <div className="h-8 border-b border-line" />
            {Array.from({ length: rows }, (_, i) => (
                <div key={i} className="flex h-8 items-center gap-6 border-b border-line px-4 last:border-b-0 pointer-coarse:h-10">
                    <Grey className={`h-3 ${widths[i % widths.length]}`} />
                    <Grey className="h-3 w-16" />
                    <Grey className="ml-auto h-3 w-24 max-sm:hidden" />
                </div>
            ))}
        </Skeleton>
    )
}

const chartHeight = 240

/** A panel with its title and a drawing. */
export function ChartSkeleton({ height = chartHeight }: { height?: number }) {
    return (
        <div className="rounded-md border border-line bg-surface p-4">
            <Skeleton>
                <Grey className="mb-2 h-4 w-44" />
                <Grey className="mb-5 h-3 w-64 max-w-full" />
                <div className="rounded-[4px] bg-hover" style={{ height }} />
            </Skeleton>
        </div>
    )
}
