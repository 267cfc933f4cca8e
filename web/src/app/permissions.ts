// Which part of the product a role may use: the rail shows these and no others, and pages guard by the same list.
import {
    Building2, CarFront, Cog, Cpu, House, Map, Megaphone, RadioTower, ScrollText, Settings, Users, Webhook, type LucideIcon,
} from 'lucide-react'
import { can, staffMay } from '@/api/session'
import type { Session } from '@/api/schema'
import type { MessageId } from '@/lib/i18n/text'

export interface Place { to: string; label: MessageId; icon: LucideIcon; allowed: (session: Session) => boolean }

const any = (...permissions: string[]) => (session: Session) =>
    permissions.some((permission) => can(session, permission))
const inCompany = (allowed: (session: Session) => boolean) => (session: Session) =>
    session.company !== null && allowed(session)
const asStaff = (permission: string) => (session: Session) => staffMay(session, permission)

export const places: Place[] = [
    { to: '/', label: 'nav.home', icon: House, allowed: () => true },
    { to: '/campaigns', label: 'nav.campaigns', icon: Megaphone, allowed: inCompany(any('campaigns.read')) },
    { to: '/map', label: 'nav.map', icon: Map, allowed: inCompany(any('assets.read')) },
    { to: '/assets', label: 'nav.assets', icon: CarFront, allowed: inCompany(any('assets.read')) },
    { to: '/devices', label: 'nav.devices', icon: RadioTower, allowed: inCompany(any('devices.read')) },
    { to: '/companies', label: 'nav.companies', icon: Building2, allowed: asStaff('companies.read') },
    { to: '/people', label: 'nav.people', icon: Users, allowed: asStaff('people.read') },
    { to: '/jobs', label: 'nav.jobs', icon: Cog, allowed: asStaff('jobs.read') },
    { to: '/device-models', label: 'nav.device_models', icon: Cpu, allowed: asStaff('device_models.read') },
    { to: '/audit', label: 'nav.audit', icon: ScrollText, allowed: (session) => asStaff('audit.read')(session) || inCompany(any('audit.read'))(session) },
    { to: '/settings', label: 'nav.settings', icon: Settings, allowed: inCompany(any('members.read', 'members.manage', 'api_keys.manage', 'webhooks.read')) },
]

/** Pages below one of the rail; the palette offers them too. */
export const innerPlaces: Place[] = [
    { to: '/settings/company', label: 'nav.company', icon: Building2, allowed: inCompany(any('company.read')) },
    { to: '/settings/webhooks', label: 'webhooks.title', icon: Webhook, allowed: inCompany(any('webhooks.read')) },
]

export function mayUse(session: Session, to: string): boolean {
    return [...places, ...innerPlaces].find((place) => place.to === to)?.allowed(session) ?? false
}
