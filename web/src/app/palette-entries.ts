// What the command palette offers: pages, things to do, and what the server finds by name.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { CarFront, Languages, Megaphone, Plus, RadioTower, Signpost, SunMoon, type LucideIcon } from 'lucide-react'
import { oneQuery } from '@/api/queries'
import type { Session } from '@/api/schema'
import { can } from '@/api/session'
import { locales, useText, type MessageId } from '@/lib/i18n/text'
import { chooseLocale, languageNames } from '@/lib/locale-choice'
import { chooseTheme, themeChoices } from '@/lib/theme'
import { innerPlaces, mayUse, places } from './permissions'

export interface Entry { id: string; label: string; hint?: string; icon: LucideIcon; run: () => void }
export interface Group { id: string; title: string; entries: Entry[] }

const fold = (text: string) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
const matches = (label: string, typed: string) => fold(label).includes(fold(typed))

const news = [
    { to: '/campaigns', permission: 'campaigns.edit', label: 'campaigns.new' },
    { to: '/assets', permission: 'assets.edit', label: 'assets.new' },
    { to: '/devices', permission: 'devices.edit', label: 'devices.new' },
] as const satisfies { to: string; permission: string; label: MessageId }[]

function usePages(session: Session): Entry[] {
    const text = useText()
    const navigate = useNavigate()
    return [...places, ...innerPlaces].filter((place) => place.allowed(session)).map((place) => ({
        id: place.to, label: text(place.label), icon: place.icon, run: () => void navigate({ to: place.to }),
    }))
}

function useActions(session: Session): Entry[] {
    const text = useText()
    const navigate = useNavigate()
    return [
        ...news.filter(({ to, permission }) => mayUse(session, to) && can(session, permission)).map(({ to, label }) => ({
            id: label, label: text(label), icon: Plus, run: () => void navigate({ to, search: { open: 'new' } }),
        })),
        ...themeChoices.map((id) => ({
            id: `theme-${id}`, label: text('menu.theme', { name: text(`theme.${id}`) }), icon: SunMoon, run: () => chooseTheme(id),
        })),
        ...locales.map((id) => ({
            id, label: text('menu.language', { name: languageNames[id] }), icon: Languages, run: () => void chooseLocale(id),
        })),
    ]
}

const most = 5

/** Campaigns, assets and devices whose name holds what is typed; those that the role may not see are not asked for. */
function useFound(session: Session, q: string) {
    const text = useText()
    const navigate = useNavigate()
    const given = { query: { limit: most, ...(q ? { q } : {}) } }
    const asked = (place: string, wanted: boolean) => ({ enabled: wanted && mayUse(session, place), placeholderData: keepPreviousData })
    // Before anything is typed the newest campaigns are as good a guess as any.
    const campaigns = useQuery({ ...oneQuery('GET /v1/campaigns', given), ...asked('/campaigns', true) })
    const assets = useQuery({ ...oneQuery('GET /v1/assets', given), ...asked('/assets', q !== '') })
    const devices = useQuery({ ...oneQuery('GET /v1/devices', given), ...asked('/devices', q !== '') })
    const all = [campaigns, assets, devices]
    const groups: Group[] = [
        {
            id: 'campaigns', title: text('nav.campaigns'), entries: (campaigns.data?.items ?? []).map((one) => ({
                id: one.id, label: one.name, hint: text(`campaigns.state.${one.state}`), icon: Megaphone,
                run: () => void navigate({ to: '/campaigns/$campaignId', params: { campaignId: one.id } }),
            })),
        },
        {
            id: 'assets', title: text('nav.assets'), entries: (q ? assets.data?.items ?? [] : []).map((one) => ({
                id: one.id, label: one.name, hint: text(`assets.kind.${one.kind}`),
                icon: one.kind === 'vehicle' ? CarFront : Signpost,
                run: () => void navigate({ to: '/assets/$assetId', params: { assetId: one.id } }),
            })),
        },
        {
            id: 'devices', title: text('nav.devices'), entries: (q ? devices.data?.items ?? [] : []).map((one) => ({
                id: one.id, label: one.name || one.serial, hint: text(`devices.status.${one.status}`), icon: RadioTower,
                run: () => void navigate({ to: '/devices/$deviceId', params: { deviceId: one.id } }),
            })),
        },
    ]
    return { groups, isFetching: all.some((query) => query.isFetching), error: all.find((query) => query.error)?.error ?? null }
}

/** The groups for what is typed; `q` is the same text once the typing has paused. */
export function useEntries(session: Session, typed: string, q: string) {
    const text = useText()
    const pages = usePages(session).filter(({ label }) => matches(label, typed))
    const actions = useActions(session).filter(({ label }) => matches(label, typed))
    const found = useFound(session, q)
    const groups: Group[] = [
        { id: 'pages', title: text('palette.pages'), entries: pages },
        ...found.groups,
        { id: 'actions', title: text('palette.actions'), entries: actions },
    ]
    return { ...found, groups: groups.filter((group) => group.entries.length > 0) }
}
