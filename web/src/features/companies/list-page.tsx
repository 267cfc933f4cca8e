import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Building2, Plus } from 'lucide-react'
import { useMemo } from 'react'
import { staffMay, useSession } from '@/api/session'
import type { Company } from '@/api/schema'
import { LinkButton } from '@/components/button'
import { DataTable, type Column } from '@/components/data-table'
import { Drawer } from '@/components/drawer'
import { ListView } from '@/components/list-view'
import { Page } from '@/components/page'
import { Empty } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { CompanyDrawer } from './company-drawer'
import { NewCompany } from './new-company'
import { companiesQuery } from './queries'
import { CompanyState } from './state-chip'

function useColumns(): Column<Company>[] {
    const text = useText()
    const format = useFormat()
    return useMemo(() => [
        {
            id: 'name', header: text('companies.name'), value: (company) => company.name, wide: true,
            cell: (company) => <Link to="/companies" search={{ company: company.id }} className="hover:underline">{company.name}</Link>,
        },
        {
            id: 'state', header: text('companies.state'), value: (company) => company.state,
            cell: (company) => <CompanyState state={company.state} />,
        },
        { id: 'country', header: text('companies.country'), value: (company) => company.country },
        { id: 'zone', header: text('companies.zone'), value: (company) => company.zone },
        { id: 'floor', header: text('quality.floor'), value: (company) => company.privacy_floor, cell: (company) => format.exact(company.privacy_floor), numeric: true },
        { id: 'created', header: text('companies.created'), value: (company) => company.created_at, cell: (company) => format.dateTime(company.created_at, company.zone) },
    ], [text, format])
}

export function CompanyListPage() {
    const text = useText()
    const { open, company } = useSearch({ from: '/shell/companies' })
    const navigate = useNavigate({ from: '/companies' })
    const columns = useColumns()
    const query = useInfiniteQuery(companiesQuery)
    const mayCreate = staffMay(useSession(), 'companies.create')
    const create = mayCreate && (
        <LinkButton to="/companies" search={{ open: 'new' }} kind="primary"><Plus size={15} aria-hidden />{text('companies.new')}</LinkButton>
    )
    const close = () => void navigate({ search: {}, replace: true })
    return (
        <Page title={text('nav.companies')} action={create}>
            <div className="rounded-md border border-line bg-surface">
                <ListView query={query} empty={<Empty icon={Building2} title={text('companies.none')} detail={text('companies.none.detail')} action={create} />}>
                    {(items) => (
                        <DataTable
                            label={text('nav.companies')} columns={columns} rows={items} rowKey={(company) => company.id}
                            sort={{ id: 'name', desc: false }}
                        />
                    )}
                </ListView>
            </div>
            <Drawer title={text('companies.new')} isOpen={open === 'new' && mayCreate} onClose={close}>
                <NewCompany onClose={close} onMade={({ id }) => void navigate({ search: { company: id }, replace: true })} />
            </Drawer>
            <CompanyDrawer id={company} onClose={close} />
        </Page>
    )
}
