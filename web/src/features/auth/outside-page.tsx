import { useEffect, type ReactNode } from 'react'

/** The frame of the pages for people who are not signed in: sign-in, and where links of letters lead. */
export function OutsidePage({ title, tab = title, lead, children }: {
    title: string
    /** The title of the browser's tab, where it is another */
    tab?: string
    lead?: ReactNode
    children: ReactNode
}) {
    useEffect(() => { document.title = `${tab} · Mobilytics` }, [tab])
    return (
        <main id="content" className="flex min-h-dvh items-center justify-center p-4">
            <div className="w-full max-w-sm">
                <div className="mb-6 flex items-center gap-3">
                    <img src="/favicon.svg" alt="" width={36} height={36} />
                    <div>
                        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
                        {lead && <p className="text-sm text-ink-soft">{lead}</p>}
                    </div>
                </div>
                {children}
            </div>
        </main>
    )
}

export const outsideBox = 'flex flex-col gap-4 rounded-md border border-line bg-surface p-5'
