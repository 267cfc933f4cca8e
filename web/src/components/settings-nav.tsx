import { Link } from '@tanstack/react-router'
import { can, useSession } from '@/api/session'
import { useText, type MessageId } from '@/lib/i18n/text'

const seesPeople = ['members.read', 'members.manage', 'api_keys.manage']

/** The pages of settings: one's own, then the company's. */
export function SettingsNav() {
    const text = useText()
    const session = useSession()
    const inCompany = session.company !== null && can(session, 'company.read')
    const pages: [to: string, label: MessageId, shown: boolean][] = [
        ['/settings/profile', 'profile.title', true],
        ['/settings/security', 'security.title', true],
        ['/settings/notifications', 'notices.title', true],
        ['/settings/company', 'nav.company', inCompany],
        ['/settings', 'settings.people', inCompany && seesPeople.some((permission) => can(session, permission))],
        ['/settings/roles', 'roles.title', inCompany || session.staff],
    ]
    return (
        <nav aria-label={text('nav.settings')} className="-mx-1 mb-3 overflow-x-auto print:hidden">
            <ul className="flex min-w-max gap-0.5">
                {pages.filter(([, , shown]) => shown).map(([to, label]) => (
                    <li key={to}>
                        <Link
                            to={to} activeOptions={{ exact: true, includeSearch: false }}
                            className="inline-flex h-8 items-center rounded-md px-2.5 text-sm text-ink-soft hover:bg-hover hover:text-ink data-[status=active]:bg-accent-wash data-[status=active]:font-medium data-[status=active]:text-accent-strong pointer-coarse:h-10"
                        >
                            {text(label)}
                        </Link>
                    </li>
                ))}
            </ul>
        </nav>
    )
}
