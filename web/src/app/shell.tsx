import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { Ellipsis, PanelLeft } from 'lucide-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useSession } from '@/api/session'
import type { Session } from '@/api/schema'
import { IconButton } from '@/components/button'
import { useText } from '@/lib/i18n/text'
import { Brand } from './brand'
import { Connection } from './connection'
import { places, type Place } from './permissions'
import { TopBar } from './top-bar'

const RestMenu = lazy(() => import('./rest-menu'))

const railKey = 'mobilytics.rail'

function RailLink({ place, narrow }: { place: Place; narrow: boolean }) {
    const text = useText()
    const label = text(place.label)
    return (
        <Link
            to={place.to}
            activeOptions={{ exact: place.to === '/' }}
            title={narrow ? label : undefined}
            className="flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm text-ink-soft hover:bg-hover hover:text-ink data-[status=active]:bg-accent-wash data-[status=active]:font-medium data-[status=active]:text-accent-strong"
        >
            <place.icon size={16} aria-hidden className="shrink-0" />
            <span className={narrow ? 'sr-only' : 'truncate'}>{label}</span>
        </Link>
    )
}

function Rail({ session }: { session: Session }) {
    const text = useText()
    const [narrow, setNarrow] = useState(() => localStorage.getItem(railKey) === 'narrow')
    const toggle = () => {
        localStorage.setItem(railKey, narrow ? 'wide' : 'narrow')
        setNarrow(!narrow)
    }
    return (
        <nav
            aria-label={text('nav.label')}
            className={`sticky top-0 hidden h-dvh shrink-0 flex-col border-r border-line bg-sunken p-2 md:flex print:hidden ${narrow ? 'w-13' : 'w-52'}`}
        >
            <div className={`flex h-10 items-center pb-1 ${narrow ? 'justify-center' : 'justify-between pl-2.5'}`}>
                {!narrow && <Brand />}
                <IconButton label={text(narrow ? 'nav.widen' : 'nav.narrow')} onPress={toggle}>
                    <PanelLeft size={16} aria-hidden />
                </IconButton>
            </div>
            <ul className="flex flex-col gap-0.5 pt-1">
                {places.filter((place) => place.allowed(session)).map((place) => (
                    <li key={place.to}><RailLink place={place} narrow={narrow} /></li>
                ))}
            </ul>
        </nav>
    )
}

const tab = 'flex h-14 w-full flex-col items-center justify-center gap-0.5 px-1 text-[11px] text-ink-soft'
// More would be too narrow for a thumb; the rest lies behind the last one.
const tabs = 5

function BottomBar({ session }: { session: Session }) {
    const text = useText()
    const { pathname } = useLocation()
    const allowed = places.filter((place) => place.allowed(session))
    const shown = allowed.length > tabs ? allowed.slice(0, tabs - 1) : allowed
    const rest = allowed.slice(shown.length)
    const isInRest = rest.some(({ to }) => pathname.startsWith(to))
    const restClass = `${tab} ${isInRest ? 'text-accent-strong' : ''}`
    const restFace = <><Ellipsis size={18} aria-hidden />{text('nav.more')}</>
    return (
        <nav
            aria-label={text('nav.label')}
            className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface md:hidden print:hidden"
        >
            <ul className="flex px-1">
                {shown.map((place) => (
                    <li key={place.to} className="min-w-0 flex-1">
                        <Link
                            to={place.to}
                            activeOptions={{ exact: place.to === '/' }}
                            className={`${tab} data-[status=active]:text-accent-strong`}
                        >
                            <place.icon size={18} aria-hidden />
                            {text(place.label)}
                        </Link>
                    </li>
                ))}
                {rest.length > 0 && (
                    <li className="min-w-0 flex-1">
                        <Suspense fallback={<span aria-hidden className={restClass}>{restFace}</span>}>
                            <RestMenu places={rest} face={restFace} className={restClass} />
                        </Suspense>
                    </li>
                )}
            </ul>
        </nav>
    )
}

/** Where "/" goes: to the page's own search field, unless something is being typed. */
function useSearchKey() {
    useEffect(() => {
        const onKey = (event: KeyboardEvent) => {
            const target = event.target as HTMLElement
            if (event.key !== '/' || event.ctrlKey || event.metaKey || target.closest('input, textarea, [role=spinbutton]')) return
            const field = document.querySelector<HTMLInputElement>('[data-page-search]')
            if (!field) return
            event.preventDefault()
            field.focus()
        }
        document.addEventListener('keydown', onKey)
        return () => document.removeEventListener('keydown', onKey)
    }, [])
}

/** A new page takes the focus, so that the keyboard and the screen reader go on from there and not from the old link. */
function useFocusOnArrival() {
    const { pathname } = useLocation()
    const last = useRef(pathname)
    useEffect(() => {
        if (last.current === pathname) return
        last.current = pathname
        document.getElementById('content')?.focus({ preventScroll: true })
    }, [pathname])
}

export function Shell() {
    const text = useText()
    const session = useSession()
    useSearchKey()
    useFocusOnArrival()
    return (
        <div className="flex min-h-dvh">
            <a
                href="#content"
                className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
            >
                {text('nav.skip')}
            </a>
            <Rail session={session} />
            <div className="flex min-w-0 flex-1 flex-col">
                <TopBar session={session} />
                <Connection />
                <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
                    <Outlet />
                </main>
            </div>
            <BottomBar session={session} />
        </div>
    )
}
