import type { ReactNode } from 'react'
import { useSession } from '@/api/session'
import { useText } from '@/lib/i18n/text'

/** What belongs to the account; in its place, why it is closed in a session that the company's provider opened. */
export function OwnAccount({ children }: { children: ReactNode }) {
    const text = useText()
    const session = useSession()
    if (!session.opened_by_provider) return children
    return (
        <p role="status" className="rounded-md bg-warn-wash px-3 py-2 text-sm text-warn">
            {text('provider.account_closed', { company: session.company?.name ?? '' })}
        </p>
    )
}
