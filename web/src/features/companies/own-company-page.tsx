import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Company } from '@/api/schema'
import { useCan, useSession } from '@/api/session'
import { Facts, Page, Panel } from '@/components/page'
import { SettingsNav } from '@/components/settings-nav'
import { Failure, Waiting } from '@/components/states'
import { useLocale, useText } from '@/lib/i18n/text'
import { useSeen } from '@/lib/use-seen'
import { ParkedPolicy } from './parked-policy'
import { companyNow, companyQuery } from './queries'

/** A setting and, below it, what it is good for. */
function Explained({ value, what }: { value: ReactNode; what: string }) {
    return <>{value}<span className="block text-xs text-ink-soft">{what}</span></>
}

function Shown({ company }: { company: Company }) {
    const text = useText()
    const country = new Intl.DisplayNames(useLocale(), { type: 'region' }).of(company.country)
    const mayEdit = useCan('company.edit')
    const client = useQueryClient()
    const seen = useSeen(company, () => companyNow(client, company.id))
    return (
        <div className="grid gap-3">
            <Panel title={text('companies.about')} note={text('companies.by_staff')}>
                <Facts
                    items={[
                        [text('companies.name'), <Explained value={company.name} what={text('companies.name.what')} />],
                        [text('companies.zone'), <Explained value={company.zone} what={text('companies.zone.what')} />],
                        [text('companies.country'), <Explained value={country} what={text('companies.country.what')} />],
                        [text('quality.floor'), <Explained value={text('quality.floor.value', { count: company.privacy_floor })} what={text('companies.floor.what')} />],
                    ]}
                />
            </Panel>
            <Panel title={text('companies.parked')} note={text('companies.parked.note')}>
                <ParkedPolicy company={company} seen={seen} mayEdit={mayEdit} />
            </Panel>
        </div>
    )
}

/** The settings of the company that one works in. */
export function OwnCompanyPage() {
    const text = useText()
    const id = useSession().company?.id ?? ''
    const { data, error, refetch } = useQuery({ ...companyQuery(id), enabled: id !== '' })
    return (
        <Page title={text('nav.company')}>
            <SettingsNav />
            {data ? <Shown key={data.id} company={data} /> : error ? <Failure error={error} retry={() => void refetch()} /> : <Waiting />}
        </Page>
    )
}
