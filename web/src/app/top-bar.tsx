import { lazy, Suspense } from 'react'
import type { Session } from '@/api/schema'
import { Brand } from './brand'

const TopMenus = lazy(() => import('./top-menus'))

export function TopBar({ session }: { session: Session }) {
    return (
        <header className="sticky top-0 z-20 flex h-12 items-center gap-1 border-b border-line bg-surface px-3 sm:px-5">
            <div className="md:hidden"><Brand /></div>
            <div className="ml-auto flex min-w-0 items-center gap-1">
                <Suspense fallback={null}><TopMenus session={session} /></Suspense>
            </div>
        </header>
    )
}
