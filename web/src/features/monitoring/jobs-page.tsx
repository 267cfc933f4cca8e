import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { CircleCheck, X } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import { itemsOf } from '@/api/queries'
import { jobStates, type Job } from '@/api/schema'
import { Button } from '@/components/button'
import { DataTable, type Column } from '@/components/data-table'
import { ChipFilter } from '@/components/filters'
import { ListView } from '@/components/list-view'
import { Page, Panel } from '@/components/page'
import { Empty, NoneMatch } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { useNow } from '@/lib/use-now'
import { AlertsPanel, PastAlertsPanel } from './alerts-panel'
import { ChecksPanel } from './checks-panel'
import { JobDrawer } from './job-drawer'
import { KindsPanel } from './kinds-panel'
import { companiesQuery, jobsQuery } from './queries'
import { JobStateChip } from './state-chip'

/** Companies by name; by id, where the name has not come. */
function useCompanyName() {
    const text = useText()
    const query = useInfiniteQuery(companiesQuery)
    const names = useMemo(() => new Map(itemsOf(query.data)?.map((company) => [company.id, company.name])), [query.data])
    return useCallback((id: string | null) => (id === null ? text('jobs.company.none') : names.get(id) ?? id), [names, text])
}

function useColumns(companyName: (id: string | null) => string): Column<Job>[] {
    const text = useText()
    const format = useFormat()
    const now = useNow(10_000)
    return useMemo(() => [
        {
            id: 'kind', header: text('jobs.kind'), value: (job) => job.kind, wide: true,
            cell: (job) => (
                <Link to="/jobs" search={(search: object) => ({ ...search, job: job.id })} className="hover:underline">{job.kind}</Link>
            ),
        },
        { id: 'state', header: text('jobs.state'), value: (job) => jobStates.indexOf(job.state), cell: (job) => <JobStateChip state={job.state} /> },
        { id: 'company', header: text('jobs.company'), value: (job) => companyName(job.company_id) },
        { id: 'attempts', header: text('jobs.attempts'), value: (job) => job.attempts, cell: (job) => `${format.exact(job.attempts)} / ${format.exact(job.max_attempts)}`, numeric: true },
        { id: 'enqueued', header: text('jobs.enqueued'), value: (job) => job.enqueued_at, cell: (job) => <span title={format.dateTime(job.enqueued_at, 'UTC')}>{format.relative(job.enqueued_at, now)}</span> },
        { id: 'error', header: text('jobs.error'), value: (job) => job.error, cell: (job) => job.error && <code className="font-normal">{job.error}</code> },
    ], [text, format, now, companyName])
}

function JobsPanel({ companyName }: { companyName: (id: string | null) => string }) {
    const text = useText()
    const { state, kind } = useSearch({ from: '/shell/jobs' })
    const navigate = useNavigate({ from: '/jobs' })
    const columns = useColumns(companyName)
    const query = useInfiniteQuery({ ...jobsQuery(state, kind), placeholderData: keepPreviousData, refetchInterval: 10_000 })
    const search = (change: object) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true })
    const tools = (
        <>
            {kind && (
                <Button onPress={() => search({ kind: undefined })} aria-label={text('jobs.all_kinds', { kind })}>
                    {kind}<X size={14} aria-hidden />
                </Button>
            )}
            <ChipFilter
                label={text('jobs.state')} value={state} onChange={(next) => search({ state: next })}
                choices={[{ id: undefined, label: text('filter.all') }, ...jobStates.map((id) => ({ id, label: text(`jobs.state.${id}`) }))]}
            />
        </>
    )
    return (
        <Panel title={text('jobs.title')} note={text('jobs.note')} tools={tools} flush>
            <ListView
                query={query}
                empty={state || kind
                    ? <NoneMatch onClear={() => search({ state: undefined, kind: undefined })} />
                    : <Empty icon={CircleCheck} title={text('jobs.none')} detail={text('jobs.none.detail')} />}
            >
                {(items) => <DataTable label={text('jobs.title')} columns={columns} rows={items} rowKey={(job) => job.id} sort={{ id: 'enqueued', desc: true }} />}
            </ListView>
        </Panel>
    )
}

export function JobsPage() {
    const text = useText()
    const { kind, job } = useSearch({ from: '/shell/jobs' })
    const navigate = useNavigate({ from: '/jobs' })
    const companyName = useCompanyName()
    const search = (change: object) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true })
    return (
        <Page title={text('nav.jobs')}>
            <div className="flex flex-col gap-4">
                <AlertsPanel />
                <KindsPanel chosen={kind} />
                <JobsPanel companyName={companyName} />
                <PastAlertsPanel />
                <ChecksPanel />
            </div>
            <JobDrawer id={job} companyName={companyName} onClose={() => search({ job: undefined })} />
        </Page>
    )
}
