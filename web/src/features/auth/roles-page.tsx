import { useQuery } from '@tanstack/react-query'
import { Check, Minus } from 'lucide-react'
import { oneQuery } from '@/api/queries'
import type { RoleCatalogue } from '@/api/schema'
import { Page, Panel } from '@/components/page'
import { SettingsNav } from '@/components/settings-nav'
import { Failure, Waiting } from '@/components/states'
import { isMessage, useText } from '@/lib/i18n/text'

const cell = 'border-t border-line px-3 py-2 text-left align-top'

interface Table { roles: { role: string; permissions: string[] }[]; permissions: RoleCatalogue['permissions'] }

/** `of` is where the words of its roles and permissions are: companies and staff have catalogues of their own. */
function RolesTable({ label, of, catalogue }: { label: string; of: '' | 'staff.'; catalogue: Table }) {
    const text = useText()
    const roleWord = (role: string) => {
        const id = of ? `staff.role.${role}` : `role.${role}`
        return isMessage(id) ? text(id) : role
    }
    return (
        // It scrolls on a phone, so the keyboard has to reach it; what is said for the ear alone has to scroll along.
        <div className="relative overflow-x-auto" role="region" aria-label={label} tabIndex={0}>
            <table className="w-full text-sm">
                <thead>
                    <tr>
                        <th scope="col" className="px-3 py-2 text-left font-medium">{text('roles.permission')}</th>
                        {catalogue.roles.map(({ role }) => (
                            <th key={role} scope="col" className="px-3 py-2 text-left font-medium">{roleWord(role)}</th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {catalogue.permissions.map(({ permission, sentence }) => {
                        const id = of ? `staff.permission.${permission}` : `permission.${permission}`
                        return (
                            <tr key={permission}>
                                <th scope="row" className={`${cell} min-w-52 font-normal`}>{isMessage(id) ? text(id) : sentence}</th>
                                {catalogue.roles.map(({ role, permissions }) => {
                                    const holds = permissions.includes(permission)
                                    const Icon = holds ? Check : Minus
                                    return (
                                        <td key={role} className={cell}>
                                            <Icon size={16} aria-hidden className={holds ? 'text-good' : 'text-ink-faint'} />
                                            <span className="sr-only">{text(holds ? 'state.yes' : 'state.no')}</span>
                                        </td>
                                    )
                                })}
                            </tr>
                        )
                    })}
                </tbody>
            </table>
        </div>
    )
}

export function RolesPage() {
    const text = useText()
    const { data, error, refetch } = useQuery(oneQuery('GET /v1/roles', {}))
    return (
        <Page title={text('roles.title')}>
            <SettingsNav />
            <div className="grid gap-3">
                <Panel title={text('roles.what')} note={text('roles.note')} flush>
                    {data ? <RolesTable label={text('roles.title')} of="" catalogue={data} />
                        : error ? <Failure error={error} retry={() => void refetch()} /> : <Waiting />}
                </Panel>
                {data?.staff && (
                    <Panel title={text('roles.staff')} note={text('roles.note')} flush>
                        <RolesTable label={text('roles.staff')} of="staff." catalogue={data.staff} />
                    </Panel>
                )}
            </div>
        </Page>
    )
}
