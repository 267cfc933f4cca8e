import { Search } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { Session } from '@/api/schema'
import { lazyDrawer } from '@/components/lazy-drawer'
import { useText } from '@/lib/i18n/text'
import { Brand } from './brand'

const TopMenus = lazy(() => import('./top-menus'))
const Palette = lazyDrawer(async () => (await import('./palette')).Palette)

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent)

/** Ctrl-K or ⌘K from anywhere; it closes what it opened. */
function usePaletteKey(toggle: () => void) {
    useEffect(() => {
        const onKey = (event: KeyboardEvent) => {
            if (event.key.toLowerCase() !== 'k' || !(isMac ? event.metaKey : event.ctrlKey) || event.shiftKey || event.altKey) return
            event.preventDefault()
            toggle()
        }
        document.addEventListener('keydown', onKey)
        return () => document.removeEventListener('keydown', onKey)
    }, [toggle])
}

const toggled = (open: boolean) => !open

function Finder({ session }: { session: Session }) {
    const text = useText()
    const [isOpen, setOpen] = useState(false)
    const [toggle] = useState(() => () => setOpen(toggled))
    usePaletteKey(toggle)
    return (
        <>
            <button
                type="button" onClick={() => setOpen(true)} aria-keyshortcuts={isMac ? 'Meta+K' : 'Control+K'}
                className="flex h-8 cursor-pointer items-center gap-2 rounded-md px-2 text-sm text-ink-soft hover:bg-hover hover:text-ink sm:w-64 sm:border sm:border-line-strong sm:bg-surface pointer-coarse:h-10 max-sm:pointer-coarse:w-10 max-sm:justify-center"
            >
                <Search size={15} aria-hidden />
                <span className="max-sm:sr-only">{text('palette.open')}</span>
                <kbd aria-hidden className="ml-auto font-sans text-xs text-ink-faint max-sm:hidden">{isMac ? '⌘K' : 'Ctrl K'}</kbd>
            </button>
            <Palette session={session} isOpen={isOpen} onClose={() => setOpen(false)} />
        </>
    )
}

export function TopBar({ session }: { session: Session }) {
    return (
        <header className="sticky top-0 z-20 flex h-12 items-center gap-1 border-b border-line bg-surface px-3 sm:px-5 print:hidden">
            <div className="md:hidden"><Brand /></div>
            <div className="ml-auto flex min-w-0 items-center gap-1">
                <Finder session={session} />
                <Suspense fallback={null}><TopMenus session={session} /></Suspense>
            </div>
        </header>
    )
}
